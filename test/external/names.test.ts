import { describe, expect, it } from "vitest";
import {
  isPublicAddress,
  publicLookup,
  refusePrivateHost,
} from "../../src/external/registry/addresses.ts";
import { parseChallenges } from "../../src/external/registry/challenge.ts";
import { credentialsFor } from "../../src/external/registry/credentials.ts";
import { RegistryFailure } from "../../src/external/registry/failure.ts";
import { nameOf, originsOf } from "../../src/external/registry/origins.ts";
import { isSameSite, tokenUrl } from "../../src/external/registry/realm.ts";

const base64 = (text: string): string => Buffer.from(text).toString("base64");
const config = (auths: object): string => JSON.stringify({ auths });

describe("an image's registry and name", () => {
  const { baseOf } = originsOf({
    registries: undefined,
    insecure: ["registry.local:5000"],
    tokenHosts: [],
  });
  it.each([
    ["nginx", "https://registry-1.docker.io/", "library/nginx"],
    ["team/app", "https://registry-1.docker.io/", "team/app"],
    ["docker.io/nginx", "https://registry-1.docker.io/", "library/nginx"],
    ["docker.io/team/app", "https://registry-1.docker.io/", "team/app"],
    ["ghcr.io/team/app", "https://ghcr.io/", "team/app"],
    ["Registry.Example.com/app", "https://registry.example.com/", "app"],
    ["registry.example.com:5000/a/b/c", "https://registry.example.com:5000/", "a/b/c"],
    ["registry.local:5000/app", "http://registry.local:5000/", "app"],
    ["registry.local/app", "https://registry.local/", "app"],
    ["localhost/app", "https://localhost/", "app"],
  ])("of %s are %s and %s", (repository, base, name) => {
    expect([baseOf(repository)?.href, nameOf(repository)]).toEqual([base, name]);
  });

  it("are none when the port is none", () => {
    expect(baseOf("registry.example.com:99999/app")).toBeUndefined();
  });

  it("are trusted by origin, and an unreadable entry names nothing", () => {
    const { isNamed, isAllowed } = originsOf({
      registries: ["registry.example.com", "what/ever?", "a b"],
      insecure: ["registry.local:5000"],
      tokenHosts: ["auth.example.org:443"],
    });
    const named = (url: string): boolean => isNamed(new URL(url));
    expect(named("https://registry.example.com/v2/")).toBe(true);
    expect(named("https://auth.example.org/")).toBe(true);
    expect(named("http://registry.example.com/")).toBe(false);
    expect(named("https://registry.example.com:8443/")).toBe(false);
    expect(named("https://registry.example.com.evil.example/")).toBe(false);
    expect(isAllowed(new URL("http://registry.local:5000/"))).toBe(true);
    expect(isAllowed(new URL("http://registry.local/"))).toBe(false);
    expect(isAllowed(new URL("https://me:secret@registry.example.com/"))).toBe(false);
  });
});

describe("an address", () => {
  it.each(["93.184.216.34", "8.8.8.8", "2606:4700::1111", "2a00:1450:4001::1"])(
    "%s is public",
    (address) => expect(isPublicAddress(address)).toBe(true),
  );
  it.each([
    "127.0.0.1",
    "127.255.0.9",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "2001::1",
    "fe80::1",
    "fe80::1%eth0",
    "fd00::1",
    "ff02::1",
    "example.com",
    "",
  ])("%j is not", (address) => expect(isPublicAddress(address)).toBe(false));

  it("that stands in a URL is checked, however it is written", () => {
    for (const host of ["127.0.0.1", "0x7f000001", "2130706433", "017700000001", "[::1]"]) {
      expect(() => refusePrivateHost(new URL(`https://${host}/`)), host).toThrow(RegistryFailure);
    }
    expect(() => refusePrivateHost(new URL("https://8.8.8.8/"))).not.toThrow();
    expect(() => refusePrivateHost(new URL("https://example.com/"))).not.toThrow();
  });

  it.each<[name: string, addresses: readonly string[], isLookedUp: boolean]>([
    ["of public addresses only", ["8.8.8.8", "2606:4700::1111"], true],
    ["with one private address among them", ["8.8.8.8", "10.0.0.1"], false],
    ["of no address", [], false],
  ])("of a name %s: %j -> %j", async (_name, addresses, isLookedUp) => {
    const lookup = publicLookup((_host, _options, callback) =>
      callback(
        null,
        addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
      ),
    );
    for (const all of [true, false]) {
      const answer = await new Promise((resolve) =>
        lookup("example.com", { all }, (error, address) => resolve(error ?? address)),
      );
      expect(answer instanceof RegistryFailure).toBe(!isLookedUp);
    }
  });
});

describe("a login for", () => {
  const login = { auth: base64("puller:pass:word") };
  it.each([
    ["registry.example.com/team/app", "registry.example.com"],
    ["registry.example.com/team/app", "https://registry.example.com"],
    ["registry.example.com/team/app", "https://registry.example.com/v2/"],
    ["registry.example.com/team/app", "REGISTRY.example.com/team"],
    ["registry.example.com/team/app", "registry.example.com/team/app"],
    ["registry.example.com:5000/app", "registry.example.com:5000"],
    ["nginx", "https://index.docker.io/v1/"],
    ["team/app", "docker.io"],
  ])("%s is the one of %s", (repository, key) => {
    const logins = credentialsFor(repository, [config({ [key]: login })]);
    expect(logins).toEqual([login.auth]);
  });

  it.each([
    ["registry.example.com/team/app", "example.com"],
    ["registry.example.com/team/app", "registry.example.com:5000"],
    ["registry.example.com/team/app", "registry.example.com/te"],
    ["registry.example.com/team/app", "registry.example.com.evil.example"],
    ["registry.example.com.evil.example/app", "registry.example.com"],
    ["registry.example.com/team/app", "*.example.com"],
    ["registry.example.com/team/app", ""],
    ["nginx", "registry.example.com"],
  ])("%s is not the one of %s", (repository, key) => {
    expect(credentialsFor(repository, [config({ [key]: login })])).toEqual([]);
  });

  it("a repository is the most specific one first, each once", () => {
    const auths = {
      "registry.example.com": { username: "all", password: "1" },
      "registry.example.com/team": { username: "team", password: "2" },
    };
    const all = credentialsFor("registry.example.com/team/app", [config(auths), config(auths)]);
    expect(all).toEqual([base64("team:2"), base64("all:1")]);
  });

  it.each<[name: string, text: string]>([
    ["no JSON", "{"],
    ["a list", "[]"],
    ["no auths", "{}"],
    ["auths that are a text", '{"auths":"x"}'],
    ["an entry that is null", '{"auths":{"registry.example.com":null}}'],
    ["an auth that is no login", '{"auths":{"registry.example.com":{"auth":"eA=="}}}'],
    ["a number as password", '{"auths":{"registry.example.com":{"username":"a","password":1}}}'],
  ])("nobody is in %s", (_name, text) => {
    expect(credentialsFor("registry.example.com/app", [text])).toEqual([]);
  });
});

describe("a challenge", () => {
  const read = (header: string): unknown =>
    parseChallenges(header).map(({ scheme, parameters }) => [scheme, ...parameters]);
  it.each<[header: string, challenges: unknown]>([
    ['Basic realm="a, b"', [["basic", ["realm", "a, b"]]]],
    ["BEARER Realm=x", [["bearer", ["realm", "x"]]]],
    [
      'Bearer realm="https://a/t",service="r",scope="repository:x:pull,push"',
      [["bearer", ["realm", "https://a/t"], ["service", "r"], ["scope", "repository:x:pull,push"]]],
    ],
    [
      'Basic realm="x", Bearer realm="y"',
      [
        ["basic", ["realm", "x"]],
        ["bearer", ["realm", "y"]],
      ],
    ],
    ['Bearer realm="a\\"b"', [["bearer", ["realm", 'a"b']]]],
    ["Negotiate", [["negotiate"]]],
    ['realm="x"', []],
    ['Bearer realm="open', [["bearer"], ["realm"]]],
    ["", []],
    ["x".repeat(5_000), []],
  ])("%j is read", (header, challenges) => expect(read(header)).toEqual(challenges));
});

describe("a token server", () => {
  const origins = originsOf({
    registries: ["registry.example.com"],
    insecure: ["registry.local:5000"],
    tokenHosts: ["login.example.org"],
  });
  const urlFor = (realm: string, registry = "https://registry.example.com/", service = "r") =>
    tokenUrl(
      {
        scheme: "bearer",
        parameters: new Map([
          ["realm", realm],
          ["service", service],
        ]),
      },
      { registry: new URL(registry), name: "team/app", origins },
    )?.href;

  it("is asked for the right to read one repository", () => {
    expect(urlFor("https://auth.example.com/token?account=x&scope=everything")).toBe(
      "https://auth.example.com/token?account=x&scope=repository%3Ateam%2Fapp%3Apull&service=r",
    );
    expect(urlFor("https://auth.example.com/t", undefined, "s".repeat(300))).not.toContain("ss");
  });

  it.each([
    ["https://login.example.org/t", "https://registry.example.com/"],
    ["http://registry.local:5000/t", "http://registry.local:5000/"],
    ["https://auth.docker.io/token", "https://registry-1.docker.io/"],
  ])("%s may serve %s", (realm, registry) => expect(urlFor(realm, registry)).toBeDefined());

  it.each([
    "http://auth.example.com/t",
    "https://example.org/t",
    "https://me@auth.example.com/t",
    "https://169.254.169.254/t",
    "javascript:1",
    "/token",
    "",
  ])("%j may not", (realm) => expect(urlFor(realm)).toBeUndefined());

  it.each([
    ["ghcr.io", "ghcr.io", true],
    ["registry-1.docker.io", "auth.docker.io", true],
    ["registry.example.co.uk", "auth.example.co.uk", true],
    ["evil.co.uk", "auth.example.co.uk", false],
    ["a.co.uk", "b.co.uk", false],
    ["10.0.0.1", "10.0.0.2", false],
    ["1.0.0.1", "2.0.0.1", false],
    ["localhost", "localhost", true],
    ["localhost", "otherhost", false],
    ["io", "docker.io", false],
  ])("%s and %s are of one site: %j", (left, right, same) => {
    expect(isSameSite(left, right)).toBe(same);
  });
});

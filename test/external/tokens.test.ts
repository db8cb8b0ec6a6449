import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openRegistry, pullSecret, type Settings } from "./setup.ts";
import { digestOf, guarded, json, manifest, StandIn } from "./stand-in.ts";

const token = "a.very-secret.token";
const password = "hunter2-hunter2";
const basic = `Basic ${Buffer.from(`puller:${password}`).toString("base64")}`;

/** https://distribution.github.io/distribution/spec/auth/token/ */
describe("a registry that wants a token", () => {
  let registry: StandIn;
  let edge: ReturnType<typeof openRegistry>;
  const open = (settings: Settings = {}): void => {
    edge = openRegistry({
      insecure: [registry.host],
      pullSecrets: () => Promise.resolve([pullSecret(registry.host, "puller", password)]),
      ...settings,
    });
  };
  beforeEach(async () => {
    registry = await new StandIn().start();
    wantToken(`${registry.origin}/token`);
    open();
  });
  afterEach(async () => {
    await edge.close();
    await registry.stop();
  });
  const look = (tag = "2017") => edge.tag(`${registry.host}/demo/app`, tag);
  const found = { state: "found", digest: digestOf(manifest) };
  const locked = {
    state: "unknown",
    code: "image-unauthorized",
    why: "does not let docc see the image",
  };

  function wantToken(realm: string): void {
    const challenge = `Bearer realm="${realm}",service="registry",scope="repository:demo/app:pull,push"`;
    for (const method of ["HEAD", "GET /v2/"]) {
      registry.faults.set(method, guarded(`Bearer ${token}`, challenge));
    }
    registry.faults.set("GET /token", (request, response) =>
      request.headers.authorization === basic
        ? json(response, { token, expires_in: 300 })
        : json(response, { errors: [] }, 401),
    );
  }

  it("gets one by the pull secret's login, for reading alone, and for several looks", async () => {
    expect(await look()).toEqual(found);
    expect(await look("2018")).toEqual(found);
    expect(registry.seen).toEqual([
      { line: "HEAD /v2/demo/app/manifests/2017", authorization: undefined },
      {
        line: "GET /token?service=registry&scope=repository%3Ademo%2Fapp%3Apull",
        authorization: basic,
      },
      { line: "HEAD /v2/demo/app/manifests/2017", authorization: `Bearer ${token}` },
      { line: "HEAD /v2/demo/app/manifests/2018", authorization: `Bearer ${token}` },
    ]);
  });

  it("gets a new one when the old one has ended, as the registry says so or time does", async () => {
    await edge.close();
    let now = 0;
    open({ clock: { now: () => now, after: () => () => undefined } });
    await look();
    now = 295_000;
    await look();
    expect(registry.lines.filter((line) => line.startsWith("GET /token"))).toHaveLength(2);
    registry.faults.set("HEAD", guarded("Bearer other", `Bearer realm="${registry.origin}/token"`));
    expect(await look("2016")).toEqual(locked);
  });

  it("gives one to everybody for a public image", async () => {
    await edge.close();
    open({ pullSecrets: () => Promise.resolve([]) });
    registry.faults.set("GET /token", (_request, response) =>
      json(response, { access_token: token }),
    );
    expect(await look()).toEqual(found);
  });

  it("lets docc in without a login when the pull secret's is refused", async () => {
    registry.faults.set("GET /token", (request, response) =>
      request.headers.authorization === undefined
        ? json(response, { token })
        : json(response, {}, 403),
    );
    expect(await look()).toEqual(found);
  });

  it("lists tags with the same token", async () => {
    expect(await look("2081")).toMatchObject({ nearest: ["2018", "2017", "2016"] });
    expect(registry.lines.filter((line) => line.startsWith("GET /token"))).toHaveLength(1);
  });

  it("does not see the login at another place than its own", async () => {
    const thief = await new StandIn().start();
    const realms = [
      `${thief.origin}/token`,
      "https://token.example.com/token",
      `http://puller:secret@${registry.host}/token`,
      "file:///etc/passwd",
      "",
    ];
    for (const realm of realms) {
      wantToken(realm);
      expect([realm, await look()]).toEqual([realm, locked]);
    }
    expect(thief.seen).toEqual([]);
    expect(registry.lines.filter((line) => line.startsWith("GET /token"))).toEqual([]);
    await thief.stop();
  });

  it("gets tokens from a host that the operator names", async () => {
    const issuer = await new StandIn().start();
    issuer.faults.set("GET /token", (_request, response) => json(response, { token }));
    await edge.close();
    open({ insecure: [registry.host, issuer.host], tokenHosts: [issuer.host] });
    wantToken(`${issuer.origin}/token`);
    expect(await look()).toEqual(found);
    await issuer.stop();
  });

  it("does not send the login on where the token server redirects to", async () => {
    const thief = await new StandIn().start();
    thief.faults.set("GET", (_request, response) => json(response, { token }));
    await edge.close();
    open({ insecure: [registry.host, thief.host] });
    registry.faults.set("GET /token", (_request, response) =>
      response.writeHead(302, { location: `${thief.origin}/token` }).end(),
    );
    expect(await look()).toEqual(found);
    expect(thief.seen.map(({ authorization }) => authorization)).toEqual([undefined]);
    await thief.stop();
  });

  it("does not get docc's login where it redirects to", async () => {
    const thief = await new StandIn().start();
    thief.faults.set("", guarded(basic, `Basic realm="x"`));
    await edge.close();
    open({ insecure: [registry.host, thief.host] });
    registry.faults.set("HEAD", (request, response) =>
      response.writeHead(307, { location: `${thief.origin}${request.url ?? ""}` }).end(),
    );
    expect(await look()).toEqual(locked);
    expect(thief.seen.map(({ authorization }) => authorization)).toEqual([undefined]);
    await thief.stop();
  });

  it.each<[name: string, body: unknown]>([
    ["none", {}],
    ["a number", { token: 1 }],
    ["one that splits a header", { token: "a\r\nx-evil: 1" }],
    ["an enormous one", { token: "x".repeat(17_000) }],
    ["something that is no object", "token"],
  ])("is unavailable when the token is %s", async (_name, body) => {
    registry.faults.set("GET /token", (_request, response) => json(response, body));
    expect(await look()).toEqual({
      state: "unknown",
      code: "registry-unavailable",
      why: "gives no token that docc understands",
    });
  });

  it.each(["", "Bearer", "Digest realm=x", `Bearer ${"x,".repeat(3_000)}`, '"', "Basic"])(
    "is not let in by the challenge %j",
    async (challenge) => {
      await edge.close();
      open({ pullSecrets: () => Promise.resolve([]) });
      registry.faults.set("HEAD", (_request, response) =>
        response.writeHead(401, { "www-authenticate": challenge }).end(),
      );
      expect(await look()).toEqual(locked);
    },
  );

  it("never shows a login or a token in what it answers or reports", async () => {
    registry.faults.set("HEAD", guarded("Bearer other", `Bearer realm="${registry.origin}/token"`));
    const answers = [await look(), await look("2081")];
    registry.faults.set("GET /token", (_request, response) => response.writeHead(500).end(token));
    answers.push(await look("2016"));
    const said = JSON.stringify([answers, edge.errors]);
    expect(said).not.toContain(token);
    expect(said).not.toContain(password);
  });
});

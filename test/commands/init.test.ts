import { describe, expect, it } from "vitest";
import { parseManifest } from "../../src/manifest/parse.ts";
import { defaultPlatform as platform } from "../../src/manifest/platform.ts";
import { application, say, worldOf } from "./ports.ts";

const image = "image=registry.example.com/team/shop:1.0";

async function written(words: string): Promise<unknown> {
  const { answer } = await say(`${words} write=true`, worldOf());
  expect(answer.reason, JSON.stringify(answer)).toBeUndefined();
  return JSON.parse(answer.snippet?.text ?? "");
}

async function wrong(words: string): Promise<unknown> {
  const { answer } = await say(`${words} write=true`, worldOf());
  expect(answer).toMatchObject({ reason: "bad-input" });
  expect(answer).not.toHaveProperty("snippet");
  return answer.wrong;
}

describe("init asks", () => {
  it("for what a manifest says, with the asker as its maintainer", async () => {
    const { answer } = await say("init", worldOf());
    const fields = answer.ask?.fields ?? [];
    expect(fields.map(({ name, value }) => `${name} ${value ?? ""}`.trim())).toEqual([
      "app",
      "image",
      "port",
      "scheme none",
      "hosts",
      "scale 2",
      "memory",
      "maintainer U0DEVELOPER",
    ]);
    expect(answer.ask).toMatchObject({ words: "init in=staging", adds: "write=true in=staging" });
  });

  it("with what was typed in its place, whatever it is", async () => {
    const { answer } = await say('init Shop image="a b" scale=many in=production', worldOf());
    const values = answer.ask?.fields.map(({ name, value }) => [name, value]) ?? [];
    expect(Object.fromEntries(values)).toMatchObject({ app: "Shop", image: "a b", scale: "many" });
    expect(answer.ask?.words).toBe('init app=Shop image="a b" scale=many in=production');
  });
});

describe("init writes", () => {
  it("a manifest that docc takes, as a text, a file and a filled form", async () => {
    const world = worldOf();
    const { answer } = await say(
      `init shop ${image} port=8080 scheme=https hosts="a.example.com, b.example.com" scale=3 memory=1Gi maintainer=shop@example.com write=true`,
      world,
    );
    const text = answer.snippet?.file?.text ?? "";
    expect(parseManifest(text, { platform }).findings).toEqual([]);
    expect(JSON.parse(text)).toEqual({
      $schema: "./manifest.schema.json",
      application: "shop",
      maintainer: "shop@example.com",
      scale: 3,
      containers: {
        shop: {
          image: "registry.example.com/team/shop",
          image_tag: "1.0",
          ports: [8080],
          health: { tcp: 8080 },
          memory: "1Gi",
        },
      },
      ingresses: {
        shop: { scheme: "https", container_port: 8080, hosts: ["a.example.com", "b.example.com"] },
      },
      auto_tls: true,
    });
    expect(answer.snippet?.file).toMatchObject({ name: "manifest.json", isWanted: true });
    expect(answer.form).toEqual({
      command: "deploy",
      app: "shop",
      environment: "staging",
      text,
      open: false,
    });
    expect(world.stored.size).toBe(0);
  });

  it("no ports for what listens on none, and nothing around it", async () => {
    const manifest = await written(`init worker ${image}`);
    expect(manifest).not.toHaveProperty("ingresses");
    expect(manifest).toMatchObject({ maintainer: "U0DEVELOPER", scale: 2 });
    expect(manifest).not.toHaveProperty("containers.worker.ports");
    expect(manifest).not.toHaveProperty("containers.worker.health");
  });

  it("the digest in the place of a tag", async () => {
    const digest = `sha256:${"a".repeat(64)}`;
    const manifest = await written(`init shop image=registry.example.com/shop@${digest} port=80`);
    expect(manifest).toMatchObject({ containers: { shop: { image_digest: digest } } });
    expect(manifest).not.toHaveProperty("containers.shop.image_tag");
  });

  it("and says what it would replace, and what it warns of", async () => {
    const world = worldOf({ apps: [application("shop", "staging")] });
    const { answer } = await say(
      `init shop ${image.replace("1.0", "latest")} port=80 write=true`,
      world,
    );
    expect(answer.lines).toContain("docc runs shop in staging already: this would replace it.");
    expect(answer.findings).toMatchObject([{ code: "mutable-tag" }]);
  });
});

describe("init of a team", () => {
  it("keeps what the form does not ask", async () => {
    const { answer } = await say("init shop team=payments", worldOf());
    expect(answer.ask?.fields.map(({ name }) => name)).not.toContain("team");
    expect(answer.ask?.adds).toBe("write=true team=payments in=staging");
  });

  it("writes it, or says under its name what will not do", async () => {
    expect(await written(`init shop ${image} team=payments`)).toMatchObject({ team: "payments" });
    expect(await wrong(`init shop ${image} team=-`)).toEqual({
      team: expect.stringContaining("cannot name a team") as string,
    });
  });
});

describe("init refuses", () => {
  it("what is missing, each under its own name", async () => {
    expect(await wrong("init scheme=http hosts=shop.example.com")).toEqual({
      app: "Give it a name.",
      image: "Say which image it runs, with its tag.",
      port: "Who is reached from outside listens on a port: say which.",
    });
    expect(await wrong("init shop image=registry.example.com/shop hosts=a.example.com")).toEqual({
      image: "The tag is missing: registry.example.com/shop:1.0, for example.",
      hosts: "A host name leads nowhere while it is not reached from outside.",
    });
    expect(await wrong(`init shop ${image} port=80 scheme=ftp`)).toEqual({
      scheme: "Choose none, http, https or tls.",
    });
  });

  it("what the manifest's own rules refuse, in their words", async () => {
    expect(
      await wrong(
        `init Shop_1 ${image.replace("registry", "https://registry")} port=web scheme=http hosts=nobody scale=1000 memory=lots maintainer=@me`,
      ),
    ).toMatchInlineSnapshot(`
      {
        "app": ""Shop_1" cannot name an application. Use lower-case letters, digits and hyphens, at most 50, with a letter first and no hyphen last.",
        "hosts": ""nobody" is no host name. Write it like shop.example.com.",
        "image": ""https://registry.example.com/team/shop" is not a repository. Leave out the scheme: registry.example.com/team/app.",
        "maintainer": ""@me" is no e-mail address and no Slack id. Names can be forged: give the id, like U0123456789; Slack shows it under Copy member ID.",
        "memory": ""lots" is no amount of memory. Give an amount with its unit, from "4Mi" to "64Ti".",
        "port": "A port is a number from 1 to 65535.",
        "scale": "A scale of 1000 is more than this platform allows. Give 20 at most, or ask the operator.",
      }
    `);
  });

  it("in lines for who typed it", async () => {
    const { answer } = await say(`init shop ${image} scale=0.5 write=true`, worldOf());
    expect([answer.text, ...(answer.lines ?? [])].join("\n")).toMatchInlineSnapshot(`
      "Not written: 1 answer will not do.
      scale=: Copies are a whole number."
    `);
  });
});

import { describe, expect, it } from "vitest";
import { application, manifest, say, worldOf } from "./ports.ts";

type World = NonNullable<Parameters<typeof worldOf>[0]>;

/** The app as it is applied, with this in its manifest. */
function worldWith(more: object, world: World = {}): ReturnType<typeof worldOf> {
  const app = application("kubecon-2017", "staging");
  const text = JSON.stringify({ ...manifest, ...more });
  const applied = { release: "kubecon-2017-0", revision: 8, manifest: text };
  const status = { nextRevision: 9, inventory: [], applied };
  return worldOf({ apps: [{ ...app, status }], ...world });
}

async function hear(typed: string, world: ReturnType<typeof worldOf>): Promise<string> {
  const { text, lines = [], links = [], reason } = (await say(typed, world)).answer;
  return [
    text,
    ...lines,
    ...links.map((link) => `[${link.text}] ${link.url}`),
    ...(reason === undefined ? [] : [`(${reason})`]),
  ].join("\n");
}

const web = { scheme: "https", container_port: 8080 };
const links = {
  dashboard: "https://grafana.example.com/d/{app}?v={to}",
  repo: "https://git.example.com/shop",
  compare: "https://git.example.com/shop/compare/{from}...{to}",
};
const operators = {
  dashboard: "https://grafana.example.com/operators",
  logs: "https://logs.example.com/{namespace}/{app}?env={environment}",
};

describe("open", () => {
  it("gives the app's address, its manifest's links, and the operator's", async () => {
    const world = worldWith({ ingresses: { "kubecon-2017": web }, links }, { links: operators });
    expect(await hear("open kubecon-2017", world)).toMatchInlineSnapshot(`
      "Links of kubecon-2017 in staging.
      [url] https://kubecon-2017.example.com
      [dashboard] https://grafana.example.com/d/kubecon-2017?v=2017
      [logs] https://logs.example.com/default/kubecon-2017?env=staging
      [repo] https://git.example.com/shop"
    `);
  });

  it("gives the one that is named, however a phone writes it", async () => {
    const world = worldWith({ links });
    expect(await hear("open kubecon-2017 Repo", world)).toMatchInlineSnapshot(`
      "The link repo of kubecon-2017 in staging.
      [repo] https://git.example.com/shop"
    `);
  });

  it("gives every address by the name url, each with its own words", async () => {
    const ingresses = { a: { ...web, scheme: "http" }, b: { ...web, path: "/admin" } };
    expect(await hear("open kubecon-2017 url", worldWith({ ingresses }))).toMatchInlineSnapshot(`
      "The addresses url of kubecon-2017 in staging.
      [kubecon-2017-a.example.com] http://kubecon-2017-a.example.com
      [kubecon-2017-b.example.com/admin] https://kubecon-2017-b.example.com/admin"
    `);
  });

  it("says what there is instead of a name that is not there", async () => {
    expect(await hear("open kubecon-2017 dashbord", worldWith({ links }))).toMatchInlineSnapshot(`
      "kubecon-2017 in staging has no link "dashbord", only dashboard, repo.
      Did you mean dashboard?
      (not-found)"
    `);
    expect(await hear("open kubecon-2017 <!channel>", worldWith({}))).toMatchInlineSnapshot(`
      "kubecon-2017 in staging has no link "<!channel>", no links at all.
      (not-found)"
    `);
  });

  it("says that there are none", async () => {
    expect(await hear("open kubecon-2017", worldWith({}))).toMatchInlineSnapshot(
      `"kubecon-2017 in staging has no address and no links; its manifest may name some under links."`,
    );
  });

  it("needs an app that there is", async () => {
    expect(await hear("open kubecon-2071", worldWith({}))).toMatchInlineSnapshot(`
      "docc has no kubecon-2071 in staging.
      Did you mean kubecon-2017?
      (not-found)"
    `);
  });

  it.each([
    "http://grafana.example.com",
    "javascript:alert(1)",
    "slack://open",
    "https://user:hunter2@grafana.example.com",
    "https://grafana.example.com@evil.example.org",
    "https://{app}.evil.example.org",
    "https://grafana.example.com/{secret}",
    "https://grafana.example.com/\u202egpj.exe x",
    "https://grafana.example.com/<!channel>",
    `https://grafana.example.com/${"x".repeat(3_000)}`,
    7,
    null,
  ])("shows nothing of a spoilt record such as %s", async (link) => {
    const answer = await hear("open kubecon-2017", worldWith({ links: { dashboard: link } }));
    expect(answer).toMatch(/has no address and no links/);
  });

  it.each([
    "evil.example.org/\n@x",
    "user:hunter2@evil.example.org",
    "a\u202eb.example.com",
    "a b",
  ])("shows no address of a spoilt host such as %j", async (host) => {
    const world = worldWith({ ingresses: { a: { ...web, hosts: [host] } } });
    expect(await hear("open kubecon-2017", world)).toMatch(/has no address and no links/);
  });
});

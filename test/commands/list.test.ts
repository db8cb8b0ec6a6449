import type { NamedPerson } from "../../src/commands/own-names.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { refuseMessageBlocks } from "../../sandbox/slack/validate.ts";
import type { Answer } from "../../src/commands/answer.ts";
import { listedApp, listedApps, rememberedApps } from "../../src/commands/list-apps.ts";
import type { AppHealth } from "../../src/commands/ports.ts";
import type { Release } from "../../src/release/release.ts";
import { sizeOf } from "../../src/slack/blocks.ts";
import { bare, classic } from "../../src/slack/classic.ts";
import { limits } from "../../src/slack/limits.ts";
import { answerMessage } from "../../src/slack/views/answer.ts";
import { release } from "../release/releases.ts";
import { application, manifest, running, say, worldOf } from "./ports.ts";

const applied = "2017-12-06T09:00:00.000Z";

function recordOf(app: string): Release {
  const base = release(
    {
      phase: "succeeded",
      app,
      revision: 8,
      transitions: [{ phase: "applying", at: applied, actor: "docc" }],
    },
    { app, environment: "staging" },
  );
  return { ...base, metadata: { ...base.metadata, name: `${app}-0` } };
}

/** The answer as a person reads it. */
function read({ text, lines = [], table }: Answer): string {
  const rows = table === undefined ? [] : [table.columns, ...table.rows];
  return [text, ...lines, ...rows.map((row) => row.join(" | "))].join("\n");
}

const shop = [
  running("web", { maintainer: ["web@example.com", "U0123456789"], team: "shop" }),
  running("api", { maintainer: ["api@example.com"], team: "shop", scale: { min: 2, max: 10 } }),
  running("mail", { maintainer: ["ops@example.org"], team: "base" }, "production"),
  application("never", "staging", false),
];

/** web is healthy, api is not, nobody knows of mail. */
function health(app: string): Promise<AppHealth | undefined> {
  if (app === "mail") return Promise.reject(new Error("ECONNREFUSED 192.0.2.1"));
  return Promise.resolve({ ready: app === "web" ? 3 : 1, wanted: 3 });
}

const world = () => worldOf({ apps: shop, releases: [recordOf("web")], health });
const hear = async (text: string, where = world()) => read((await say(text, where)).answer);

describe("list", () => {
  it("shows every deployed app with how it does, what runs and who answers for it", async () => {
    const { ports, ...rest } = world();
    const now = Date.parse(applied) + 3 * 60 * 60_000;
    const clock = { ...ports.clock, now: () => now };
    expect(await hear("list", { ...rest, ports: { ...ports, clock } })).toMatchInlineSnapshot(`
      "docc runs 3 apps.
      App | Environment | Health | Image | Scale | Revision | Maintainer | Age
      api | staging | unhealthy, 1 of 3 | kubecon:2017 | 2..10 | 8 | api@example.com | unknown
      mail | production | unknown | kubecon:2017 | 3 | 8 | ops@example.org | unknown
      web | staging | healthy, 3 of 3 | kubecon:2017 | 3 | 8 | web@example.com, U0123456789 | 3h"
    `);
  });

  it("asks no health for apps that a filter leaves out", async () => {
    const asked: string[] = [];
    const counting = worldOf({
      apps: shop,
      health: (app) => {
        asked.push(app);
        return health(app);
      },
    });
    await say("list team=shop", counting);
    expect(asked.toSorted()).toEqual(["api", "web"]);
  });

  it.each([
    ["list in=production", ["mail"]],
    ["list maintainer=EXAMPLE.COM", ["api", "web"]],
    ["list maintainer=@example.org", ["mail"]],
    ["list maintainer=@U0123456789", ["web"]],
    ["list team=Shop", ["api", "web"]],
    ["list health=healthy", ["web"]],
    ["list health=Unhealthy", ["api"]],
    ["list health=unknown", ["mail"]],
    ["list team=shop health=healthy maintainer=web", ["web"]],
  ])("%s shows just these", async (text, apps) => {
    const { answer } = await say(text, world());
    expect(answer.table?.rows.map(([app]) => app)).toEqual(apps);
    expect(answer).not.toHaveProperty("reason");
  });

  it.each<[how: string, names: Partial<NamedPerson>, apps: readonly string[]]>([
    ["by Slack id", { ids: ["U0123456789"] }, ["web"]],
    ["by address, whatever its case", { address: "API@Example.com" }, ["api"]],
    ["not by a part of it", { address: "pi@example.com" }, []],
    ["by a group", { ids: ["U0DEVELOPER", "SPAYMENTS"] }, ["pay"]],
  ])("list maintainer=me shows one's own, %s", async (_how, names, own) => {
    const apps = [...shop, running("pay", { maintainer: ["SPAYMENTS"] })];
    for (const me of ["me", "Me", "@me"]) {
      const { answer } = await say(`list maintainer=${me}`, worldOf({ apps, names }));
      expect((answer.table?.rows ?? []).map(([app]) => app)).toEqual(own);
    }
  });

  it("says what is not known of whoever asks", async () => {
    const note = "Slack did not tell docc your e-mail address.";
    const { answer } = await say("list maintainer=me", worldOf({ apps: shop, names: { note } }));
    expect(answer).toEqual({ text: "docc runs no app with maintainer=me.", lines: [note] });
  });

  it("says what it filtered by, and of whom it does not know whether they belong", async () => {
    expect(await hear("list health=healthy")).toMatchInlineSnapshot(`
      "docc runs 1 app with health=healthy.
      The health of 1 more is not known: health=unknown shows them.
      App | Environment | Health | Image | Scale | Revision | Maintainer | Age
      web | staging | healthy, 3 of 3 | kubecon:2017 | 3 | 8 | web@example.com, U0123456789 | 0 s"
    `);
    expect(await hear("list team=shpo")).toMatchInlineSnapshot(`
      "docc runs no app with team=shpo.
      Did you mean team=shop?"
    `);
    expect(await hear("list maintainer=web@exampel.com in=staging")).toMatchInlineSnapshot(`
      "docc runs no app in staging with maintainer=web@exampel.com.
      Did you mean maintainer=web@example.com?"
    `);
  });

  it.each([
    ["list health=helthy", "Did you mean health=healthy?"],
    ["list health=unhealty", "Did you mean health=unhealthy?"],
    ["list health=green", "It takes healthy, unhealthy, unknown."],
    ["list in=prodcution", "Did you mean in=production?"],
  ])("refuses %s", async (text, hint) => {
    const { answer } = await say(text, world());
    expect(answer.lines).toEqual([hint]);
    expect(answer.reason).toMatch(/^(bad-input|not-found)$/u);
  });

  it.each(["0", "-1", "1.5", "first", ""])("takes no page=%s", async (page) => {
    const { answer } = await say(`list page=${page}`, world());
    expect(answer.text).toContain("page= takes the number of a page, from 1.");
  });

  it("says that a health is unknown while its cluster is out of reach, and lists the app", async () => {
    const { answer } = await say("list in=production", world());
    expect(answer.table?.rows[0]?.[2]).toBe("unknown");
    expect(JSON.stringify(answer)).not.toContain("192.0.2.1");
  });

  it("says when the Deployment is gone, and calls an app that is scaled to nothing paused", async () => {
    const gone = worldOf({ health: () => Promise.resolve(undefined) });
    expect((await say("list", gone)).answer.table?.rows[0]?.[2]).toBe("unhealthy, gone");
    const idle = worldOf({ health: () => Promise.resolve({ ready: 0, wanted: 0 }) });
    expect((await say("list", idle)).answer.table?.rows[0]?.[2]).toBe("paused");
  });

  it("shows the scale of the environment, and the owners of what succeeded last", async () => {
    const head = running("web", {
      maintainer: ["new@example.com"],
      environments: { staging: { scale: 7 } },
      containers: { web: { image: "registry.example.com/web", image_tag: "2018" } },
    });
    const current = { release: "web-1", revision: 7, manifest: JSON.stringify(manifest) };
    const status = { nextRevision: 9, inventory: [], ...head.status, current };
    const { answer } = await say("list", worldOf({ apps: [{ ...head, status }] }));
    expect(answer.table?.rows).toEqual([
      [
        "web",
        "staging",
        "unhealthy, 2 of 3",
        "kubecon:2017 -> web:2018",
        "7",
        "8",
        "dev@example.com",
        "unknown",
      ],
    ]);
  });

  it.each([
    [
      "the same image",
      { image: "a.example.com/x/kubecon", image_tag: "2018" },
      "kubecon:2017 -> 2018",
    ],
    ["what it is", { image: "a.example.com/x/kubecon", image_tag: "2017" }, "kubecon:2017"],
    [
      "another image",
      { image: "a.example.com/web", image_tag: "2017" },
      "kubecon:2017 -> web:2017",
    ],
    [
      "a digest",
      { image: "web", image_digest: `sha256:${"a".repeat(64)}` },
      "kubecon:2017 -> web@sha256:aaaaaaaaaaaa",
    ],
    [
      "a long name",
      { image: `a.example.com/${"n".repeat(60)}`, image_tag: "1" },
      `kubecon:2017 -> ${"n".repeat(23)}…:1`,
    ],
  ])("shows the image by its short name while %s is applied", async (_what, web, image) => {
    const head = running("web", { containers: { web } });
    const current = { release: "web-1", revision: 7, manifest: JSON.stringify(manifest) };
    const status = { nextRevision: 9, inventory: [], ...head.status, current };
    const { answer } = await say("list", worldOf({ apps: [{ ...head, status }] }));
    expect(answer.table?.rows[0]?.[3]).toBe(image);
  });

  it.each([
    ["no JSON", "{"],
    ["another shape", '{"application":"web"}'],
    ["a strange environment", JSON.stringify({ ...manifest, environments: { staging: null } })],
    ["a strange tag", JSON.stringify({ ...manifest, containers: { a: { image_digest: 1 } } })],
  ])("shows an app whose record somebody has spoilt: %s", async (_what, text) => {
    const head = application("web", "staging");
    const status = { nextRevision: 9, inventory: [], ...head.status };
    const spoilt = { ...status, applied: { release: "web-0", revision: 8, manifest: text } };
    const { answer } = await say("list", worldOf({ apps: [{ ...head, status: spoilt }] }));
    expect(answer.table?.rows.map(([app]) => app)).toEqual(["web"]);
  });

  it("invites the first deploy", async () => {
    const empty = worldOf({ apps: [] });
    expect((await say("list", empty)).answer).toEqual({
      text: "No app is deployed yet.",
      form: { command: "deploy", open: false },
    });
    expect((await say("list in=production", empty)).answer).toEqual({
      text: "No app is deployed in production yet.",
      form: { command: "deploy", environment: "production", open: false },
    });
  });

  it("does not say what runs before it knows", async () => {
    const { answer } = await say("list", worldOf({ ready: false }));
    expect(answer).toMatchObject({ reason: "unavailable" });
  });
});

describe("the records behind a list", () => {
  it("are read once each, until they are replaced", () => {
    const listed = rememberedApps();
    const before = listedApps({ list: () => shop, listed });
    expect(before).toEqual(listedApps({ list: () => shop, listed: listedApp }));
    const [web, ...others] = shop;
    const later = web === undefined ? shop : [running("web", { scale: 7 }), ...others];
    const after = listedApps({ list: () => later, listed });
    const same = after.map((each, at) => each === before[at]);
    expect(after.map(({ app, scale }, at) => [app, scale, same[at]])).toEqual([
      ["api", "2..10", true],
      ["mail", "3", true],
      ["web", "7", false],
    ]);
  });
});

describe("a long list", () => {
  const many = Array.from({ length: 1_000 }, (_, at) => running(`app-${1_000 + at}`));

  it("comes in pages of 50, each with the command for the next", async () => {
    const { answer } = await say("list maintainer=dev page=2", worldOf({ apps: many }));
    expect([answer.text, ...(answer.lines ?? [])].join("\n")).toMatchInlineSnapshot(`
      "docc runs 1000 apps with maintainer=dev.
      Page 2 of 20: 51 to 100 of 1000. Next: /docc list maintainer=dev page=3"
    `);
    expect(answer.table?.rows.map(([app]) => app)).toEqual(
      many.slice(50, 100).map(({ spec }) => spec.app),
    );
    const last = await say("list page=20", worldOf({ apps: many }));
    expect(last.answer.lines).toEqual(["Page 20 of 20: 951 to 1000 of 1000."]);
  });

  it("has no page behind its last", async () => {
    const { answer } = await say("list page=21 in=staging", worldOf({ apps: many }));
    expect(answer).toEqual({
      text: "There is no page 21: the list has 20.",
      lines: ["The last: /docc list in=staging page=20"],
      reason: "not-found",
    });
  });

  it("repeats a filter with spaces so that it can be typed again", async () => {
    const spaced = many.map(({ spec }) => running(spec.app, { maintainer: ['a b "c"'] }));
    const { answer } = await say('list maintainer="a b"', worldOf({ apps: spaced }));
    expect(answer.lines?.[0]).toContain('Next: /docc list maintainer="a b" page=2');
    const quoting = await say(`list maintainer='"c"'`, worldOf({ apps: spaced }));
    expect(quoting.answer.lines?.[0]).toContain("The same with page=2 shows the next.");
  });

  it("asks the health of the rows that it shows alone, or of all where that is the filter", async () => {
    let now = 0;
    let most = 0;
    let asked = 0;
    const busy = worldOf({
      apps: many,
      health: async () => {
        asked += 1;
        now += 1;
        most = Math.max(most, now);
        await Promise.resolve();
        now -= 1;
        return { ready: 1, wanted: 1 };
      },
    });
    await say("list", busy);
    expect(asked).toBe(50);
    asked = 0;
    const { answer } = await say("list health=healthy", busy);
    expect(answer.text).toBe("docc runs 1000 apps with health=healthy.");
    expect(asked).toBe(1_000);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(20);
  });
});

const seed = Number(process.env["FC_SEED"] ?? Date.now() % 2 ** 31);

describe(`a list of 1,000 apps with the longest names (seed ${seed})`, () => {
  const hostile = fc.oneof(
    fc.constantFrom("<!channel>", "<@U0123456789>", '"\\'.repeat(60), "\u202e\u001b[31m", "```\n|"),
    fc.string({ unit: "grapheme", maxLength: 300 }),
    fc.constant("w".repeat(300)),
  );

  it("stays within Slack's limits on every page, and shows each app just once", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(hostile, { minLength: 1, maxLength: 5 }),
        hostile,
        hostile,
        (names, tag, filter) => everyPage(names, tag, filter),
      ),
      { seed, numRuns: 3 },
    );
  }, 60_000);
});

async function everyPage(names: readonly string[], tag: string, filter: string): Promise<void> {
  const apps = Array.from({ length: 1_000 }, (_, at) =>
    running(`${"a".repeat(46)}${1_000 + at}`, {
      maintainer: names,
      containers: { web: { image: "registry.example.com/web", image_tag: tag } },
    }),
  );
  const busy = worldOf({ apps, health: () => Promise.resolve({ ready: 1_000, wanted: 1_000 }) });
  const shown: string[] = [];
  let last = 1;
  for (let page = 1; page <= last; page += 1) {
    const { answer } = await say(`list page=${page}`, busy);
    isWithinLimits(answer);
    last = Number(/of (?<last>\d+):/u.exec(answer.lines?.[0] ?? "")?.groups?.["last"]);
    const drawn = JSON.stringify(answerMessage(answer).blocks);
    const rows = answer.table?.rows.map(([app = ""]) => app) ?? [];
    expect(rows.length).toBeLessThanOrEqual(50);
    for (const app of rows) expect(drawn).toContain(app);
    shown.push(...rows);
  }
  expect(shown).toEqual(apps.map(({ spec }) => spec.app));
  const word = filter.replaceAll(/["'“”„‘’]/gu, "").slice(0, 100);
  isWithinLimits((await say(`list maintainer="${word}"`, busy)).answer);
}

function isWithinLimits(answer: Answer): void {
  const message = answerMessage(answer);
  for (const form of [message, classic(message), bare(message)]) {
    expect(refuseMessageBlocks(JSON.parse(JSON.stringify(form.blocks)))).toBeUndefined();
    expect(form.text.length).toBeLessThanOrEqual(limits.text);
  }
  expect(sizeOf(message.blocks)).toBeLessThanOrEqual(limits.message);
}

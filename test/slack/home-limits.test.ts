import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { refuseView } from "../../sandbox/slack/validate.ts";
import type { HomeApp, HomeData, HomeRelease } from "../../src/commands/home.ts";
import type { ListedApp } from "../../src/commands/list-apps.ts";
import type { Identity } from "../../src/release/release.ts";
import { limits } from "../../src/slack/limits.ts";
import { mention } from "../../src/slack/people.ts";
import { answerModal } from "../../src/slack/views/answer-modal.ts";
import { deployForm } from "../../src/slack/views/deploy-form.ts";
import { homeView } from "../../src/slack/views/home.ts";
import { nasty } from "./accepted.ts";
import { plan, releaseIn } from "./releases.ts";

const seed = Number(process.env["FC_SEED"] ?? Date.now() % 2 ** 31);
const runs = { numRuns: 100, seed };

const hostile = [...nasty, '"', "語"];
const text = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 80 }),
  fc.array(fc.constantFrom(...hostile, "word "), { maxLength: 200 }).map((parts) => parts.join("")),
  fc.nat(5_000).map((length) => "<語".repeat(length)),
);
const identity: fc.Arbitrary<Identity> = fc.record({
  provider: fc.constantFrom("slack" as const, "kubernetes" as const),
  team: text,
  user: text,
});
const listed: fc.Arbitrary<ListedApp> = fc.record({
  app: text,
  environment: text,
  tag: text,
  image: text,
  scale: text,
  revision: text,
  release: text,
  maintainers: fc.array(text, { maxLength: 3 }),
  team: fc.option(text, { nil: undefined }),
});
const seen = fc.record({
  state: fc.constantFrom("healthy" as const, "unhealthy" as const, "unknown" as const),
  said: text,
});
const own: fc.Arbitrary<HomeApp> = fc
  .tuple(listed, fc.option(seen, { nil: undefined }), text)
  .map(([app, glance, age]) => ({ ...app, seen: glance, age }));
const recent: fc.Arbitrary<HomeRelease> = fc.record({
  app: text,
  environment: text,
  what: text,
  outcome: text,
  by: identity,
  at: fc.oneof(fc.integer(), fc.constant(NaN)),
});
const waiting = fc.record({ word: text, by: identity, expiresAt: text }).map((each) =>
  releaseIn("awaiting-approval", {
    spec: { app: each.word, environment: each.word, reason: each.word, requester: each.by },
    status: {
      app: each.word,
      plan: { ...plan, from: each.word, to: each.word, expiresAt: each.expiresAt },
    },
  }),
);
/** Few different things, many times: a page of a thousand apps in bounded time. */
const many = <T>(of: fc.Arbitrary<T>, most: number): fc.Arbitrary<readonly T[]> =>
  fc
    .tuple(fc.array(of, { minLength: 1, maxLength: 4 }), fc.integer({ min: 0, max: most }))
    .map(([some, count]) => Array.from({ length: count }, (_, at) => some[at % some.length]))
    .map((all) => all.filter((each) => each !== undefined));
const data: fc.Arbitrary<HomeData> = fc.record({
  now: fc.integer({ min: 0, max: 4e12 }),
  ready: fc.boolean(),
  waiting: many(waiting, 40),
  unsure: fc.nat(5),
  mine: many(own, 1_000),
  teams: many(fc.record({ team: fc.option(text, { nil: undefined }), apps: many(own, 60) }), 40),
  recent: many(recent, 20),
});

function isAccepted(view: object, type: "home" | "modal"): void {
  expect(refuseView(JSON.parse(JSON.stringify(view)), type)).toBeUndefined();
}

/** Markup in any text that Slack parses, but for the mention of somebody. */
function liveMarkup(view: ReturnType<typeof homeView>): readonly string[] {
  const parsed = view.blocks.flatMap((block) => {
    if (block.type === "section") return [block.text?.text ?? ""];
    if (block.type !== "context") return [];
    return block.elements.map((element) => (element.type === "mrkdwn" ? element.text : ""));
  });
  return parsed
    .flatMap((field) => field.match(/<[^>]*>?/g) ?? [])
    .filter((markup) => !/^<@[UW][A-Z0-9]{2,20}>$/.test(markup));
}

describe(`every App Home, whatever it is made of (seed ${seed})`, () => {
  it("is accepted by Slack, with no markup but mentions", () => {
    fc.assert(
      fc.property(data, (given) => {
        const view = homeView(given, mention);
        isAccepted(view, "home");
        expect(view.blocks.length).toBeLessThanOrEqual(limits.viewBlocks);
        expect(Buffer.byteLength(JSON.stringify(view))).toBeLessThan(limits.view);
        expect(liveMarkup(view)).toEqual([]);
      }),
      runs,
    );
  });

  it("is accepted with a thousand apps of the longest names", () => {
    const app = "a".repeat(50);
    const environment = "e".repeat(63);
    const tag = "1".repeat(40);
    const one = {
      app,
      environment,
      tag,
      image: tag,
      scale: "100..1000",
      revision: "100000",
      release: app,
    };
    const apps: readonly HomeApp[] = Array.from({ length: 1_000 }, () => ({
      ...one,
      maintainers: [`${"m".repeat(60)}@example.com`],
      team: "t".repeat(63),
      seen: { state: "unhealthy", said: "unhealthy, 1000 of 1000" },
      age: "1000d",
    }));
    const by = { provider: "slack", team: "T0DOCC", user: "U0123456789A" } as const;
    const view = homeView(
      {
        now: 0,
        ready: true,
        waiting: Array.from({ length: 100 }, () => releaseIn("awaiting-approval")),
        unsure: 3,
        mine: apps,
        teams: Array.from({ length: 100 }, () => ({ team: "t".repeat(63), apps })),
        recent: Array.from({ length: 10 }, () => ({
          app,
          environment,
          what: "w".repeat(80),
          outcome: "o".repeat(80),
          by,
          at: 0,
        })),
      },
      mention,
    );
    isAccepted(view, "home");
    expect(view.blocks).toHaveLength(78);
  });
});

describe(`what is shown over it (seed ${seed})`, () => {
  it("is accepted as a modal, tables too", () => {
    const answer = fc.record({
      text: text.map((words) => `Answer ${words}`),
      table: fc.record({
        columns: fc.array(text, { minLength: 1, maxLength: 12 }),
        rows: many(fc.array(text, { minLength: 1, maxLength: 12 }), 200),
      }),
      lines: fc.array(text, { maxLength: 60 }),
      snippet: fc.record({ title: text, text }),
    });
    fc.assert(
      fc.property(answer, (given) => isAccepted(answerModal("Status", given), "modal")),
      runs,
    );
  });

  it("is accepted as a form", () => {
    fc.assert(
      fc.property(text, text, (app, environment) => {
        const wish = { app: app.slice(0, 63), environment: environment.slice(0, 63) };
        isAccepted(deployForm(wish, undefined), "modal");
      }),
      runs,
    );
  });
});

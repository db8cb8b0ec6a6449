import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { refuseView } from "../../sandbox/slack/validate.ts";
import type { Answer } from "../../src/commands/answer.ts";
import { releasePhases } from "../../src/release/release.ts";
import { actions, button, section, sizeOf } from "../../src/slack/blocks.ts";
import { fit } from "../../src/slack/fit.ts";
import { limits } from "../../src/slack/limits.ts";
import { mention } from "../../src/slack/people.ts";
import { answerMessage } from "../../src/slack/views/answer.ts";
import { manifestForm } from "../../src/slack/views/manifest-form.ts";
import { milestoneMessage } from "../../src/slack/views/milestone.ts";
import { rootMessage } from "../../src/slack/views/root.ts";
import { isAccepted, nasty } from "./accepted.ts";
import { failure, plan, releaseIn, viewOf } from "./releases.ts";

const text = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 200 }),
  fc.array(fc.constantFrom(...nasty, "word "), { maxLength: 400 }).map((parts) => parts.join("")),
  fc.nat(20_000).map((length) => "x<".repeat(length)),
);
const texts = fc.array(text, { maxLength: 60 });
const seed = Number(process.env["FC_SEED"] ?? Date.now() % 2 ** 31);
const runs = { numRuns: 150, seed };

describe(`every message, whatever it is made of (seed ${seed})`, () => {
  it("is accepted as a root message, with no markup but the requester", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...releasePhases),
        text,
        texts,
        fc.nat(60),
        (phase, word, lines, many) => {
          const cause = { code: "exits", sentence: word, evidence: lines, next: word } as const;
          const changes = Array.from({ length: many }, () => ({
            ...plan.changes[0],
            kind: word,
            note: word,
          }));
          const release = releaseIn(phase, {
            spec: { app: word, environment: word, reason: word },
            status: {
              app: word,
              plan: {
                ...plan,
                from: word,
                to: word,
                risks: lines,
                warnings: lines,
                changes,
              } as typeof plan,
              verdict: { ...failure, affected: word, cause, urls: lines },
            },
          });
          const progress = { ready: 1, wanted: 2, old: 0, waitingFor: word, warnings: [] };
          const earlier = { release: word, revision: many, version: word };
          const view = viewOf(release, { progress, behind: word, earlier });
          const message = rootMessage(view, mention);
          isAccepted(message, ["<@UDEVELOPER>", ...linksOf(lines)]);
        },
      ),
      runs,
    );
  });

  it("is accepted as a milestone, with no markup but the people it is for", () => {
    fc.assert(
      fc.property(text, texts, (word, lines) => {
        const cause = { code: "exits", sentence: word, evidence: lines, next: word } as const;
        const failed = {
          type: "failed",
          key: "failed",
          cause,
          changed: word,
          requester: { provider: "slack", team: "T0DOCC", user: "UDEVELOPER" },
          maintainers: lines,
        } as const;
        isAccepted(milestoneMessage(failed, mention), ["<@UDEVELOPER>"]);
        const warning = { key: word, reason: word, kind: word, message: word, count: 3 };
        isAccepted(milestoneMessage({ type: "warning", key: `warning:${word}`, warning }, mention));
      }),
      runs,
    );
  });

  it("is accepted as an answer, with no markup at all", () => {
    const finding = fc.record({
      severity: fc.constantFrom("error" as const, "warning" as const),
      code: fc.constant("missing-key" as const),
      message: text,
      path: text,
      line: fc.nat(),
      column: fc.nat(),
      hint: text,
    });
    const table = fc.record({
      columns: fc.array(text, { minLength: 1, maxLength: 30 }),
      rows: fc.array(texts, { maxLength: 150 }),
    });
    const link = fc.record({
      text: text.map((words) => `Link ${words}`),
      url: fc.integer({ min: 0, max: 2_900 }).map((n) => `https://example.com/${"x".repeat(n)}`),
    });
    const answer: fc.Arbitrary<Answer> = fc.record(
      {
        text: text.map((words) => `Answer ${words}`),
        table,
        snippet: fc.record({ title: text, text }),
        findings: fc.array(finding, { maxLength: 30 }),
        lines: texts,
        links: fc.array(link, { maxLength: 60 }),
        form: fc.constant({ command: "deploy" as const, app: "web", open: false }),
      },
      { requiredKeys: ["text"] },
    );
    fc.assert(
      fc.property(answer, (given) => {
        const message = answerMessage(given);
        isAccepted(message);
        expect(message.blocks.some(({ type }) => type === "actions")).toBe(
          given.form !== undefined || (given.links ?? []).length > 0,
        );
      }),
      { ...runs, numRuns: 100 },
    );
  });

  it("is accepted as a form", () => {
    const name = fc.string({ minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(
        text,
        fc.uniqueArray(name, { maxLength: 120 }),
        fc.boolean(),
        (word, environments, hasFile) => {
          const view = manifestForm({
            context: {
              command: "deploy",
              app: word.slice(0, 63),
              ...(hasFile ? { file: { id: "F1", name: word.slice(0, 255) } } : {}),
            },
            environments,
            note: word.slice(0, 1_000),
            text: word.slice(0, limits.inputText),
          });
          expect(refuseView(JSON.parse(JSON.stringify(view)), "modal")).toBeUndefined();
        },
      ),
      runs,
    );
  });
});

/** The addresses of a verdict that may be links: docc made them from checked host names. */
function linksOf(urls: readonly string[]): readonly string[] {
  return urls.filter((url) => URL.canParse(url)).map((url) => `<${url.replaceAll("&", "&amp;")}>`);
}

describe("fit", () => {
  const buttons = actions(
    button({ action: "approve", text: "Approve", value: "1", label: "Approve" }),
  );

  it("cuts rows and says how many, but never the buttons", () => {
    const rows = Array.from({ length: 80 }, (_, at) => section(`row ${at}`));
    const { blocks } = fit({ text: "A plan.", blocks: [...rows, buttons] });
    expect(blocks).toHaveLength(limits.blocks);
    expect(blocks.at(-1)).toBe(buttons);
    expect(JSON.stringify(blocks.at(-2))).toContain("(32 more parts are left out)");
  });

  it("takes from the largest part first", () => {
    const small = section("who is affected");
    const { blocks } = fit({
      text: "A plan.",
      blocks: [
        section("x".repeat(3_000)),
        section("y".repeat(3_000)),
        section("z".repeat(3_000)),
        section("w".repeat(3_000)),
        small,
        buttons,
      ],
    });
    expect(sizeOf(blocks)).toBeLessThanOrEqual(limits.message);
    expect(blocks).toContainEqual(small);
    expect(blocks).toContainEqual(buttons);
  });

  it("leaves a part out of which no character would be left: Slack refuses an empty text", () => {
    const long = 990;
    const rows = Array.from({ length: 12 }, () => section("x".repeat(long)));
    const spare = limits.message + long - sizeOf([...rows, section(""), buttons]);
    const blocks = [...rows, section("y".repeat(spare + 1)), buttons];
    expect(sizeOf(blocks) - limits.message).toBe(long);
    const fitted = fit({ text: "A plan.", blocks }).blocks;
    expect(fitted).toEqual(blocks.slice(1));
  });

  it("leaves a message alone that fits", () => {
    const message = { text: "A plan.", blocks: [section("one"), buttons] };
    expect(fit(message)).toEqual(message);
  });
});

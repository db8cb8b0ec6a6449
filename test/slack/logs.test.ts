import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { refuseMessageBlocks } from "../../sandbox/slack/validate.ts";
import { sizeOf } from "../../src/slack/blocks.ts";
import { bare, classic } from "../../src/slack/classic.ts";
import { limits } from "../../src/slack/limits.ts";
import { answerMessage } from "../../src/slack/views/answer.ts";
import { say, worldOf } from "../commands/ports.ts";

const seed = Number(process.env["FC_SEED"] ?? Date.now() % 2 ** 31);

const text = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "```",
        "`",
        "<!channel>",
        "<@UAPPROVER>",
        "<https://evil.example|login>",
        "&",
        "\u202e",
      ),
      fc.constantFrom(
        "\u001b[31m",
        "\u001b]8;;https://evil.example\u0007",
        "\u0000",
        "\uD800",
        "\r",
        "\n",
        "*",
      ),
      fc.string({ unit: "grapheme", maxLength: 30 }),
    ),
    { maxLength: 20 },
  )
  .map((parts) => parts.join(""));

describe(`10,000 hostile lines of a log (seed ${seed})`, () => {
  it("become messages that Slack takes, with no markup of theirs", async () => {
    const kinds = fc.array(text, { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(kinds, fc.nat(3_000), async (texts, long) => {
        const logs = Array.from({ length: 10_000 }, (_, at) => ({
          at: `2017-12-06T10:00:00.${String(at).padStart(9, "0")}Z`,
          pod: `web-${at % 7}`,
          container: `c${at % 2}`,
          text: (texts[at % texts.length] ?? "").repeat(at % 500 === 0 ? long : 1).slice(0, 65_536),
        }));
        const { answer } = await say("logs kubecon-2017 lines=500", worldOf({ logs }));
        const shared = await say(answer.buttons?.[0]?.words ?? "", worldOf({ logs }));
        for (const each of [answer, shared.answer.post ?? { text: "" }]) {
          const message = answerMessage(each);
          for (const form of [message, classic(message), bare(message)]) {
            const blocks: unknown = JSON.parse(JSON.stringify(form.blocks));
            expect(refuseMessageBlocks(blocks as never)).toBeUndefined();
            expect(form.text.replace("<@U0DEVELOPER>", "")).not.toMatch(/[<>`\u202e]/u);
            for (const block of form.blocks) {
              if (block.type !== "section") continue;
              // The fence is ours; nothing in it can end it, mention or link.
              const inside = (block.text?.text ?? "").replace(/^```\n|\n```$/gu, "");
              expect(inside.replace("<@U0DEVELOPER>", "")).not.toMatch(/```|[<>]/u);
            }
          }
          expect(sizeOf(message.blocks)).toBeLessThanOrEqual(limits.message);
        }
      }),
      { numRuns: 15, seed },
    );
  });
});

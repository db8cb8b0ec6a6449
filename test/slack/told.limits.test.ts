import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { refuseView } from "../../sandbox/slack/validate.ts";
import { limits } from "../../src/slack/limits.ts";
import { announcement } from "../../src/slack/views/announcement.ts";
import { readReasonWish, reasonForm } from "../../src/slack/views/reason-form.ts";
import { oneLine } from "../../src/text/clean.ts";
import { isAccepted, isHarmless } from "./accepted.ts";
import { text } from "./worlds.ts";

const seed = Number(process.env["FC_SEED"] ?? Date.now() % 2 ** 31);
const runs = { numRuns: 200, seed };
const people = fc.array(fc.constantFrom("U0ANN", "UAPPROVER", "SKUBECON", "W0BEN"), {
  maxLength: 4,
});

describe(`what docc tells beside answers and threads (seed ${seed})`, () => {
  it("is a sentence that Slack takes, whatever stands in it, with nobody called but who is named", () => {
    const sentence = fc.tuple(text, people, fc.nat(5_000)).map(([said, named, length]) => {
      const all = named.map((id) => `@${id}`).join(", ");
      return { said: `shop was locked by ${all}: ${said}${"<&語".repeat(length)}`, named };
    });
    fc.assert(
      fc.property(sentence, ({ said, named }) => {
        const message = announcement(said, named);
        const calls = named.map((id) => (id.startsWith("S") ? `<!subteam^${id}>` : `<@${id}>`));
        isAccepted(message, calls);
        isHarmless(message, named);
      }),
      runs,
    );
  });

  it("asks for a reason by a form that Slack takes, whatever command waits for it", () => {
    const words = text.map((given) => oneLine(given).slice(0, 1_000));
    const title = fc.constantFrom("Reject", "Cancel", "Stop and roll back");
    fc.assert(
      fc.property(fc.record({ words, title }), (wish) => {
        const value = JSON.stringify(wish);
        fc.pre(value.length <= limits.buttonValue);
        const form = reasonForm(readReasonWish(value), "C0123456789");
        expect(refuseView(JSON.parse(JSON.stringify(form)), "modal")).toBeUndefined();
      }),
      runs,
    );
  });
});

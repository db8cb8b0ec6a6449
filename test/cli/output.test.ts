import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { asText } from "../../src/cli/output.ts";
import { hasUnseen } from "../../src/text/clean.ts";

const seed = Number(process.env["FC_SEED"] ?? Date.now() % 2 ** 31);
const hostile = [
  "\u001b]0;title\u0007",
  "\u202eevil",
  "\u009b2J",
  "a\u200bb",
  "\u{e0041}",
  "\ufeff",
  "two\nlines",
  "",
];

describe("data for programs", () => {
  it.each(["json", "yaml"] as const)(
    `holds nothing in %s that a terminal obeys, and reads back as it was (seed ${seed})`,
    (format) => {
      const text = fc.oneof(fc.constantFrom(...hostile), fc.string({ unit: "binary" }));
      // A lone surrogate is no text: no YAML reader gives it back.
      const whole = text.map((given) => given.toWellFormed());
      const data = fc.array(fc.record({ text: whole, more: fc.dictionary(whole, whole) }));
      fc.assert(
        fc.property(data, (given) => {
          const said = asText(given, format);
          expect(hasUnseen(said)).toBe(false);
          const read: unknown = format === "json" ? JSON.parse(said) : parse(said);
          expect(JSON.stringify(read)).toBe(JSON.stringify(given));
        }),
        { seed, numRuns: 300 },
      );
    },
  );
});

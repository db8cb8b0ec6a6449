import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { renderYaml } from "../../src/manifest/render.ts";

/** An object with a text where manifests have free ones. */
const objectWith = (text: string) => ({
  apiVersion: "v1",
  kind: "Test",
  metadata: { name: "a", namespace: "b", labels: {} },
  spec: { args: [text], value: text },
});

/** What the reader of kubectl takes: yaml.org/spec/1.1, "Character Set". */
const printable = /^[\t\n\r\u0020-\u007e\u0085\u00a0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;

describe("renderYaml", () => {
  it.each([
    "",
    " ",
    " \n",
    "\n\n",
    "on",
    "2017",
    "1:30",
    "a\nb\n",
    "- a",
    "\u007f",
    "\u0085",
    "\u2028",
    "\ufeff",
    "\uffff",
  ])("keeps the text %j", (text) => {
    const yaml = renderYaml([objectWith(text)]);
    for (const version of ["1.1", "1.2"] as const) {
      expect(parseAllDocuments(yaml, { version }).map((each) => each.toJS())).toEqual([
        objectWith(text),
      ]);
    }
  });

  it("keeps any text, in characters that kubectl reads and takes for no line end", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({
            unit: fc.constantFrom(" ", "\n", "\t", "a", "-", ":", "#", "\u0085", "\u2028"),
          }),
          fc.string({ unit: "binary" }),
        ),
        (text) => {
          const yaml = renderYaml([objectWith(text)]);
          expect(yaml).toMatch(printable);
          expect(yaml).not.toMatch(/[\u0085\u2028\u2029\ufeff]/u);
          expect(parseAllDocuments(yaml).map((each) => each.toJS())).toEqual([objectWith(text)]);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { literal, unescaped } from "../../../src/manifest/objects/literal.ts";

/**
 * What the kubelet does to `command`, `args` and the values of `env`: Expand and tryReadVariableName of
 * k8s.io/kubernetes v1.35, third_party/forked/golang/expansion/expand.go.
 */
function expand(input: string, mapping: (name: string) => string): string {
  const characters = Array.from(input);
  let output = "";
  let cursor = 0;
  while (cursor < characters.length) {
    const [character = "", next] = characters.slice(cursor, cursor + 2);
    const close = characters.indexOf(")", cursor + 2);
    if (character !== "$" || next === undefined) {
      output += character;
      cursor += 1;
    } else if (next === "(" && close !== -1) {
      output += mapping(characters.slice(cursor + 2, close).join(""));
      cursor = close + 1;
    } else {
      output += next === "$" ? "$" : `$${next}`;
      cursor += 2;
    }
  }
  return output;
}

const named = (name: string): string => `<${name}>`;

/** Text of what Kubernetes reads, of what it does not, and of any characters between. */
const text = fc.oneof(
  fc.string({
    unit: fc.constantFrom("$", "$$", "(", ")", "$(", "$(A)", "A", " ", "é", "\u{1f680}"),
  }),
  fc.string({ unit: "binary" }),
);

describe("expand, as the kubelet does it,", () => {
  // The cases of expand_test.go at the same place.
  it.each([
    ["$(A)", "<A>"],
    ["___$(A)___", "___<A>___"],
    ["$(A)$(B)$(A)", "<A><B><A>"],
    ["$$(A)", "$(A)"],
    ["$$$(A)", "$<A>"],
    ["$$$$(A)", "$$(A)"],
    ["$()", "<>"],
    ["$A", "$A"],
    ["$(A", "$(A"],
    ["$$", "$"],
    ["$$$", "$$"],
    ["a$", "a$"],
    ["$é", "$é"],
    ["", ""],
  ])("makes of %j %j", (input, output) => {
    expect(expand(input, named)).toBe(output);
  });
});

describe("literal", () => {
  it.each([
    ["$(HOME)", "$$(HOME)"],
    ["$$(HOME)", "$$$$(HOME)"],
    ["$HOME", "$HOME"],
    ["5$", "5$"],
    ["$$", "$$$"],
    ["plain", "plain"],
  ])("writes %j as %j", (given, expected) => {
    expect(literal(given)).toBe(expected);
  });

  it("gives text that the kubelet hands on to the letter, whatever it is", () => {
    fc.assert(
      fc.property(text, (given) => {
        expect(expand(literal(given), named)).toBe(given);
      }),
      { numRuns: 5_000 },
    );
  });

  it("is undone by unescaped", () => {
    fc.assert(
      fc.property(text, (given) => {
        expect(unescaped(literal(given))).toBe(given);
      }),
      { numRuns: 5_000 },
    );
  });
});

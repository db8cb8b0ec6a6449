import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { literal } from "../../../src/manifest/objects/literal.ts";

type Mapping = (name: string) => string;

/**
 * What the kubelet does to `command`, `args` and the values of `env`: Expand and tryReadVariableName of
 * k8s.io/kubernetes v1.35, third_party/forked/golang/expansion/expand.go.
 */
function expand(input: string, mapping: Mapping): string {
  return expandUnits(Array.from(input), mapping, (next) => `$${next}`);
}

/**
 * The same as older versions do it, byte by byte: of a character of several bytes behind a `$` they take
 * the first byte for a character of its own.
 */
function expandBytes(input: string, mapping: Mapping): string {
  const bytes = (text: string): string => Buffer.from(text, "utf8").toString("latin1");
  const text = (units: string): string => Buffer.from(units, "latin1").toString("utf8");
  return text(
    expandUnits(
      bytes(input).split(""),
      (name) => bytes(mapping(text(name))),
      (next) => `$${bytes(next)}`,
    ),
  );
}

function expandUnits(
  units: readonly string[],
  mapping: Mapping,
  literally: (next: string) => string,
): string {
  let output = "";
  let cursor = 0;
  while (cursor < units.length) {
    const [unit = "", next] = units.slice(cursor, cursor + 2);
    const close = units.indexOf(")", cursor + 2);
    if (unit !== "$" || next === undefined) {
      output += unit;
      cursor += 1;
    } else if (next === "(" && close !== -1) {
      output += mapping(units.slice(cursor + 2, close).join(""));
      cursor = close + 1;
    } else {
      output += next === "$" ? "$" : literally(next);
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

  it("spoils a character of several bytes behind a dollar, in older versions", () => {
    expect(expandBytes("$é $A é", named)).toBe("$Ã\ufffd $A é");
  });
});

describe("literal", () => {
  it.each([
    ["$(HOME)", "$$(HOME)"],
    ["$$(HOME)", "$$$$(HOME)"],
    ["$HOME", "$HOME"],
    ["5$", "5$"],
    ["$$", "$$$"],
    ["$é", "$$é"],
    ["plain", "plain"],
  ])("writes %j as %j", (given, expected) => {
    expect(literal(given)).toBe(expected);
  });

  it("gives text that the kubelet hands on to the letter, whatever it is", () => {
    fc.assert(
      fc.property(text, (given) => {
        expect(expand(literal(given), named)).toBe(given);
        expect(expandBytes(literal(given), named)).toBe(given);
      }),
      { numRuns: 5_000 },
    );
  });
});

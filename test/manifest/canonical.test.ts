import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson, sorted } from "../../src/manifest/canonical.ts";

describe("canonicalJson", () => {
  it("writes the example of RFC 8785, section 3.2.3", () => {
    const value = {
      numbers: [Number("333333333.33333329"), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"\u002f",
      literals: [null, true, false],
    };
    expect(canonicalJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it("sorts keys by UTF-16 units, as RFC 8785 section 3.2.3 asks, numbers among them as text", () => {
    const value = {
      "\u20ac": 1,
      "\r": 2,
      "\ufb33": 3,
      10: 4,
      9: 5,
      "\ud83d\ude00": 6,
      "\u0080": 7,
      ö: 8,
    };
    const keys = [...canonicalJson(value).matchAll(/:(?<number>\d)/gu)].map(
      ({ groups }) => groups?.["number"],
    );
    expect(keys.join("")).toBe("24578163");
  });

  it("leaves out undefined members, and writes -0 as 0", () => {
    expect(canonicalJson({ a: undefined, b: -0 })).toBe('{"b":0}');
  });

  it.each([
    ["a lone surrogate", "\ud800"],
    ["a lone surrogate in a key", { "\udc00": 1 }],
    ["NaN", Number.NaN],
    ["Infinity", [Infinity]],
    ["undefined in a list", [undefined]],
    ["a function", { a: () => 1 }],
    ["a date", new Date(0)],
    ["a big integer", 1n],
  ])("refuses %s, which JSON cannot say", (_, value) => {
    expect(() => canonicalJson(value)).toThrow(TypeError);
  });

  it("gives JSON of the same data, the same for any order of keys", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(JSON.stringify(JSON.parse(text))).toBe(JSON.stringify(JSON.parse(text)));
        expect(canonicalJson(JSON.parse(text))).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

it("sorted copies data with its keys in order", () => {
  const data = { b: { d: 1, c: [{ z: 1, y: 2 }] }, a: 1 };
  expect(JSON.stringify(sorted(data))).toBe('{"a":1,"b":{"c":[{"y":2,"z":1}],"d":1}}');
  expect(Object.keys(data)).toEqual(["b", "a"]);
});

import { describe, expect, it } from "vitest";
import { homeOptions, homePlace } from "../../src/cli/home.ts";
import { takeApart } from "../../src/cli/words.ts";

const known = {
  ...homeOptions,
  follow: { values: [], short: "f", about: "go on" },
  output: { values: ["table", "json"], short: "o", about: "how" },
  reason: { values: "TEXT", about: "why" },
  wait: { values: "DURATION", isOptional: true, about: "how long" },
};
const taken = (...argv: readonly string[]) => {
  const { positionals, options } = takeApart(argv, known);
  return { positionals, options: Object.fromEntries(options) };
};

describe("the options of a command line", () => {
  it.each([
    [["-n=docc"], { namespace: "docc" }],
    [["-ndocc", "-o=json"], { namespace: "docc", output: "json" }],
    [["-n", "a", "--reason", "-n=b"], { namespace: "a", reason: "-n=b" }],
    [["-fn", "a"], { follow: "", namespace: "a" }],
    [["\u2014wait"], { wait: "" }],
    [["\u2013wait=10m", "\u2212n", "a"], { wait: "10m", namespace: "a" }],
    [["\u2014\u2014wait", "\u2212n=a"], { wait: "", namespace: "a" }],
    [["--reason", "\u2014wait"], { reason: "\u2014wait" }],
    [["\u2014reason", "\u2014 is why"], { reason: "\u2014 is why" }],
  ])("are understood as %j is meant", (argv, options) => {
    expect(taken(...argv)).toEqual({ positionals: [], options });
  });

  it.each([
    [["\u201cin=staging\u201d"], ["in=staging"]],
    [
      ["in=\u201cstaging\u201d", "\u2018tag=1\u2019"],
      ["in=staging", "tag=1"],
    ],
    [
      ["reason=\u201cnot", "before", "noon\u201d", "in=a"],
      ["reason=not before noon", "in=a"],
    ],
    [["reason=\u201enicht", "jetzt\u201c"], ["reason=nicht jetzt"]],
    [
      ["reason=\u201cnever closed", "in=a"],
      ["reason=\u201cnever closed", "in=a"],
    ],
    [
      ["reason=\u201cnever", "in=a"],
      ["reason=\u201cnever", "in=a"],
    ],
    [["reason=\u201cWe said so\u201d"], ["reason=\u201cWe said so\u201d"]],
    [["reason=it\u2019s"], ["reason=it\u2019s"]],
    [["\u201c"], ["\u201c"]],
    [["--", "\u201ca\u201d"], ["\u201ca\u201d"]],
  ])("lose the quotes of a chat: %j", (argv, positionals) => {
    expect(taken(...argv)).toEqual({ positionals, options: {} });
  });

  it("have a value between the quotes of a chat", () => {
    expect(taken("--reason=\u201cnot", "now\u201d", "-n=\u201ca\u201d").options).toEqual({
      reason: "not now",
      namespace: "a",
    });
  });

  it("end where -- stands, whatever begins with a dash", () => {
    expect(taken("--", "\u2014wait", "-n=a")).toEqual({
      positionals: ["\u2014wait", "-n=a"],
      options: {},
    });
  });

  it.each([
    [["-f=3"], "--follow takes no value."],
    [["-n="], "--namespace takes a value."],
    [["-o=jsn"], '--output takes table, json, not "jsn".'],
    [["-x=3"], 'There is no option "-x".'],
    [["\u2014wiat"], 'There is no option "--wiat".'],
    [["-n=a", "-n", "b"], "--namespace is given twice."],
  ])("refuse %j in one sentence", (argv, sentence) => {
    expect(() => taken(...argv)).toThrow(sentence);
  });
});

describe("the place of docc's records", () => {
  it.each(["=docc", "Docc", "a.b", "-a", "a-", "a".repeat(64), "a b"])("is never %j", (given) => {
    expect(() => homePlace(takeApart(["--namespace", given], known))).toThrow(
      "is no name of a namespace",
    );
  });

  it("is any label", () => {
    expect(homePlace(takeApart(["-n", "docc-2"], known)).namespace).toBe("docc-2");
    expect(homePlace(takeApart([], known)).namespace).toBe("docc");
  });
});

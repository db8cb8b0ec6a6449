import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { namesOf, ownersOf, sayNames } from "../../src/policy/names.ts";
import type { Organisation } from "../../src/policy/rules.ts";
import { organisation } from "./people.ts";

const live = { maintainer: ["dev@example.com", "C0CHANNEL", "UMAINTAINER"], team: "web" };

describe("the names that rules are written out into", () => {
  it.each([
    ["an e-mail", ["dev@example.com"], ["dev@example.com"]],
    ["an account", ["kubernetes:ci"], ["kubernetes:ci"]],
    ["operators", ["operators"], ["UOPERATOR"]],
    ["a role", ["role:oncall"], ["SONCALL"]],
    ["a role of roles", ["role:managers"], ["SONCALL", "UMANAGER"]],
    ["maintainers, where a channel is nobody", ["maintainers"], ["UMAINTAINER", "dev@example.com"]],
    ["the team's owners", ["team"], ["UWEB", "lead@example.com"]],
    ["everybody once", ["UWEB", "team", "team", "UWEB"], ["UWEB", "lead@example.com"]],
    ["a role that does not exist", ["role:nobody"], []],
  ])("are right for %s", (_what, whos, names) => {
    expect(namesOf(whos, organisation, live)).toEqual(names);
  });

  it.each(["__proto__", "constructor", "toString", "hasOwnProperty"])(
    "have nobody for a team or role called %s",
    (name) => {
      expect(namesOf(["team"], organisation, { ...live, team: name })).toEqual([]);
      expect(namesOf([`role:${name}`], organisation, live)).toEqual([]);
    },
  );

  it("have no maintainer and no team before the first deploy", () => {
    expect(ownersOf(organisation, undefined)).toEqual([]);
  });

  it("reach people however deep roles are nested, and end in a circle", () => {
    const depth = 12;
    const roles = Object.fromEntries(
      Array.from({ length: depth }, (_, at) => [
        `r${at}`,
        [`role:r${(at + 1) % depth}`, `UR${at}`],
      ]),
    );
    expect(namesOf(["role:r0"], { ...organisation, roles }, live)).toHaveLength(depth);
  });

  it("take no longer for a web of roles than for its people", () => {
    const every = Array.from({ length: 100 }, (_, at) => `role:r${at}`);
    const roles = Object.fromEntries(every.map((_, at) => [`r${at}`, [...every, `UR${at}`]]));
    expect(namesOf(["role:r0"], { ...organisation, roles }, live)).toHaveLength(100);
  });

  it("do not depend on the order of the rules, and hold no rule any more", () => {
    const who = fc.constantFrom(
      "operators",
      "maintainers",
      "team",
      "role:a",
      "role:b",
      "role:c",
      "UA",
      "SB",
      "c@example.com",
      "kubernetes:d",
    );
    const list = fc.array(who, { maxLength: 6 });
    // In docc.yaml, operators, roles and teams name no maintainers and no team: those are of an app.
    const outside = fc.array(
      who.filter((each) => each !== "maintainers" && each !== "team"),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(list, outside, outside, outside, outside, outside, (whos, ...lists) => {
        const [operators, a, b, c, web] = lists;
        const given: Organisation = { operators, roles: { a, b, c }, teams: { web } };
        const names = namesOf(whos, given, live);
        expect(namesOf(whos.toReversed(), given, live)).toEqual(names);
        expect(names).toEqual([...new Set(names)].toSorted());
        for (const name of names) {
          expect(name).not.toMatch(/^(role:.*|operators|maintainers|team|C0CHANNEL)$/);
        }
      }),
    );
  });
});

describe("who is meant, in a sentence", () => {
  it.each([
    [[], "", []],
    [["U0ANN"], "@U0ANN", ["U0ANN"]],
    [["U0ANN", "ben@example.com"], "@U0ANN and ben@example.com", ["U0ANN"]],
    [["kubernetes:ann", "S0OPS", "U0BEN"], "ann, @S0OPS and @U0BEN", ["S0OPS", "U0BEN"]],
    [["a", "b", "c", "d", "e", "U0BEN", "g"], "a, b, c, d, e and 2 more", []],
  ])("%j is %s", (names, said, named) => {
    expect(sayNames(names)).toEqual({ said, named });
  });
});

import { describe, expect, it } from "vitest";
import { kubernetesOf, samePerson, slackOf } from "../../src/release/people.ts";
import type { Identity } from "../../src/release/release.ts";

const people = [
  { slack: "UDEVELOPER", kubernetes: "developer@corp.example.com" },
  { slack: "UAPPROVER", kubernetes: "approver@corp.example.com" },
];
const slack = (user: string, team = "T0DOCC"): Identity => ({ provider: "slack", team, user });
const kubernetes = (user: string): Identity => ({ provider: "kubernetes", team: "", user });

describe("two identities", () => {
  it.each<[name: string, a: Identity, b: Identity, same: boolean]>([
    ["the very same", slack("UOTHER"), slack("UOTHER"), true],
    ["joined by the operator", slack("UDEVELOPER"), kubernetes("developer@corp.example.com"), true],
    ["of two people", slack("UDEVELOPER"), kubernetes("approver@corp.example.com"), false],
    ["that the operator does not know", slack("UOTHER"), kubernetes("UOTHER"), false],
    ["with one name at both places", slack("UDEVELOPER"), kubernetes("UDEVELOPER"), false],
    ["with one id in two workspaces", slack("UOTHER"), slack("UOTHER", "T0OTHER"), false],
    ["of one spelling but its case", kubernetes("developer"), kubernetes("Developer"), false],
  ])("%s: %#", (_name, a, b, same) => {
    expect(samePerson(a, b, people)).toBe(same);
    expect(samePerson(b, a, people)).toBe(same);
  });
});

describe("where somebody is found", () => {
  it("is their own place, else the one that the operator gave", () => {
    expect(slackOf(slack("UOTHER"), people)).toBe("UOTHER");
    expect(slackOf(kubernetes("approver@corp.example.com"), people)).toBe("UAPPROVER");
    expect(slackOf(kubernetes("somebody"), people)).toBeUndefined();
    expect(kubernetesOf(kubernetes("somebody"), people)).toBe("somebody");
    expect(kubernetesOf(slack("UDEVELOPER"), people)).toBe("developer@corp.example.com");
    expect(kubernetesOf(slack("UOTHER"), people)).toBeUndefined();
  });
});

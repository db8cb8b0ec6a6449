import { describe, expect, it } from "vitest";
import { actingFor } from "../../src/release/acting.ts";
import type { Identity } from "../../src/release/release.ts";

const rules = { userPrefix: "slack:", groups: ["docc:deployers"], own: "docc-by-itself" };
const people = [{ slack: "UDEVELOPER", kubernetes: "developer@corp.example.com" }];
const slack = (user: string, team = "T0DOCC"): Identity => ({ provider: "slack", team, user });

describe("in whose name a release is carried out", () => {
  it.each<[name: string, requester: Identity, user: string, slackUser: string | undefined]>([
    [
      "the operator's name for somebody",
      slack("UDEVELOPER"),
      "developer@corp.example.com",
      "T0DOCC/UDEVELOPER",
    ],
    ["their Slack identity, else", slack("UOTHER"), "slack:T0DOCC/UOTHER", "T0DOCC/UOTHER"],
    [
      "that of who asked by kubectl",
      { provider: "kubernetes", team: "", user: "ci" },
      "ci",
      undefined,
    ],
    [
      "the name for what docc does by itself",
      { provider: "docc", team: "", user: "docc" },
      "docc-by-itself",
      undefined,
    ],
  ])("is %s", (_name, requester, user, slackUser) => {
    const extra = slackUser === undefined ? {} : { "docc.dev/slack-user": slackUser };
    expect(actingFor(requester, rules, people)).toEqual({ user, groups: rules.groups, extra });
  });

  it.each<[name: string, requester: Identity]>([
    [
      "docc itself, unless the operator names somebody",
      { provider: "docc", team: "", user: "docc" },
    ],
    ["a person without an id", slack("")],
    ["a person of no workspace", slack("UDEVELOPER", "")],
    ["a user without a name", { provider: "kubernetes", team: "", user: "" }],
  ])("is never made up for %s", (_name, requester) => {
    expect(actingFor(requester, { ...rules, own: undefined }, people)).toBeUndefined();
  });
});

import { describe, expect, it } from "vitest";
import { createLogger } from "../../src/log.ts";
import type { Identity } from "../../src/release/release.ts";
import { createNaming } from "../../src/slack/naming.ts";

const ann: Identity = { provider: "slack", team: "T0DOCC", user: "UANN" };
const away = (): Promise<never> => Promise.reject(new Error("Slack is away."));

/** What Slack tells of everybody; absent: it does not. */
function namesOf(told: { readonly address?: string; readonly groups?: readonly string[] }) {
  const { address, groups } = told;
  return createNaming({
    people: { addressOf: () => (address === undefined ? away() : Promise.resolve(address)) },
    directory: { groupsOf: () => (groups === undefined ? away() : Promise.resolve(groups)) },
    joined: [{ slack: "UANN", kubernetes: "ann@cluster" }],
    logger: createLogger("silent"),
  })(ann);
}

describe("what manifests and rules may call a person of Slack", () => {
  it("is their id, address and groups, and the account that the operator knows", async () => {
    expect(await namesOf({ address: "ann@example.com", groups: ["SPAY"] })).toEqual({
      person: ann,
      address: "ann@example.com",
      ids: ["UANN", "SPAY", "kubernetes:ann@cluster"],
    });
  });

  it("is what is known alone where Slack does not tell more, and that is said", async () => {
    expect(await namesOf({})).toEqual({
      person: ann,
      ids: ["UANN", "kubernetes:ann@cluster"],
      note: "Slack did not tell docc your e-mail address: apps whose manifest names you by it are not among them.",
    });
  });
});

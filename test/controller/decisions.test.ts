import { describe, expect, it } from "vitest";
import { hasEffect } from "../../src/controller/decisions.ts";
import type { DecisionSpec } from "../../src/release/decision-record.ts";
import type { Identity, ReleaseStatus } from "../../src/release/release.ts";
import { plan } from "../release/releases.ts";

const at = "2017-12-06T09:00:00.000Z";
const approver: Identity = { provider: "kubernetes", team: "", user: "approver" };
const inSlack: Identity = { provider: "slack", team: "T0DOCC", user: "approver" };
const { digest } = plan;

function decided(verdict: DecisionSpec["verdict"], more: Partial<DecisionSpec> = {}): DecisionSpec {
  return { release: "web-1", digest, verdict, by: approver, ...more };
}

function status(more: Partial<ReleaseStatus>): ReleaseStatus {
  return { phase: "awaiting-approval", transitions: [], ...more };
}

/** After a crash between the effect of a decision and the answer to it. */
describe("a decision that is weighed again", () => {
  const approvals = [{ by: approver, at, digest }];
  const closed = { by: approver, reason: "" };
  it.each<[name: string, spec: DecisionSpec, status: ReleaseStatus, has: boolean]>([
    ["an approval that counts", decided("approve"), status({ approvals }), true],
    [
      "an approval that counts by now",
      decided("approve"),
      status({ phase: "applying", approvals }),
      true,
    ],
    ["nothing yet", decided("approve"), status({}), false],
    [
      "an approval of another plan",
      decided("approve", { digest: `sha256:${"f".repeat(64)}` }),
      status({ approvals }),
      false,
    ],
    [
      "another person's approval",
      decided("approve"),
      status({ approvals: [{ by: inSlack, at, digest }] }),
      false,
    ],
    ["a rejection", decided("reject"), status({ phase: "rejected", closed }), true],
    [
      "a rejection for another reason",
      decided("reject", { reason: "late" }),
      status({ phase: "rejected", closed }),
      false,
    ],
    ["a cancellation instead", decided("reject"), status({ phase: "cancelled", closed }), false],
    ["a cancellation", decided("cancel"), status({ phase: "cancelled", closed }), true],
    ["a stop", decided("cancel"), status({ phase: "applying", stop: { ...closed, at } }), true],
    [
      "somebody else's stop",
      decided("cancel"),
      status({ phase: "applying", stop: { by: inSlack, reason: "", at } }),
      false,
    ],
  ])("finds %s in the record: %#", (_name, spec, found, has) => {
    expect(hasEffect(spec, { status: found })).toBe(has);
  });
});

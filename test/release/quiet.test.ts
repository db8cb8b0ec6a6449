import { describe, expect, it } from "vitest";
import { isOnlyProgress } from "../../src/release/quiet.ts";
import type { Milestone } from "../../src/release/story.ts";
import { planned, release } from "./releases.ts";

const asker = { provider: "slack", team: "T0TEAM", user: "U0DEV" } as const;
const counts = { created: 0, changed: 1, unchanged: 3 };
const deleting = (risks: readonly string[]): Milestone => ({
  type: "deleting",
  key: "deleting",
  release: release({ phase: "progressing", transitions: [], plan: planned([], { risks }) }),
});
const pruned = (kept: readonly string[]): Milestone => ({
  type: "pruned",
  key: "pruned",
  removed: ["Ingress shop"],
  kept,
});
const warning = { key: "BackOff/Pod", reason: "BackOff", kind: "Pod", message: "", count: 1 };

describe("a thread of a quiet channel", () => {
  it.each<[name: string, Milestone]>([
    ["what was applied", { type: "applied", key: "applied", ...counts }],
    ["that all are ready", { type: "ready", key: "ready", ready: 3, wanted: 3, stableMs: 60_000 }],
    ["what is being deleted", deleting([])],
    ["that it is gone", { type: "gone", key: "gone", release: release() }],
    ["what was removed", pruned([])],
    ["a warning on the way", { type: "warning", key: "warning:BackOff/Pod", warning }],
  ])("does without %s", (_name, milestone) => {
    expect(isOnlyProgress(milestone)).toBe(true);
  });

  it.each<[name: string, Milestone]>([
    [
      "what a plan warned of",
      { type: "applied", key: "applied", ...counts, notes: ["Known risk"] },
    ],
    ["what a deletion may hurt", deleting(["users lose their address"])],
    ["what could not be removed", pruned(["Ingress shop"])],
    ["who is asked", { type: "ask", key: "ask:1", release: release(), approvers: [] }],
    [
      "who still has not answered",
      { type: "reminder", key: "reminder:1", release: release(), approvers: [] },
    ],
    ["a yes", { type: "approved", key: "approved:1:1", by: asker, count: 1, of: 2 }],
    ["a new plan", { type: "plan", key: "plan:2", number: 2 }],
    ["that nobody approved in time", { type: "expired", key: "expired", requester: asker }],
    ["an emergency", { type: "emergency", key: "emergency", by: asker, reason: "", owners: [] }],
  ])("carries %s", (_name, milestone) => {
    expect(isOnlyProgress(milestone)).toBe(false);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { milestonesOf } from "../../src/release/milestones.ts";
import { type Phase, releasePhases, type ReleaseStatus } from "../../src/release/release.ts";
import type { Progress } from "../../src/release/story.ts";
import { plan, planned, release } from "./releases.ts";

const stableMs = 60_000;
const progress: Progress = { ready: 2, wanted: 3, old: 1, waitingFor: "", warnings: [] };
const backOff = { key: "BackOff/Pod", reason: "BackOff", kind: "Pod", message: "again", count: 2 };

/** A release that went through `phases` and is in the last of them. */
function through(phases: readonly Phase[], rest: Partial<ReleaseStatus> = {}): ReleaseStatus {
  return {
    phase: phases.at(-1) ?? "accepted",
    plan: planned([
      ["Deployment", "change", "image"],
      ["Service", "unchanged"],
      ["Ingress", "create"],
    ]),
    transitions: phases.map((phase) => ({ phase, at: "2017-12-06T09:00:00.000Z", actor: "docc" })),
    ...rest,
  };
}

const start: readonly Phase[] = ["accepted", "planned", "applying", "progressing"];
const verdict = { affected: "", ready: 3, wanted: 3, urls: [] };
const cause = { code: "crash-loop", sentence: "kubecon exits", evidence: [], next: "" } as const;

function keys(status: ReleaseStatus | undefined, seen?: Progress): readonly string[] {
  return milestonesOf(release(status), {
    ...(seen === undefined ? {} : { progress: seen }),
    stableMs,
    now: 0,
  }).map(({ key }) => key);
}

describe("the milestones of a release", () => {
  it("are none before anything was applied", () => {
    expect(keys(undefined, progress)).toEqual([]);
    expect(keys(through(["accepted"]))).toEqual([]);
    expect(keys(through(["accepted", "planned", "applying"]))).toEqual([]);
    expect(
      keys(
        through(["accepted", "refused"], { verdict: { ...verdict, outcome: "refused", cause } }),
      ),
    ).toEqual([]);
  });

  it("begin with what was applied", () => {
    expect(milestonesOf(release(through(start)), { stableMs, now: 0 })).toEqual([
      { type: "applied", key: "applied", created: 1, changed: 1, unchanged: 1 },
    ]);
  });

  it("end a success with what was removed, told apart by what is still there", () => {
    const status = through([...start, "verifying", "succeeded"], {
      plan: planned([
        ["Deployment", "unchanged"],
        ["Ingress", "prune"],
        ["Certificate", "prune"],
      ]),
      verdict: { ...verdict, outcome: "succeeded" },
    });
    const [, ingress] = status.plan?.changes ?? [];
    const kept = ingress === undefined ? [] : [ingress];
    const last = (inventory: typeof kept) =>
      milestonesOf(release({ ...status, inventory }), { stableMs, now: 0 }).at(-1);
    const names = status.plan?.changes.map(({ kind, name }) => `${kind} ${name}`) ?? [];
    expect(last([])).toEqual({ type: "pruned", key: "pruned", removed: names.slice(1), kept: [] });
    expect(last(kept)).toEqual({
      type: "pruned",
      key: "pruned",
      removed: names.slice(2),
      kept: [names[1]],
    });
    expect(keys({ ...status, phase: "failed" })).not.toContain("pruned");
  });

  it("say with it what the plan warned of", () => {
    const status = through(start);
    const told = milestonesOf(
      release({
        ...status,
        plan: { ...plan, risks: ["no pod will run"], warnings: ["registry.example.com is down"] },
      }),
      { stableMs, now: 0 },
    );
    expect(told[0]).toMatchObject({
      notes: ["Known risk: no pod will run", "Warning: registry.example.com is down"],
    });
  });

  it("tell each group of warnings, at most five", () => {
    const many = Array.from({ length: 9 }, (_, at) => ({ ...backOff, key: `Reason${at}/Pod` }));
    expect(keys(through(start), { ...progress, warnings: [backOff] })).toEqual([
      "applied",
      "warning:BackOff/Pod",
    ]);
    expect(keys(through(start), { ...progress, warnings: many })).toHaveLength(6);
  });

  it("tell when all pods are ready, with the window that follows, also by an older picture", () => {
    expect(progress.ready).toBe(2);
    const told = milestonesOf(release(through([...start, "verifying"])), {
      progress,
      stableMs,
      now: 0,
    });
    expect(told.at(-1)).toEqual({ type: "ready", key: "ready", ready: 3, wanted: 3, stableMs });
  });

  it("tell ready from the record after a restart that lost the picture", () => {
    const succeeded = through([...start, "verifying", "succeeded"], {
      verdict: { ...verdict, outcome: "succeeded" },
    });
    expect(milestonesOf(release(succeeded), { stableMs, now: 0 }).at(-1)).toMatchObject({
      type: "ready",
      key: "ready",
      ready: 3,
      wanted: 3,
    });
  });

  it.each(["progressing", "failed", "unknown", "superseded"] as const)(
    "say nothing of ready pods to a release that was ready and is %s now",
    (phase) => {
      const status = through([...start, "verifying", phase], {
        verdict: { ...verdict, outcome: "unknown", ready: 0, wanted: 0 },
      });
      expect(keys(status, progress)).not.toContain("ready");
    },
  );

  it("end a failure with its cause, what changed, and whom it concerns", () => {
    const failed = through([...start, "failed"], {
      verdict: { ...verdict, outcome: "failed", cause },
      plan: { ...plan, changes: planned([["Deployment", "change", "image"]]).changes },
    });
    expect(milestonesOf(release(failed), { stableMs, now: 0 }).at(-1)).toEqual({
      type: "failed",
      key: "failed",
      cause,
      changed: "image 2017 -> 2018 only",
      requester: { provider: "slack", team: "T0TEAM", user: "U0DEVELOPER" },
      maintainers: ["dev@example.com", "U0MAINTAIN"],
    });
  });

  it("have keys that are unique, fit the record, and stay the same when asked again", () => {
    const phases = fc.array(fc.constantFrom(...releasePhases), { minLength: 1, maxLength: 12 });
    const warnings = fc.uniqueArray(fc.string({ maxLength: 121 }), { maxLength: 10 });
    fc.assert(
      fc.property(phases, warnings, (path, names) => {
        const status = through(path, { verdict: { ...verdict, outcome: "failed", cause } });
        const seen = { ...progress, warnings: names.map((key) => ({ ...backOff, key })) };
        const told = keys(status, seen);
        expect(new Set(told).size).toBe(told.length);
        expect(told.length).toBeLessThanOrEqual(64);
        for (const key of told) expect(key.length).toBeLessThanOrEqual(256);
        expect(keys(status, seen)).toEqual(told);
      }),
    );
  });
});

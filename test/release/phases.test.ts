import { describe, expect, it } from "vitest";
import { accept, enter, hasApplied, isTerminal, phaseOf } from "../../src/release/phases.ts";
import { type Phase, releasePhases, type ReleaseStatus } from "../../src/release/release.ts";
import { release } from "./releases.ts";

const now = Date.UTC(2017, 11, 6, 9, 0, 0, 123);
const step = { now, actor: "docc" };

function inPhase(phase: Phase): ReleaseStatus {
  return { phase, transitions: [{ phase, at: "2017-12-06T08:00:00.000Z", actor: "docc" }] };
}

/** Which phases may follow, read aloud: the story of a release (design.md, "The records"). */
const story: Readonly<Record<Phase, readonly Phase[]>> = {
  accepted: ["planned", "refused", "cancelled", "superseded", "expired"],
  planned: [
    "planned",
    "awaiting-approval",
    "applying",
    "refused",
    "cancelled",
    "superseded",
    "expired",
  ],
  "awaiting-approval": [
    "planned",
    "approved",
    "refused",
    "rejected",
    "expired",
    "cancelled",
    "superseded",
  ],
  approved: ["planned", "applying", "refused", "cancelled", "superseded", "expired"],
  applying: ["progressing", "failed", "unknown", "superseded"],
  progressing: ["verifying", "failed", "unknown", "superseded"],
  verifying: ["progressing", "succeeded", "failed", "unknown", "superseded"],
  succeeded: [],
  failed: [],
  unknown: [],
  refused: [],
  rejected: [],
  expired: [],
  cancelled: [],
  superseded: [],
};

const steps = releasePhases.flatMap((from) => releasePhases.map((to) => ({ from, to })));

describe("the phases of a release", () => {
  it.each(steps.filter(({ from, to }) => story[from].includes(to)))(
    "$from may become $to",
    ({ from, to }) => {
      const status = enter(inPhase(from), to, step);
      expect(status.phase).toBe(to);
      expect(status.transitions.at(-1)).toEqual({
        phase: to,
        at: "2017-12-06T09:00:00.123Z",
        actor: "docc",
      });
    },
  );

  it.each(steps.filter(({ from, to }) => !story[from].includes(to)))(
    "$from never becomes $to",
    ({ from, to }) => {
      expect(() => enter(inPhase(from), to, step)).toThrow(
        new RangeError(`a release cannot go from ${from} to ${to}`),
      );
    },
  );

  it("ends where nothing follows", () => {
    const ends = releasePhases.filter((phase) => story[phase].length === 0);
    expect(releasePhases.filter(isTerminal)).toEqual(ends);
  });

  it("writes the time of finishing with a terminal phase, and with no other", () => {
    expect(enter(inPhase("verifying"), "succeeded", step).finishedAt).toBe(
      "2017-12-06T09:00:00.123Z",
    );
    expect(enter(inPhase("progressing"), "verifying", step)).not.toHaveProperty("finishedAt");
  });

  it("keeps what was known, and adds what the step brings", () => {
    const before = { ...inPhase("planned"), app: "kubecon-2017" };
    const status = enter(before, "applying", step, { revision: 8 });
    expect(status).toMatchObject({ app: "kubecon-2017", revision: 8 });
    expect(status.transitions).toHaveLength(2);
    expect(before.transitions).toHaveLength(1);
  });

  it("keeps its story short enough for the record, however often a release flaps", () => {
    let status = enter(enter(inPhase("planned"), "applying", step), "progressing", step);
    for (let flaps = 0; flaps < 100; flaps += 1) {
      status = enter(status, "verifying", step);
      status = enter(status, "progressing", step);
    }
    status = enter(status, "failed", step);
    expect(status.transitions.length).toBeLessThanOrEqual(64);
    expect(status.transitions.slice(0, 3).map(({ phase }) => phase)).toEqual([
      "planned",
      "applying",
      "progressing",
    ]);
    expect(status.transitions.at(-1)?.phase).toBe("failed");
  });

  it("begins as accepted, also before docc has written so", () => {
    expect(phaseOf(release())).toBe("accepted");
    expect(phaseOf(release(inPhase("planned")))).toBe("planned");
  });

  it("accepts in the requester's name, with the app where the request names one", () => {
    const status = accept(release(), { now });
    expect(status).toEqual({
      phase: "accepted",
      app: "kubecon-2017",
      transitions: [{ phase: "accepted", at: "2017-12-06T09:00:00.123Z", actor: "U0DEVELOPER" }],
    });
    const { app: _app, ...spec } = release().spec;
    expect(accept({ ...release(), spec }, { now })).not.toHaveProperty("app");
  });

  it("has moved something from applying on", () => {
    expect(releasePhases.filter(hasApplied)).toEqual([
      "applying",
      "progressing",
      "verifying",
      "succeeded",
      "failed",
      "unknown",
    ]);
  });
});

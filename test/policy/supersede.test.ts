import { describe, expect, it } from "vitest";
import { newerRequests } from "../../src/policy/supersede.ts";
import {
  releasePhases,
  type Phase,
  type Release,
  type ReleaseSpec,
} from "../../src/release/release.ts";
import { release } from "../release/releases.ts";

const second = (at: number): string => new Date(Date.UTC(2017, 11, 6, 9, 0, at)).toISOString();

/** A release of a name, accepted so many seconds after nine, in a phase. */
function asked(name: string, at: number, phase: Phase, spec: Partial<ReleaseSpec> = {}): Release {
  const made = release(
    { phase, transitions: [{ phase: "accepted", at: second(at), actor: "docc" }] },
    spec,
  );
  return { ...made, metadata: { ...made.metadata, name } };
}

const names = (old: Release, ...others: Release[]): readonly string[] =>
  newerRequests(old, [old, ...others]).map(({ metadata }) => metadata.name);

describe("requests that a newer one takes the place of", () => {
  const old = asked("old", 0, "accepted");

  it("are those that have no effect yet", () => {
    const overtaken = releasePhases.filter(
      (phase) => names(asked("old", 0, phase), asked("new", 1, "accepted")).length > 0,
    );
    expect(overtaken).toEqual(["accepted", "planned", "awaiting-approval", "approved"]);
  });

  it("are not overtaken by what came to nothing", () => {
    const overtaking = releasePhases.filter(
      (phase) => names(old, asked("new", 1, phase)).length > 0,
    );
    expect(overtaking).toEqual([
      "accepted",
      "planned",
      "awaiting-approval",
      "approved",
      "applying",
      "progressing",
      "verifying",
      "succeeded",
      "failed",
      "unknown",
    ]);
  });

  it("have the newest first, and never an older one, another app's or another environment's", () => {
    const others = [
      asked("newer", 2, "accepted"),
      asked("newest", 3, "planned"),
      asked("older", -1, "accepted"),
      asked("other-app", 4, "accepted", { app: "shop" }),
      asked("other-place", 4, "accepted", { environment: "staging" }),
    ];
    expect(names(old, ...others)).toEqual(["newest", "newer"]);
  });

  it("are never rollbacks, and no restart takes a place", () => {
    const back = asked("back", 0, "accepted", {
      kind: "rollback",
      source: { type: "release", release: "one", revision: 1 },
    });
    expect(names(back, asked("new", 1, "accepted"))).toEqual([]);
    expect(names(old, asked("again", 1, "accepted", { kind: "restart" }))).toEqual([]);
  });
});

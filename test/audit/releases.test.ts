import { describe, expect, it } from "vitest";
import { recordsOf } from "../../src/audit/releases.ts";
import type { Release } from "../../src/release/release.ts";
import { plan, release } from "../release/releases.ts";

const created = Date.UTC(2017, 11, 6, 9);
const later = created + 10 * 60_000;
const at = (minutes: number): string => new Date(created + minutes * 60_000).toISOString();

/** A Release as the API server has it, its status as given. */
function stored(status: Release["status"], spec: Partial<Release["spec"]> = {}): Release {
  const base = release();
  return {
    metadata: {
      ...base.metadata,
      name: "shop-0123456789ab",
      creationTimestamp: "2017-12-06T09:00:00Z",
    },
    spec: { ...base.spec, ...spec },
    ...(status === undefined ? {} : { status }),
  };
}

describe("what a Release proves", () => {
  it("is left to whoever took the command, for two minutes", () => {
    expect(recordsOf(stored(undefined), created + 119_000)).toEqual([]);
    expect(recordsOf(stored(undefined), created + 120_000)).toMatchObject([
      { name: "request-shop-0123456789ab", type: "command", word: "deploy", derived: true },
    ]);
  });

  it("holds the requester, the words without secrets, and why", () => {
    const [request] = recordsOf(
      stored(undefined, {
        words: { tag: "2018", "env.TOKEN": "hunter2" },
        emergency: "the shop is down",
      }),
      later,
    );
    expect(request).toMatchObject({
      time: "2017-12-06T09:00:00.000Z",
      words: ["tag=2018", "env.TOKEN="],
      reason: "emergency: the shop is down",
    });
    expect(JSON.stringify(request)).not.toContain("hunter2");
  });

  it("names everybody who approved, with the digest of what they saw", () => {
    const by = (user: string) => ({ provider: "slack", team: "T0TEAM", user }) as const;
    const records = recordsOf(
      stored({
        phase: "approved",
        plan,
        approvals: [
          { by: by("UONE"), at: at(3), digest: plan.digest },
          { by: by("UTWO"), at: at(4), digest: plan.digest },
        ],
        transitions: [{ phase: "accepted", at: at(0), actor: "UDEVELOPER" }],
      }),
      later,
    );
    expect(records.slice(1)).toMatchObject([
      { type: "decision", word: "approve", who: by("UONE"), digest: plan.digest, time: at(3) },
      { type: "decision", word: "approve", who: by("UTWO"), digest: plan.digest, time: at(4) },
    ]);
    expect(new Set(records.map(({ name }) => name)).size).toBe(3);
  });

  it("names who rejected, and why (keel: empty audit user)", () => {
    const by = { provider: "slack", team: "T0TEAM", user: "UAPPROVER" } as const;
    const records = recordsOf(
      stored({
        phase: "rejected",
        plan,
        closed: { by, reason: "not on a Friday" },
        transitions: [{ phase: "rejected", at: at(5), actor: "UAPPROVER" }],
        finishedAt: at(5),
      }),
      later,
    );
    expect(records.at(-1)).toEqual({
      name: `end-shop-0123456789ab.rejected.${created + 5 * 60_000}`,
      time: at(5),
      type: "end",
      word: "rejected",
      who: by,
      outcome: "rejected",
      app: expect.any(String),
      environment: expect.any(String),
      release: "shop-0123456789ab",
      digest: plan.digest,
      reason: "not on a Friday",
      derived: true,
    });
  });

  it("is the same at every look, and has names that Kubernetes takes", () => {
    const finished = stored({
      phase: "succeeded",
      transitions: [{ phase: "succeeded", at: at(6), actor: "docc" }],
      stop: { by: { provider: "docc", team: "", user: "docc" }, reason: "", at: at(5) },
      finishedAt: at(6),
    });
    const names = recordsOf(finished, later).map(({ name }) => name);
    expect(recordsOf(finished, later + 999_999).map(({ name }) => name)).toEqual(names);
    const long = { ...finished, metadata: { ...finished.metadata, name: "x".repeat(253) } };
    for (const { name, who } of [...recordsOf(finished, later), ...recordsOf(long, later)]) {
      expect(name).toMatch(/^[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?$/);
      expect(who.user).not.toBe("");
    }
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cloudEvent, eventType } from "../../src/external/webhook/cloud-event.ts";
import { noticedPhases, noticesOf, unsettled } from "../../src/release/notices.ts";
import { type Phase, releasePhases, type ReleaseStatus } from "../../src/release/release.ts";
import { startedAt } from "./cluster.ts";
import { plan, planned, release } from "./releases.ts";

const at = (second: number): string => new Date(startedAt + second * 1_000).toISOString();

/** A release that entered each phase one second after the one before. */
function through(phases: readonly Phase[], rest: Partial<ReleaseStatus> = {}): ReleaseStatus {
  return {
    phase: phases.at(-1) ?? "accepted",
    transitions: phases.map((phase, index) => ({
      phase,
      at: at(index),
      actor: phase === "approved" ? `UAPPROVER${index}` : "docc",
    })),
    ...rest,
  };
}

const cause = {
  code: "crash-loop",
  sentence: "kubecon exits with code 1 at start",
  evidence: ["DATABASE_URL=postgres://secret is not valid"],
  next: "add DATABASE_URL to env, or roll back",
} as const;
const verdict = {
  outcome: "failed",
  affected: "Users are still on 2017: 3 of 3 old pods ready.",
  cause,
  ready: 0,
  wanted: 3,
  urls: ["https://kubecon-2017.example.com"],
} as const;
const failed = through(["accepted", "planned", "applying", "progressing", "failed"], {
  plan: planned([["Deployment", "change", "env"]]),
  revision: 7,
  verdict,
  slack: { channel: "C0DEPLOYS", ts: "1512550800.000100", told: ["applied"] },
});

function phasesOf(status: ReleaseStatus | undefined): readonly Phase[] {
  return noticesOf(release(status)).map(({ data }) => data.phase);
}

describe("what other systems hear of a release", () => {
  it("is nothing before docc has looked at it, nor of its plan alone", () => {
    expect(phasesOf(undefined)).toEqual([]);
    expect(phasesOf(through(["accepted", "planned"]))).toEqual([]);
  });

  it("is what begins, waits for somebody, or ends", () => {
    expect(phasesOf(failed)).toEqual(["applying", "failed"]);
    const approved = ["accepted", "planned", "awaiting-approval", "approved", "applying"] as const;
    expect(phasesOf(through(approved))).toEqual(["awaiting-approval", "approved", "applying"]);
    expect(phasesOf(through(["accepted", "refused"]))).toEqual(["refused"]);
  });

  it("is every end that a release can have", () => {
    const ends = releasePhases.filter((phase) => phasesOf(through([phase])).length === 1);
    expect(ends.toSorted()).toEqual([...noticedPhases].toSorted());
    expect(noticedPhases.map(eventType)).toContain("dev.docc.release.awaiting-approval");
  });

  it("is a failure with all that a receiver needs", () => {
    const [applying, end] = noticesOf(release(failed));
    expect(end).toEqual({
      key: `${at(4)}/failed`,
      id: `uid-of-release-failed-${startedAt + 4_000}`,
      at: at(4),
      data: {
        release: "kubecon-2017-0123456789ab",
        app: "kubecon-2017",
        environment: "production",
        kind: "deploy",
        phase: "failed",
        revision: 7,
        from: "2017",
        to: "2018",
        by: "docc",
        requester: { provider: "slack", team: "T0TEAM", user: "U0DEVELOPER" },
        outcome: "failed",
        affected: verdict.affected,
        cause: { code: cause.code, sentence: cause.sentence, next: cause.next },
        urls: verdict.urls,
        slack: { channel: "C0DEPLOYS", ts: "1512550800.000100" },
        times: { requested: at(0), at: at(4), finished: at(4) },
      },
    });
    expect(applying?.data).toMatchObject({ phase: "applying", revision: 7 });
    for (const later of ["outcome", "cause", "affected", "urls"]) {
      expect(applying?.data, "known only at the end").not.toHaveProperty(later);
    }
  });

  it("names who approved so far, once each", () => {
    const path = [
      "accepted",
      "planned",
      "awaiting-approval",
      "awaiting-approval",
      "approved",
      "applying",
    ] as const;
    const approvals = ["U0ONE", "U0TWO"].map((user, index) => ({
      by: { provider: "slack", team: "T0TEAM", user } as const,
      at: at(3 + index),
      digest: "",
    }));
    const told = noticesOf(release(through(path, { revision: 3, approvals })));
    const [waiting, second, approved, applying] = told.map(({ data }) => data);
    expect(waiting).not.toHaveProperty("approvers");
    expect(waiting, "not given yet").not.toHaveProperty("revision");
    expect(second).toMatchObject({ approvers: ["U0ONE"] });
    expect(approved).toMatchObject({ approvers: ["U0ONE", "U0TWO"] });
    expect(applying).toMatchObject({ by: "docc", approvers: ["U0ONE", "U0TWO"] });
  });

  it("says of a request whose file nobody has read only where it was asked for", () => {
    const { metadata, spec } = release();
    const { app: _unknown, ...rest } = spec;
    const status = through(["accepted", "refused"]);
    const [notice] = noticesOf({ metadata, spec: rest, status });
    expect(notice?.data).not.toHaveProperty("app");
    if (notice === undefined) throw new Error("no notice");
    expect(JSON.parse(cloudEvent(notice, "docc"))).toMatchObject({ subject: "production" });
  });

  it("holds no manifest, no objects, no evidence, and nothing that was told", () => {
    const secret = "hunter2";
    const status: ReleaseStatus = {
      ...failed,
      plan: { ...plan, manifest: `{"env":"${secret}"}`, objects: `["${secret}"]` },
      verdict: { ...verdict, cause: { ...cause, evidence: [secret] } },
      webhooks: { paging: { through: secret } },
    };
    const asked = release(status, { words: { tag: secret }, reason: secret });
    const inline = { ...asked.spec, source: { type: "inline", manifest: secret } as const };
    expect(JSON.stringify(noticesOf({ ...asked, spec: inline }))).not.toContain(secret);
  });

  it("fits the 64 KiB that CloudEvents asks of every intermediary", () => {
    const long = (length: number): string => "x".repeat(length);
    const status: ReleaseStatus = {
      ...failed,
      plan: { ...plan, from: long(1_400), to: long(1_400) },
      verdict: {
        ...verdict,
        affected: long(1_024),
        urls: Array.from({ length: 64 }, () => long(512)),
        cause: { ...cause, sentence: long(1_024), next: long(1_024) },
      },
    };
    for (const notice of noticesOf(release(status))) {
      expect(Buffer.byteLength(cloudEvent(notice, "docc"))).toBeLessThan(64 * 1_024);
    }
  });

  it("has keys and ids that stay the same while the release goes on, and fit the record", () => {
    const phases = fc.array(fc.constantFrom(...releasePhases), { minLength: 2, maxLength: 12 });
    fc.assert(
      fc.property(phases, fc.nat(), (path, cut) => {
        const whole = noticesOf(release(through(path, { verdict })));
        const early = noticesOf(release(through(path.slice(0, cut % path.length))));
        expect(whole.slice(0, early.length).map(({ key, id }) => [key, id])).toEqual(
          early.map(({ key, id }) => [key, id]),
        );
        expect(new Set(whole.map(({ id }) => id)).size).toBe(whole.length);
        for (const { key } of whole) expect(key.length).toBeLessThanOrEqual(80);
      }),
    );
  });
});

describe("what is not settled yet", () => {
  const all = noticesOf(
    release(through(["accepted", "awaiting-approval", "approved", "applying", "succeeded"])),
  );

  it("is everything where nothing is noted", () => {
    expect(unsettled(all, undefined)).toEqual(all);
  });

  it.each([0, 1, 2, 3])("is what follows the noted one (%d)", (index) => {
    expect(unsettled(all, all[index]?.key)).toEqual(all.slice(index + 1));
  });

  it("goes by the time of a noted one that the record does not keep any more", () => {
    expect(unsettled(all, `${at(2)}/progressing`)).toEqual(all.slice(2));
    expect(unsettled(all, `${at(9)}/failed`)).toEqual([]);
  });
});

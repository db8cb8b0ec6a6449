import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { followUpName, followUpOf } from "../../src/controller/follow-up.ts";
import type {
  Application,
  Cause,
  Phase,
  Release,
  ReleaseSpec,
  Stop,
} from "../../src/release/release.ts";
import { plan, release } from "../release/releases.ts";

const hash = (text: string): string => createHash("sha256").update(text).digest("hex");

const stop: Stop = {
  by: { provider: "slack", team: "T0TEAM", user: "U0ONCALL" },
  reason: "too many errors",
  at: "2017-12-06T09:00:00.000Z",
};

interface Case {
  readonly phase?: Phase;
  readonly kind?: ReleaseSpec["kind"];
  readonly own?: boolean;
  readonly policy?: boolean;
  readonly code?: Cause["code"];
  readonly applied?: string;
  readonly earlier?: boolean;
  readonly stop?: Stop;
}

/** Revision 8, which has failed, after revision 7, which succeeded. */
function follow(given: Case): ReleaseSpec | undefined {
  const { phase = "failed", kind = "deploy", own, policy = false, code = "crash-loop" } = given;
  const manifest = JSON.stringify({
    application: "kubecon-2017",
    maintainer: [],
    ...(own === undefined ? {} : { deploy: { auto_rollback: own } }),
  });
  const cause = { code, sentence: "kubecon exits with code 1 at start", evidence: [], next: "" };
  const failed = release(
    {
      phase,
      app: "kubecon-2017",
      revision: 8,
      plan: { ...plan, manifest },
      verdict: { outcome: "failed", affected: "", cause, ready: 0, wanted: 3, urls: [] },
      slack: { channel: "C0DEPLOYS", ts: "1.0", told: [] },
      ...(given.stop === undefined ? {} : { stop: given.stop }),
      transitions: [],
    },
    { kind },
  );
  const before = release({ phase: "succeeded", app: "kubecon-2017", revision: 7, transitions: [] });
  const earlier: Release = { ...before, metadata: { ...before.metadata, name: "r7" } };
  const name = given.applied ?? failed.metadata.name;
  const head: Application = {
    metadata: failed.metadata,
    spec: { app: "kubecon-2017", environment: "production" },
    status: {
      nextRevision: 9,
      inventory: [],
      applied: { release: name, revision: 8, manifest },
    },
  };
  return followUpOf({
    release: failed,
    head,
    releases: given.earlier === false ? [failed] : [failed, earlier],
    rules: { autoRollback: policy },
  });
}

describe("what follows a release", () => {
  it("is a rollback by docc itself, where the environment wants it", () => {
    expect(follow({ policy: true })).toMatchInlineSnapshot(`
      {
        "app": "kubecon-2017",
        "channel": "C0DEPLOYS",
        "environment": "production",
        "kind": "rollback",
        "reason": "automatic rollback of release 8: kubecon exits with code 1 at start",
        "requester": {
          "provider": "docc",
          "team": "",
          "user": "docc",
        },
        "source": {
          "release": "r7",
          "revision": 7,
          "type": "release",
        },
        "words": {},
      }
    `);
  });

  it("is a rollback by whoever stopped it, whatever the policy", () => {
    expect(follow({ stop, kind: "rollback" })).toMatchObject({
      source: { release: "r7", revision: 7 },
      requester: stop.by,
      reason: "release 8 was stopped: too many errors",
    });
    expect(follow({ stop: { ...stop, reason: "" } })?.reason).toBe("release 8 was stopped");
  });

  it.each<[string, Case]>([
    ["the manifest wants it", { own: true, policy: false }],
    ["an update failed", { policy: true, kind: "update" }],
    ["it was refused in the middle", { policy: true, code: "apply-refused" }],
  ])("is a rollback where %s", (_name, given) => {
    expect(follow(given)).toBeDefined();
  });

  it.each<[string, Case]>([
    ["nobody wants it", {}],
    ["the manifest does not want it", { own: false, policy: true }],
    ["it succeeded", { policy: true, phase: "succeeded" }],
    ["its outcome is not known", { policy: true, phase: "unknown" }],
    ["it was refused before anything moved", { policy: true, phase: "refused" }],
    ["a rollback failed", { policy: true, kind: "rollback" }],
    ["a restart failed", { policy: true, kind: "restart" }],
    ["something newer was applied since", { policy: true, applied: "r9" }],
    ["nothing succeeded before", { policy: true, earlier: false }],
    ["somebody deleted the app", { policy: true, code: "deleted-outside" }],
    ["somebody deleted the app, and stopped it", { stop, code: "deleted-outside" }],
  ])("is nothing where %s", (_name, given) => {
    expect(follow(given)).toBeUndefined();
  });

  it("has one name for one release, and another one for a release of the same name later", () => {
    const failed = release({ phase: "failed", app: "kubecon-2017", transitions: [] });
    const again = { ...failed, metadata: { ...failed.metadata, uid: "another" } };
    expect(followUpName(failed, hash)).toMatch(/^kubecon-2017-[0-9a-f]{12}$/);
    expect(followUpName(failed, hash)).toBe(followUpName(structuredClone(failed), hash));
    expect(followUpName(again, hash)).not.toBe(followUpName(failed, hash));
  });
});

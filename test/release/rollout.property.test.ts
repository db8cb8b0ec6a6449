import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Deployment, Event, Pod, ReplicaSet } from "../../src/k8s/kinds.ts";
import type { Observation } from "../../src/release/observation.ts";
import { judgeRollout } from "../../src/release/rollout.ts";
import { verify } from "../../src/release/verify.ts";
import { crdSchema, schemaAt, violations } from "./crd-schema.ts";
import { newSet, oldSet, startedAt, target, window } from "./cluster.ts";

/** Looks that a confused cluster might give: any field absent, any count, any order. */

function maybe<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(arbitrary, { nil: undefined });
}

/** A record whose keys may each be absent. */
function partial<T extends Record<string, fc.Arbitrary<unknown>>>(model: T) {
  return fc.record(model, { requiredKeys: [] });
}

const count = fc.nat(4);
const text = fc.oneof(fc.string({ maxLength: 30 }), fc.string({ unit: "binary", maxLength: 400 }));
const time = fc.oneof(
  fc.integer({ min: -1_000, max: 1_000 }).map((s) => new Date(startedAt + s * 1_000).toISOString()),
  fc.constant("no time"),
);
const status = fc.constantFrom("True", "False", "Unknown");

const condition = fc
  .tuple(
    fc.constantFrom("Progressing", "Available", "ReplicaFailure", "PodScheduled", "Ready"),
    status,
    partial({
      reason: fc.constantFrom("ProgressDeadlineExceeded", "FailedCreate", "Unschedulable", "x"),
      message: text,
      lastTransitionTime: time,
    }),
  )
  .map(([type, value, rest]) => ({ type, status: value, ...rest }));

/** Complete for so many replicas, or all but. */
const nearlyComplete = fc
  .tuple(count, partial({ replicas: count, availableReplicas: count }))
  .map(([wanted, rest]): Deployment => ({
    metadata: { uid: target.uid, generation: target.generation },
    spec: { selector: {}, template: {}, replicas: wanted },
    status: {
      observedGeneration: target.generation,
      replicas: wanted,
      updatedReplicas: wanted,
      readyReplicas: wanted,
      availableReplicas: wanted,
      ...rest,
    },
  }));

const anyDeployment: fc.Arbitrary<Deployment> = fc
  .tuple(
    fc.constantFrom(target.uid, "uid-of-another", undefined),
    count,
    partial({ replicas: count, paused: fc.boolean(), progressDeadlineSeconds: fc.nat(900) }),
    partial({
      observedGeneration: count,
      replicas: count,
      updatedReplicas: count,
      readyReplicas: count,
      availableReplicas: count,
      conditions: fc.array(condition, { maxLength: 3 }),
    }),
  )
  .map(([uid, generation, spec, own]) => ({
    metadata: { generation, ...(uid === undefined ? {} : { uid }) },
    spec: { selector: {}, template: {}, ...spec },
    status: own,
  }));

const terminated = fc
  .tuple(
    fc.constantFrom(0, 1, 126, 127, 128, 137),
    partial({
      reason: fc.constantFrom("OOMKilled", "Error", "StartError"),
      message: text,
      finishedAt: time,
    }),
  )
  .map(([exitCode, rest]) => ({ exitCode, ...rest }));

const state = fc.oneof(
  fc.constant({ running: {} }),
  fc.record({ terminated }),
  fc.record({
    waiting: partial({
      reason: fc.constantFrom(
        "ErrImagePull",
        "ImagePullBackOff",
        "InvalidImageName",
        "CreateContainerConfigError",
        "CreateContainerError",
        "CrashLoopBackOff",
        "ContainerCreating",
      ),
      message: fc.oneof(
        text,
        fc.constantFrom("not found", "denied", "failed to sync secret cache"),
      ),
    }),
  }),
);

const containers = fc.array(
  fc
    .tuple(
      fc.record({
        name: text,
        image: text,
        imageID: text,
        ready: fc.boolean(),
        restartCount: count,
      }),
      partial({ state, lastState: partial({ terminated }) }),
    )
    .map(([base, rest]) => ({ ...base, ...rest })),
  { maxLength: 3 },
);

const pod: fc.Arbitrary<Pod> = fc
  .tuple(
    fc.constantFrom(oldSet.metadata?.uid, newSet.metadata?.uid, undefined),
    partial({ name: text, creationTimestamp: time, deletionTimestamp: time }),
    maybe(
      partial({
        phase: fc.constantFrom("Pending", "Running", "Failed", "Succeeded"),
        startTime: time,
        conditions: fc.array(condition, { maxLength: 3 }),
        containerStatuses: containers,
        initContainerStatuses: containers,
      }),
    ),
  )
  .map(([owner, metadata, own]) => ({
    metadata: {
      ...metadata,
      ...(owner === undefined
        ? {}
        : {
            ownerReferences: [{ apiVersion: "apps/v1", kind: "ReplicaSet", name: "x", uid: owner }],
          }),
    },
    ...(own === undefined ? {} : { status: own }),
  }));

const event: fc.Arbitrary<Event> = fc
  .tuple(
    partial({
      reason: fc.constantFrom("Unhealthy", "FailedMount", "BackOff"),
      message: text,
      count,
    }),
    partial({ name: text, kind: text }),
  )
  .map(([rest, involvedObject]) => ({ metadata: {}, involvedObject, ...rest }));

const set: fc.Arbitrary<ReplicaSet> = fc.constantFrom(oldSet, newSet, {}, { metadata: {} });

const observation: fc.Arbitrary<Observation> = fc.record({
  deployment: maybe(fc.oneof(nearlyComplete, anyDeployment)),
  templateHash: fc.constantFrom(target.templateHash, target.templateHash, "other", ""),
  replicaSets: fc.array(set, { maxLength: 3 }),
  pods: fc.array(pod, { maxLength: 4 }),
  warnings: fc.array(event, { maxLength: 4 }),
  readyEndpoints: maybe(count),
  certificates: fc.array(
    fc.record({
      name: fc.string({ maxLength: 253 }),
      ready: fc.boolean(),
      message: fc.string({ maxLength: 200 }),
    }),
    { maxLength: 2 },
  ),
});

const now = fc.integer({ min: -5_000, max: 900_000 }).map((ms) => startedAt + ms);
const runs = { numRuns: 3_000 };

describe("whatever the cluster shows", () => {
  it("a rollout gets exactly one judgement, whose cause fits the record", () => {
    const schema = schemaAt(crdSchema("releases"), "status.verdict.cause");
    fc.assert(
      fc.property(observation, now, (look, moment) => {
        const judgement = judgeRollout(target, look, window, moment);
        const hasCause = judgement.state === "failed" || judgement.state === "superseded";
        expect("cause" in judgement).toBe(hasCause);
        if (!("cause" in judgement)) return;
        const { code, sentence, evidence, next } = judgement.cause;
        expect(violations(schema, { code, sentence, evidence, next })).toEqual([]);
        expect(sentence).not.toMatch(/undefined|NaN|\n/);
      }),
      runs,
    );
  });

  it("ready implies that kubectl's rules are done", () => {
    let seen = 0;
    fc.assert(
      fc.property(observation, now, (look, moment) => {
        if (judgeRollout(target, look, window, moment).state !== "ready") return;
        seen += 1;
        const { metadata, spec, status: own } = look.deployment ?? {};
        const updated = own?.updatedReplicas ?? 0;
        expect(own?.observedGeneration ?? 0).toBeGreaterThanOrEqual(metadata?.generation ?? 0);
        expect(updated).toBeGreaterThanOrEqual(spec?.replicas ?? 1);
        expect(own?.replicas ?? 0).toBeLessThanOrEqual(updated);
        expect(own?.availableReplicas ?? 0).toBeGreaterThanOrEqual(updated);
        expect(metadata?.uid).toBe(target.uid);
        expect(look.templateHash).toBe(target.templateHash);
      }),
      runs,
    );
    expect(seen).toBeGreaterThan(100);
  });

  it("nothing waits past the deadline", () => {
    fc.assert(
      fc.property(observation, (look) => {
        expect(judgeRollout(target, look, window, window.deadline).state).not.toBe("waiting");
      }),
      runs,
    );
  });

  it("the judgement does not depend on old pods or the order of anything", () => {
    fc.assert(
      fc.property(observation, fc.array(pod, { maxLength: 3 }), now, (look, others, moment) => {
        const old = others.map((each) => ({ ...each, metadata: { name: "stranger" } }));
        const other = {
          ...look,
          pods: [...old, ...look.pods],
          replicaSets: look.replicaSets.toReversed(),
        };
        expect(judgeRollout(target, other, window, moment).state).toBe(
          judgeRollout(target, look, window, moment).state,
        );
      }),
      runs,
    );
  });

  it("verification is total, and verifies only after the window", () => {
    const schema = schemaAt(crdSchema("releases"), "status.verdict.cause");
    fc.assert(
      fc.property(observation, now, fc.nat(120_000), (look, readyAt, stableMs) => {
        const early = verify(look, { at: readyAt, restarts: 0, stableMs }, readyAt + stableMs - 1);
        expect(early.state).not.toBe("verified");
        const { cause } = { cause: undefined, ...early };
        if (cause !== undefined) expect(violations(schema, cause)).toEqual([]);
      }),
      runs,
    );
  });
});

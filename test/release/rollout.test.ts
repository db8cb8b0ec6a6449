import { describe, expect, it } from "vitest";
import type { Observation } from "../../src/release/observation.ts";
import type { CauseCode } from "../../src/release/release.ts";
import { judgeRollout } from "../../src/release/rollout.ts";
import {
  at,
  condition,
  crashing,
  deadlineExceeded,
  deployment,
  ended,
  midway,
  observation,
  oldPod,
  oldSet,
  pod,
  rolling,
  stamp,
  starting,
  target,
  up,
  waiting,
  warning,
  window,
} from "./cluster.ts";

/** After `after` seconds this look is judged so: a state, or the code of the failure. */
interface Case {
  readonly name: string;
  readonly after?: number;
  readonly look: Observation;
  readonly is: "waiting" | "ready" | CauseCode;
  readonly waitingFor?: string;
}

function holds({ name, after = 5, look, is, waitingFor }: Case): void {
  it(name, () => {
    const judgement = judgeRollout(target, look, window, at(after));
    expect("cause" in judgement ? judgement.cause.code : judgement.state).toBe(is);
    if (waitingFor !== undefined) expect(judgement.progress.waitingFor).toBe(waitingFor);
  });
}

const crashed = { code: 1 };
const gone = { code: 137, reason: "OOMKilled" };

describe("the counters of the Deployment, as kubectl and kstatus read them", () => {
  const cases: readonly Case[] = [
    { name: "complete is ready", look: observation(), is: "ready" },
    {
      name: "nothing is believed before our generation was observed",
      look: observation({ deployment: deployment({ observedGeneration: 1 }) }),
      is: "waiting",
      waitingFor: "the cluster has not looked at it yet",
    },
    {
      name: "nothing is believed while somebody's newer generation is not observed",
      look: observation({ deployment: deployment({}, { generation: 3 }) }),
      is: "waiting",
    },
    {
      name: "a newer generation with our template, observed, is judged as ours",
      look: observation({ deployment: deployment({ observedGeneration: 3 }, { generation: 3 }) }),
      is: "ready",
    },
    {
      name: "a status without observedGeneration is not believed",
      look: observation({
        deployment: { ...deployment(), status: { replicas: 3, updatedReplicas: 3 } },
      }),
      is: "waiting",
    },
    {
      name: "a Deployment without any status waits",
      look: observation({ deployment: { metadata: { uid: target.uid, generation: 2 } } }),
      is: "waiting",
    },
    {
      name: "fewer updated than wanted pods wait",
      look: observation({ deployment: deployment({ replicas: 2, updatedReplicas: 2 }) }),
      is: "waiting",
      waitingFor: "2 of 3 pods created",
    },
    {
      name: "old pods still counted wait",
      look: observation({ deployment: deployment({ replicas: 5 }) }),
      is: "waiting",
      waitingFor: "2 old pods to end",
    },
    {
      name: "one old pod is named in the singular",
      look: observation({ deployment: deployment({ replicas: 4 }) }),
      is: "waiting",
      waitingFor: "1 old pod to end",
    },
    {
      name: "ready but not yet available pods wait (minReadySeconds)",
      look: observation({ deployment: deployment({ availableReplicas: 2 }) }),
      is: "waiting",
      waitingFor: "2 of 3 pods available",
    },
    {
      name: "available but no longer ready pods wait, as kstatus has it",
      look: observation({ deployment: deployment({ readyReplicas: 1 }) }),
      is: "waiting",
      waitingFor: "1 of 3 pods available",
    },
    {
      name: "absent counters are zero",
      look: observation({ deployment: { ...deployment(), status: { observedGeneration: 2 } } }),
      is: "waiting",
      waitingFor: "0 of 3 pods created",
    },
    {
      name: "scale 0 is ready when no pod is left",
      look: observation({ deployment: deployment({}, { replicas: 0 }), pods: [] }),
      is: "ready",
    },
    {
      name: "scale 0 waits while an old pod is counted",
      look: observation({ deployment: deployment({ replicas: 1 }, { replicas: 0 }) }),
      is: "waiting",
    },
    {
      name: "absent spec.replicas means one",
      look: observation({
        deployment: {
          ...deployment({
            replicas: 1,
            updatedReplicas: 1,
            readyReplicas: 1,
            availableReplicas: 1,
          }),
          spec: { selector: {}, template: {} },
        },
      }),
      is: "ready",
    },
    {
      name: "an autoscaler that wants more meanwhile is waited for",
      look: observation({
        deployment: deployment(
          { observedGeneration: 3, replicas: 3, updatedReplicas: 3 },
          { generation: 3, replicas: 6 },
        ),
      }),
      is: "waiting",
      waitingFor: "3 of 6 pods created",
    },
    {
      name: "an autoscaler that wants fewer meanwhile leaves it ready",
      look: observation({
        deployment: deployment({ observedGeneration: 3 }, { generation: 3, replicas: 2 }),
      }),
      is: "ready",
    },
    {
      name: "a paused Deployment that is not complete waits and says so",
      look: midway([], {
        deployment: deployment({ replicas: 3, updatedReplicas: 0 }, { paused: true }),
      }),
      is: "waiting",
      waitingFor: "the Deployment is paused",
    },
    {
      name: "a paused Deployment that is complete is ready",
      look: observation({ deployment: deployment({}, { paused: true }) }),
      is: "ready",
    },
  ];
  cases.forEach(holds);
});

describe("a rollout that is no longer ours", () => {
  const cases: readonly Case[] = [
    {
      name: "a deleted Deployment supersedes",
      look: observation({ deployment: undefined, templateHash: "" }),
      is: "deleted-outside",
    },
    {
      name: "a Deployment that was replaced by another of its name supersedes",
      look: observation({ deployment: deployment({}, { uid: "uid-of-another" }) }),
      is: "deleted-outside",
    },
    {
      name: "another template supersedes, even when it is complete",
      look: observation({ templateHash: "hash-of-somebody" }),
      is: "changed-outside",
    },
    {
      name: "another template supersedes, even past the deadline",
      after: 700,
      look: midway([pod("new-1", [crashing(9, crashed)])], { templateHash: "hash-of-somebody" }),
      is: "changed-outside",
    },
  ];
  cases.forEach(holds);
});

describe("the deadline", () => {
  const slow = pod("new-1", [starting()]);
  const cases: readonly Case[] = [
    {
      name: "a ProgressDeadlineExceeded of the last rollout is not believed right after the update",
      look: midway([slow], { deployment: rolling({ conditions: [deadlineExceeded] }) }),
      is: "waiting",
    },
    {
      name: "a ProgressDeadlineExceeded is not believed before our generation was observed",
      after: 400,
      look: midway([slow], {
        deployment: {
          ...rolling({ observedGeneration: 1, conditions: [deadlineExceeded] }),
          spec: { replicas: 3, selector: {}, template: {}, progressDeadlineSeconds: 300 },
        },
      }),
      is: "waiting",
    },
    {
      name: "a ProgressDeadlineExceeded is believed once its whole time has passed since our start",
      after: 300,
      look: midway([slow], {
        deployment: {
          ...rolling({ conditions: [deadlineExceeded] }),
          spec: { replicas: 3, selector: {}, template: {}, progressDeadlineSeconds: 300 },
        },
      }),
      is: "deadline",
    },
    {
      name: "a millisecond before our deadline waits",
      after: 599.999,
      look: midway([slow]),
      is: "waiting",
    },
    { name: "our deadline is the last word", after: 600, look: midway([slow]), is: "deadline" },
    {
      name: "complete at the deadline is still ready",
      after: 600,
      look: observation(),
      is: "ready",
    },
    {
      name: "complete is ready although the controller's condition says that its deadline passed",
      after: 900,
      look: observation({ deployment: deployment({ conditions: [deadlineExceeded] }) }),
      is: "ready",
    },
    {
      name: "at the deadline the pods' own trouble is the cause",
      after: 600,
      look: midway([pod("new-1", [waiting("ErrImagePull", "i/o timeout")])]),
      is: "not-ready",
    },
    {
      name: "at the deadline the hard trouble of one pod goes before the soft one of another",
      after: 600,
      look: midway([
        pod("new-1", [waiting("ErrImagePull", "i/o timeout")]),
        pod("new-2", [crashing(2, crashed)]),
      ]),
      is: "crash-loop",
    },
    {
      name: "a generation that is never observed ends at the deadline",
      after: 600,
      look: midway([], { deployment: rolling({ observedGeneration: 1 }) }),
      is: "deadline",
    },
  ];
  cases.forEach(holds);
});

describe("pods that crash", () => {
  const cases: readonly Case[] = [
    {
      name: "the first crash of a pod is waited out",
      look: midway([pod("new-1", [ended(crashed)])]),
      is: "waiting",
    },
    {
      name: "one restart is waited out",
      after: 60,
      look: midway([pod("new-1", [crashing(1, crashed)])]),
      is: "waiting",
    },
    {
      name: "two restarts of every new pod fail the rollout",
      after: 60,
      look: midway([pod("new-1", [crashing(2, crashed)]), pod("new-2", [crashing(2, crashed)])]),
      is: "crash-loop",
    },
    {
      name: "two restarts of one pod of three are waited out",
      after: 60,
      look: midway([
        pod("new-1", [crashing(2, crashed)]),
        pod("new-2", [up()]),
        pod("new-3", [starting()]),
      ]),
      is: "waiting",
    },
    {
      name: "three restarts of one pod of three fail the rollout",
      after: 60,
      look: midway([
        pod("new-1", [up()]),
        pod("new-2", [crashing(3, crashed)]),
        pod("new-3", [up()]),
      ]),
      is: "crash-loop",
    },
    {
      name: "a pod that runs again and is ready has healed, whatever it did before",
      after: 60,
      look: midway([pod("new-1", [up({ restarts: 2, last: crashed })])]),
      is: "waiting",
    },
    {
      name: "a pod that runs again but is not ready after two restarts has not healed",
      after: 60,
      look: midway([pod("new-1", [starting({ restarts: 2, last: crashed })])]),
      is: "crash-loop",
    },
    {
      name: "restarts of old pods never count",
      after: 60,
      look: midway([pod("new-1", [starting()])], {
        pods: [pod("new-1", [starting()]), oldPod("old-1", crashing(40, crashed))],
      }),
      is: "waiting",
    },
    {
      name: "old pods are not taken for new ones before our generation was observed",
      look: midway([], {
        deployment: deployment({ observedGeneration: 1, updatedReplicas: 3 }),
        replicaSets: [oldSet],
        pods: [oldPod("old-1", crashing(40, crashed))],
      }),
      is: "waiting",
    },
    {
      name: "a process that ends with code 0 twice is waited out",
      after: 60,
      look: midway([pod("new-1", [crashing(2, { code: 0 })])]),
      is: "waiting",
    },
    {
      name: "a process that ends with code 0 three times fails the rollout",
      after: 60,
      look: midway([pod("new-1", [crashing(3, { code: 0 })])]),
      is: "exits",
    },
    {
      name: "one kill for memory is waited out",
      look: midway([pod("new-1", [starting({ restarts: 1, last: gone })])]),
      is: "waiting",
    },
    {
      name: "two kills for memory of every new pod fail the rollout",
      after: 60,
      look: midway([pod("new-1", [crashing(2, gone)])]),
      is: "out-of-memory",
    },
    {
      name: "crashes before our start are not held against a fix that keeps the template",
      look: midway([
        pod("new-1", [crashing(7, { code: 1, at: -30 })], { started: -600 }),
        pod("new-2", [crashing(7, { code: 1, at: -90 })], { started: -600 }),
      ]),
      is: "waiting",
    },
    {
      name: "a crash in the second of our start is held against it",
      look: midway([pod("new-1", [crashing(7, { code: 1, at: 0 })], { started: -600 })]),
      is: "crash-loop",
    },
    {
      name: "an init container that crashes three times fails the rollout",
      after: 60,
      look: midway([
        pod("new-1", [waiting("PodInitializing")], {
          init: [crashing(3, crashed, { name: "wait-for-db" })],
        }),
        pod("new-2", [up()]),
      ]),
      is: "crash-loop",
    },
    {
      name: "an init container that is done is no trouble",
      after: 600,
      look: midway([pod("new-1", [starting()], { init: [ended({ code: 0 }, { ready: true })] })]),
      is: "deadline",
    },
    {
      name: "an init container that is done does not hide the crash of the app",
      after: 60,
      look: midway([
        pod("new-1", [crashing(3, crashed)], { init: [ended({ code: 0 }, { ready: true })] }),
      ]),
      is: "crash-loop",
    },
    {
      name: "a soft trouble of the first container does not hide a hard one of the second",
      after: 60,
      look: midway([
        pod("new-1", [
          waiting("ImagePullBackOff", "i/o timeout", { name: "sidecar" }),
          crashing(3, crashed),
        ]),
      ]),
      is: "crash-loop",
    },
    {
      name: "an evicted pod of the new ReplicaSet does not save the others that all crash",
      after: 60,
      look: midway([
        pod("new-1", [ended({ code: 137 })], { phase: "Failed" }),
        pod("new-2", [crashing(2, crashed)]),
      ]),
      is: "crash-loop",
    },
    {
      name: "an evicted pod alone fails nothing early",
      after: 60,
      look: midway([
        pod("new-1", [ended({ code: 137 }, { restarts: 3 })], { phase: "Failed" }),
        pod("new-2", [starting()]),
      ]),
      is: "waiting",
    },
    {
      name: "a new pod that is being deleted is not judged",
      after: 60,
      look: midway([
        pod("new-1", [crashing(5, crashed)], { deleting: true }),
        pod("new-2", [starting()]),
      ]),
      is: "waiting",
    },
  ];
  cases.forEach(holds);
});

const missing = 'rpc error: failed to resolve reference "kubecon:2018": kubecon:2018: not found';
const rateLimited =
  "429 Too Many Requests - toomanyrequests: You have reached your unauthenticated pull rate limit.";

describe("images that cannot be pulled", () => {
  const cases: readonly Case[] = [
    {
      name: "a missing tag is held for 20 s: the push may still be under way",
      after: 19.999,
      look: midway([pod("new-1", [waiting("ErrImagePull", missing)])]),
      is: "waiting",
    },
    {
      name: "a missing tag fails the rollout after 20 s",
      after: 20,
      look: midway([pod("new-1", [waiting("ImagePullBackOff", missing)])]),
      is: "image-not-found",
    },
    {
      name: "a missing tag of a pod that started late is held from its own start",
      after: 110,
      look: midway([pod("new-1", [waiting("ErrImagePull", missing)], { started: 100 })]),
      is: "waiting",
    },
    {
      name: "a missing tag of a pod that was there before is held from our start",
      after: 19.999,
      look: midway([pod("new-1", [waiting("ErrImagePull", missing)], { started: -600 })]),
      is: "waiting",
    },
    {
      name: "a manifest unknown is a missing tag",
      after: 20,
      look: midway([pod("new-1", [waiting("ErrImagePull", "manifest unknown")])]),
      is: "image-not-found",
    },
    {
      name: "a missing permission is held for 60 s: a pull secret may still arrive",
      after: 59.999,
      look: midway([pod("new-1", [waiting("ErrImagePull", "401 Unauthorized")])]),
      is: "waiting",
    },
    {
      name: "a missing permission fails the rollout after 60 s",
      after: 60,
      look: midway([
        pod("new-1", [waiting("ErrImagePull", "unauthorized: authentication required")]),
      ]),
      is: "image-unauthorized",
    },
    {
      name: "Docker Hub's answer to strangers is a missing permission",
      after: 60,
      look: midway([
        pod("new-1", [
          waiting(
            "ErrImagePull",
            "pull access denied for kubecon, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
          ),
        ]),
      ]),
      is: "image-unauthorized",
    },
    {
      name: "a tag that looks like a status code is no missing permission",
      after: 20,
      look: midway([
        pod("new-1", [
          waiting("ErrImagePull", "registry.example.com/web:403: not found", {
            image: "registry.example.com/web:403",
          }),
        ]),
      ]),
      is: "image-not-found",
    },
    ...[
      rateLimited,
      "i/o timeout",
      "unexpected EOF",
      "x509: certificate has expired",
      "503 Service Unavailable",
      "lookup registry.example.com: no such host",
    ].map((message): Case => ({
      name: `a registry that answers "${message.slice(0, 30)}" never fails a rollout early`,
      after: 599,
      look: midway([pod("new-1", [waiting("ImagePullBackOff", message)])]),
      is: "waiting",
    })),
    {
      name: "an impossible image name fails the rollout at once",
      after: 0,
      look: midway([pod("new-1", [waiting("InvalidImageName", "couldn't parse image name")])]),
      is: "image-invalid",
    },
    {
      name: "an image that may not be pulled and is not there fails the rollout at once",
      after: 0,
      look: midway([
        pod("new-1", [waiting("ErrImageNeverPull", "not present with pull policy of Never")]),
      ]),
      is: "image-invalid",
    },
    {
      name: "an impossible image name of one pod of two is waited out",
      after: 30,
      look: midway([pod("new-1", [waiting("InvalidImageName")]), pod("new-2", [up()])]),
      is: "waiting",
    },
  ];
  cases.forEach(holds);
});

describe("containers that cannot start", () => {
  const config = (message: string) =>
    midway([pod("new-1", [waiting("CreateContainerConfigError", message)])]);
  const run = (code: number, message: string, restarts = 1) =>
    midway([pod("new-1", [crashing(restarts, { code, reason: "StartError", message })])]);
  const cases: readonly Case[] = [
    {
      name: "a missing Secret is held for 60 s: it may be created a moment later",
      after: 59.999,
      look: config('secret "db" not found'),
      is: "waiting",
    },
    {
      name: "a missing Secret fails the rollout after 60 s",
      after: 60,
      look: config('secret "db" not found'),
      is: "config-missing",
    },
    {
      name: "a missing key fails the rollout after 60 s",
      after: 60,
      look: config("couldn't find key url in Secret web/db"),
      is: "config-missing",
    },
    {
      name: "a kubelet that has not synced its cache never fails a rollout early",
      after: 599,
      look: config("failed to sync secret cache: timed out waiting for the condition"),
      is: "waiting",
    },
    {
      name: "an image that runs as root is refused by the kubelet, which is no missing configuration",
      after: 60,
      look: config("container has runAsNonRoot and image will run as root"),
      is: "cannot-run",
    },
    {
      name: "a missing command fails the rollout after 30 s",
      after: 30,
      look: run(127, "executable file not found in $PATH"),
      is: "cannot-run",
    },
    {
      name: "a missing command is held for 30 s",
      after: 29.999,
      look: run(127, "executable file not found in $PATH"),
      is: "waiting",
    },
    {
      name: "an image for other processors fails the rollout after 30 s",
      after: 30,
      look: midway([pod("new-1", [crashing(1, { code: 1, message: "exec format error" })])]),
      is: "cannot-run",
    },
    {
      name: "code 128 may be the runtime's hiccup",
      after: 60,
      look: run(128, "oci"),
      is: "waiting",
    },
    {
      name: "code 128 three times is no hiccup",
      after: 60,
      look: run(128, "executable file not found in $PATH", 3),
      is: "cannot-run",
    },
    {
      name: "a container that the runtime cannot create fails the rollout after 30 s",
      after: 30,
      look: midway([pod("new-1", [waiting("CreateContainerError", "no command specified")])]),
      is: "cannot-run",
    },
  ];
  cases.forEach(holds);
});

const noRoom = {
  conditions: [
    {
      type: "PodScheduled",
      status: "False",
      reason: "Unschedulable",
      message: "0/5 nodes are available: 5 Insufficient cpu.",
    },
  ],
};

describe("troubles that may heal", () => {
  const cases: readonly Case[] = [
    {
      name: "no room in the cluster never fails a rollout early: nodes may be added",
      after: 599,
      look: midway([pod("new-1", [], noRoom)]),
      is: "waiting",
    },
    {
      name: "no room in the cluster is the cause at the deadline",
      after: 600,
      look: midway([pod("new-1", [], noRoom)]),
      is: "unschedulable",
    },
    {
      name: "a volume that cannot be mounted never fails a rollout early",
      after: 599,
      look: midway([pod("new-1", [waiting("ContainerCreating")])], {
        warnings: [warning("FailedMount", 'secret "certs" not found')],
      }),
      is: "waiting",
    },
    {
      name: "a volume that cannot be mounted is the cause at the deadline",
      after: 600,
      look: midway([pod("new-1", [waiting("ContainerCreating")])], {
        warnings: [warning("FailedMount", 'secret "certs" not found')],
      }),
      is: "waiting-for-volume",
    },
    {
      name: "a certificate that was never issued is the cause of a volume that cannot be mounted",
      after: 600,
      look: midway([pod("new-1", [waiting("ContainerCreating")])], {
        warnings: [warning("FailedMount", 'secret "certs" not found')],
        certificates: [{ name: "certs", ready: false, message: "DNS challenge pending" }],
      }),
      is: "certificate-pending",
    },
    {
      name: "a failing readiness probe never fails a rollout early",
      after: 599,
      look: midway([pod("new-1", [starting()], { phase: "Running" })], {
        warnings: [
          warning("Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 503"),
        ],
      }),
      is: "waiting",
    },
    {
      name: "a failing readiness probe is the cause at the deadline",
      after: 600,
      look: midway([pod("new-1", [starting()], { phase: "Running" })], {
        warnings: [
          warning("Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 503"),
        ],
      }),
      is: "not-ready",
    },
    {
      name: "another pod's failing probe is not this pod's cause",
      after: 600,
      look: midway([pod("new-1", [starting()])], {
        warnings: [warning("Unhealthy", "Readiness probe failed", { on: "old-1" })],
      }),
      is: "deadline",
    },
  ];
  cases.forEach(holds);
});

describe("pods that are never created", () => {
  const refused = (since: number) =>
    condition("ReplicaFailure", "True", "FailedCreate", {
      lastTransitionTime: stamp(since),
      message:
        'pods "kubecon" is forbidden: exceeded quota: web, requested: pods=1, used: pods=3, limited: pods=3',
    });
  const look = (since: number, status = {}) =>
    midway([], {
      deployment: rolling({ updatedReplicas: 0, conditions: [refused(since)], ...status }),
    });
  const cases: readonly Case[] = [
    { name: "a refusal is held for 15 s", after: 16.999, look: look(2), is: "waiting" },
    { name: "a refusal of 15 s fails the rollout", after: 17, look: look(2), is: "no-pods" },
    {
      name: "a refusal that is left from the rollout before is held from our own start",
      after: 14.999,
      look: look(-3_600),
      is: "waiting",
    },
    {
      name: "a refusal is not believed before our generation was observed",
      after: 60,
      look: look(-3_600, { observedGeneration: 1 }),
      is: "waiting",
    },
    {
      name: "a refusal without a time is held from our own start",
      look: midway([], {
        deployment: rolling({ conditions: [condition("ReplicaFailure", "True", "FailedCreate")] }),
      }),
      is: "waiting",
    },
    {
      name: "a refusal that is over fails nothing",
      after: 60,
      look: midway([pod("new-1", [starting()])], {
        deployment: rolling({
          conditions: [condition("ReplicaFailure", "False", "", { lastTransitionTime: stamp(1) })],
        }),
      }),
      is: "waiting",
    },
  ];
  cases.forEach(holds);
});

describe("the picture on the way", () => {
  it("counts new ready pods, wanted pods, and old pods that are not ending", () => {
    const look = midway([pod("new-1", [up()]), pod("new-2", [starting()])]);
    const { progress } = judgeRollout(target, look, window, at(5));
    expect(progress).toMatchObject({ ready: 1, wanted: 3, old: 3 });
  });

  it("counts no old pod as new before our generation was observed", () => {
    const look = observation({
      deployment: deployment({ observedGeneration: 1 }),
      replicaSets: [oldSet],
      pods: ["old-1", "old-2", "old-3"].map((name) => oldPod(name)),
    });
    const { progress } = judgeRollout(target, look, window, at(1));
    expect(progress).toMatchObject({ ready: 0, wanted: 3, old: 3 });
  });

  it("keeps counting our pods while an autoscaler's newer generation is not observed", () => {
    const look = observation({ deployment: deployment({}, { generation: 3, replicas: 5 }) });
    const { progress } = judgeRollout(target, look, window, at(90));
    expect(progress).toMatchObject({ ready: 3, wanted: 5, old: 0 });
  });

  const about = (uid: string, rest: object = {}) => {
    const event = warning("BackOff", "again");
    return { ...event, ...rest, involvedObject: { ...event.involvedObject, uid } };
  };
  const told = (...warnings: readonly ReturnType<typeof about>[]): readonly string[] => {
    const look = midway([pod("new-1", [starting()])], { warnings });
    return judgeRollout(target, look, window, at(5)).progress.warnings.map(({ key }) => key);
  };

  it("tells warnings about what this rollout brought, and no other's", () => {
    expect(told(about("uid-of-new-1"))).toEqual(["BackOff/Pod"]);
    expect(told(about(target.uid), about("uid-of-2018"))).toEqual(["BackOff/Pod"]);
    expect(told(about("uid-of-old-1"), about("uid-of-2017"), about("uid-of-a-stranger"))).toEqual(
      [],
    );
  });

  it("tells a mount that fails only when it goes on for 20 s", () => {
    const failing = (seconds: number) =>
      about("uid-of-new-1", {
        reason: "FailedMount",
        firstTimestamp: stamp(1),
        lastTimestamp: stamp(1 + seconds),
      });
    expect(told(failing(19))).toEqual([]);
    expect(told(failing(20))).toEqual(["FailedMount/Pod"]);
  });

  it("does not count a pod that is being deleted as ready", () => {
    const look = midway([pod("new-1", [up()], { deleting: true })]);
    expect(judgeRollout(target, look, window, at(5)).progress.ready).toBe(0);
  });
});

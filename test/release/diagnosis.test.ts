import { describe, expect, it } from "vitest";
import type { Event, Pod } from "../../src/k8s/kinds.ts";
import { diagnose } from "../../src/release/diagnosis.ts";
import { judgeRollout } from "../../src/release/rollout.ts";
import { crdSchema, schemaAt, violations } from "./crd-schema.ts";
import {
  at,
  condition,
  crashing,
  deployment,
  ended,
  midway,
  observation,
  pod,
  rolling,
  starting,
  target,
  up,
  waiting,
  warning,
  window,
} from "./cluster.ts";

/** What a tired developer reads: the sentence, what proves it, what to do. */
function told(given: Pod, warnings: readonly Event[] = []): string {
  const problem = diagnose(given, warnings);
  if (problem === undefined) return "";
  return [problem.sentence, ...problem.evidence, `Next: ${problem.next}`].join("\n");
}

const one = (container: ReturnType<typeof up>): Pod => pod("new-1", [container]);
const waitsFor = (reason: string, message: string): Pod => one(waiting(reason, message));
const pull = (message: string): Pod => waitsFor("ImagePullBackOff", message);
const config = (message: string): Pod => waitsFor("CreateContainerConfigError", message);

describe("what a pod suffers from, read aloud", () => {
  it.each([
    ["a pod that is ready", one(up())],
    ["a pod that starts", one(starting())],
    ["a pod whose container is being created", waitsFor("ContainerCreating", "")],
    ["a pod without any status", { metadata: {} }],
  ])("is nothing for %s", (_name, given) => {
    expect(told(given)).toBe("");
  });

  it("a missing image", () => {
    expect(told(pull("registry.example.com/kubecon:2018: not found"))).toMatchInlineSnapshot(`
      "image registry.example.com/kubecon:2018 does not exist
      registry.example.com/kubecon:2018: not found
      Next: push the image or name a tag that exists"
    `);
  });

  it("a missing permission", () => {
    expect(told(pull("failed to authorize: 403 Forbidden"))).toMatchInlineSnapshot(`
      "the cluster may not pull registry.example.com/kubecon:2018
      failed to authorize: 403 Forbidden
      Next: check the pull secret of the registry"
    `);
  });

  it("a registry that stumbles", () => {
    expect(told(pull("dial tcp 192.0.2.1:443: i/o timeout"))).toMatchInlineSnapshot(`
      "image registry.example.com/kubecon:2018 is not pulled yet
      dial tcp 192.0.2.1:443: i/o timeout
      Next: check that the registry answers"
    `);
  });

  it("an impossible image name", () => {
    expect(told(waitsFor("InvalidImageName", "invalid reference format"))).toMatchInlineSnapshot(`
      "the image name registry.example.com/kubecon:2018 cannot be used
      invalid reference format
      Next: correct image and image_tag"
    `);
  });

  it("a missing Secret", () => {
    expect(told(config('secret "db" not found'))).toMatchInlineSnapshot(`
      "kubecon cannot start: secret "db" not found
      Next: create it, or correct its name"
    `);
  });

  it("a missing key of a Secret", () => {
    expect(told(config("couldn't find key url in Secret web/db"))).toMatchInlineSnapshot(`
      "kubecon cannot start: couldn't find key url in Secret web/db
      Next: create it, or correct its name"
    `);
  });

  it("a missing configuration that the kubelet does not name", () => {
    expect(told(config(""))).toMatchInlineSnapshot(`
      "kubecon cannot start: its configuration is missing
      Next: create it, or correct its name"
    `);
  });

  it("an image that runs as root", () => {
    const message = "container has runAsNonRoot and image will run as root";
    expect(told(config(message))).toMatchInlineSnapshot(`
      "kubecon may not start: its image runs as root, or names its user by a word
      container has runAsNonRoot and image will run as root
      Next: build the image with a numeric USER other than 0"
    `);
  });

  it("a command that is not in the image", () => {
    const message = 'exec: "serve": executable file not found in $PATH';
    const last = { code: 127, reason: "StartError", message };
    expect(told(one(crashing(1, last)))).toMatchInlineSnapshot(`
      "kubecon cannot be started (exit code 127)
      exec: "serve": executable file not found in $PATH
      Next: check that the image holds its command"
    `);
  });

  it("an image for other processors", () => {
    const last = { code: 1, message: "exec /app: exec format error" };
    expect(told(one(crashing(1, last)))).toMatchInlineSnapshot(`
      "kubecon cannot be started (exit code 1)
      exec /app: exec format error
      Next: build the image for the cluster's processors"
    `);
  });

  it("a container that the runtime cannot create", () => {
    expect(told(waitsFor("CreateContainerError", "no command specified"))).toMatchInlineSnapshot(`
      "kubecon cannot be started
      no command specified
      Next: check that the image holds its command"
    `);
  });

  it("a crash at start", () => {
    expect(told(one(crashing(3, { code: 1 })))).toMatchInlineSnapshot(`
      "kubecon exits with code 1 at start
      Next: mend what its last lines say, and deploy again"
    `);
  });

  it("the first crash of a container that is not yet restarted", () => {
    expect(told(one(ended({ code: 3 })))).toMatchInlineSnapshot(`
      "kubecon exits with code 3 at start
      Next: mend what its last lines say, and deploy again"
    `);
  });

  it("a process that ends by itself", () => {
    expect(told(one(crashing(3, { code: 0 })))).toMatchInlineSnapshot(`
      "kubecon ends by itself with code 0; an app must keep running
      Next: run a process that stays"
    `);
  });

  it("a kill for memory", () => {
    expect(told(one(crashing(2, { code: 137, reason: "OOMKilled" })))).toMatchInlineSnapshot(`
      "kubecon was killed: it used more memory than its limit
      Next: raise memory, or find what uses it"
    `);
  });

  it("an init container that crashes", () => {
    const init = [crashing(2, { code: 1 }, { name: "wait-for-db" })];
    const given = pod("new-1", [waiting("PodInitializing")], { init });
    expect(told(given)).toMatchInlineSnapshot(`
      "wait-for-db exits with code 1 at start
      Next: mend what its last lines say, and deploy again"
    `);
  });

  it("no room in the cluster", () => {
    const message = "0/5 nodes are available: 5 Insufficient cpu.";
    const conditions = [
      { type: "PodScheduled", status: "False", reason: "Unschedulable", message },
    ];
    expect(told(pod("new-1", [], { conditions }))).toMatchInlineSnapshot(`
      "the cluster has no room for a pod
      0/5 nodes are available: 5 Insufficient cpu.
      Next: free resources or add nodes"
    `);
  });

  it("a volume that cannot be mounted", () => {
    const event = warning("FailedMount", 'MountVolume.SetUp failed: secret "certs" not found');
    expect(told(waitsFor("ContainerCreating", ""), [event])).toMatchInlineSnapshot(`
      "a volume cannot be mounted
      MountVolume.SetUp failed: secret "certs" not found
      Next: check that what it mounts exists"
    `);
  });

  it("a readiness probe that fails, by its latest words", () => {
    const events = [
      warning("Unhealthy", "Readiness probe failed: connection refused"),
      warning("Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 503"),
    ];
    expect(told(one(starting()), events)).toMatchInlineSnapshot(`
      "kubecon runs, but does not become ready
      Readiness probe failed: HTTP probe failed with statuscode: 503
      Next: check that it listens on its port"
    `);
  });
});

describe("why a rollout fails without any pod's trouble, read aloud", () => {
  const judged = (...[look, seconds]: [Parameters<typeof judgeRollout>[1], number]): string => {
    const judgement = judgeRollout(target, look, window, at(seconds));
    if (!("cause" in judgement)) return judgement.state;
    const { sentence, evidence, next } = judgement.cause;
    return [sentence, ...evidence, `Next: ${next}`].join("\n");
  };

  it("pods that are refused", () => {
    const message = 'pods "kubecon" is forbidden: exceeded quota: web,\nrequested: pods=1';
    const refused = condition("ReplicaFailure", "True", "FailedCreate", { message });
    const look = midway([], { deployment: rolling({ conditions: [refused] }) });
    expect(judged(look, 60)).toMatchInlineSnapshot(`
      "the cluster refuses to create pods
      pods "kubecon" is forbidden: exceeded quota: web, requested: pods=1
      Next: ask the cluster's operators, with the message above"
    `);
  });

  it("pods that are not ready at the deadline", () => {
    expect(judged(midway([pod("new-1", [up()]), one(starting())]), 600)).toMatchInlineSnapshot(`
      "only 1 of 3 pods became ready in 10m00s
      2 of 3 pods created
      Next: look at its events and logs"
    `);
  });

  it("old pods that do not end", () => {
    const look = observation({ deployment: deployment({ replicas: 5 }) });
    expect(judged(look, 600)).toMatchInlineSnapshot(`
      "the rollout did not complete in 10m00s
      2 old pods to end
      Next: look at its events and logs"
    `);
  });

  it("somebody's pause", () => {
    const paused = deployment({ replicas: 3, updatedReplicas: 0 }, { paused: true });
    expect(judged(midway([], { deployment: paused }), 600)).toMatchInlineSnapshot(`
      "only 0 of 3 pods became ready in 10m00s
      the Deployment is paused
      Next: look at its events and logs"
    `);
  });

  it("somebody's change", () => {
    expect(judged(observation({ templateHash: "other" }), 5)).toMatchInlineSnapshot(`
      "Deployment kubecon-2017 was changed outside docc while it rolled out
      Next: deploy again, if that was not intended"
    `);
  });

  it("somebody's deletion", () => {
    expect(judged(observation({ deployment: undefined }), 5)).toMatchInlineSnapshot(`
      "Deployment kubecon-2017 was deleted or replaced outside docc
      Next: deploy again, if that was not intended"
    `);
  });
});

describe("where the log is that tells more", () => {
  it("is the container before its restart", () => {
    expect(diagnose(one(crashing(3, { code: 1 })), [])?.log).toEqual({
      pod: "new-1",
      container: "kubecon",
      previous: true,
    });
  });

  it("is the container itself before its first restart, and while it is not ready", () => {
    const log = { pod: "new-1", container: "kubecon", previous: false };
    expect(diagnose(one(ended({ code: 1 })), [])?.log).toEqual(log);
    expect(diagnose(one(starting()), [warning("Unhealthy", "failed")])?.log).toEqual(log);
  });

  it("is nowhere for a container that never ran", () => {
    expect(diagnose(pull("not found"), [])).not.toHaveProperty("log");
  });
});

describe("words of the cluster", () => {
  const hostile = `line one\r\nline two \u202e\u001b[31m ${"x".repeat(5_000)} <!channel>`;
  const cases = [
    pull(hostile),
    pull(`not found ${hostile}`),
    config(hostile),
    waitsFor("RunContainerError", hostile),
    one(crashing(3, { code: 127, message: hostile })),
    one(waiting("InvalidImageName", hostile, { image: hostile })),
  ];

  it.each(cases.map((given, at) => [at, given] as const))(
    "stay one short line that fits the record (%i)",
    (_at, given) => {
      const problem = diagnose(given, []);
      const schema = schemaAt(crdSchema("releases"), "status.verdict.cause");
      const { code, sentence = "", evidence = [], next } = problem ?? {};
      expect(violations(schema, { code, sentence, evidence, next })).toEqual([]);
      expect([sentence, ...evidence].join("")).not.toMatch(
        /[\p{Cc}\p{Default_Ignorable_Code_Point}]/u,
      );
      expect(sentence.length).toBeLessThanOrEqual(200);
    },
  );
});

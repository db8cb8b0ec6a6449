import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { app, condition, deleted, inWords, Play, podOf, worldOf } from "../support/pods.ts";
import { advancePod, newPod, type PodRuntime } from "./pod.ts";
import type { Container, PodEvent, Probe } from "./types.ts";

const every = (seconds: number): Probe => ({
  httpGet: { path: "/healthz", port: 8080 },
  periodSeconds: seconds,
});

describe("a container that serves", () => {
  it("is ready as soon as it runs when it has no readiness probe", () => {
    const play = new Play(podOf([app("2017")]));
    expect(inWords(play.to(149))).toBe("ContainerCreating");
    const status = play.to(150);
    expect(inWords(status)).toBe("running, ready");
    expect(status).toMatchObject({ phase: "Running", podIP: "10.64.0.1", hostIP: "127.0.0.1" });
    expect(condition(status, "Ready")).toBe("True");
    expect(play.events.map((event) => event.reason)).toEqual([
      "Pulling",
      "Pulled",
      "Created",
      "Started",
    ]);
  });

  it("is ready at the first probe after it listens", () => {
    const play = new Play(podOf([app("2017", { readinessProbe: every(2) })]));
    expect(inWords(play.to(2_149))).toBe("running, unready");
    expect(inWords(play.to(2_150))).toBe("running, ready");
    expect(play.summary("Warning")).toEqual([
      'Unhealthy: Readiness probe failed: Get "http://10.64.0.1:8080/healthz": dial tcp 10.64.0.1:8080: connect: connection refused',
    ]);
  });

  it("waits for its startup probe before the readiness probe begins", () => {
    const probes = { startupProbe: every(1), readinessProbe: every(1) };
    const play = new Play(podOf([app("2017", probes)]));
    expect(inWords(play.to(1_149))).toBe("running, unready");
    expect(inWords(play.to(1_150))).toBe("running, ready");
    expect(play.summary("Warning")).toHaveLength(1);
  });

  const named: Partial<Container> = { ports: [{ containerPort: 8080, name: "web" }] };

  it.each([
    ["its own tool", { exec: { command: ["/app/healthy"] } }],
    ["HTTPS, a port's name", { httpGet: { port: "web", scheme: "HTTPS" } }],
    ["a connection", { tcpSocket: { port: "web" } }],
  ])("is ready by %s as soon as it serves", (_, probe) => {
    const readinessProbe = { ...probe, periodSeconds: 1 };
    const play = new Play(podOf([app("2017", { ...named, readinessProbe })]));
    expect(inWords(play.to(1_149))).toBe("running, unready");
    expect(inWords(play.to(1_150))).toBe("running, ready");
  });

  it.each([
    ["a port it does not declare", { httpGet: { port: 9090 } }],
    ["an undeclared port name", { tcpSocket: { port: "metrics" } }],
  ])("never gets ready when its probe asks %s", (_, probe) => {
    const play = new Play(podOf([app("2017", { readinessProbe: { ...probe, periodSeconds: 1 } })]));
    expect(inWords(play.to(60_000))).toBe("running, unready");
  });

  it("asks nothing more of a pod that is ready", () => {
    const play = new Play(
      podOf([app("2017", { readinessProbe: every(1), livenessProbe: every(1) })]),
    );
    play.to(5_000);
    expect(advancePod(play.pod, play.runtime, worldOf(5_000)).wakeAt).toBeUndefined();
  });
});

describe("a container that never listens", () => {
  it("stays unready, and each failed probe is an event", () => {
    const play = new Play(podOf([app("2019", { readinessProbe: every(10) })]));
    const status = play.to(65_000);
    expect(inWords(status)).toBe("running, unready");
    expect(status.phase).toBe("Running");
    expect(condition(status, "Ready")).toBe("False");
    expect(play.summary("Warning")[0]).toMatch(/^7 x Unhealthy: Readiness probe failed: Get/);
  });

  it("is killed by its startup probe and then backs off", () => {
    const startupProbe = { ...every(1), failureThreshold: 3 };
    const play = new Play(podOf([app("2019", { startupProbe })]));
    expect(inWords(play.to(2_149))).toBe("running, unready");
    expect(inWords(play.to(2_150))).toBe("ended 143");
    expect(inWords(play.to(2_650))).toBe("running, unready, restarts 1, last 143");
    expect(inWords(play.to(6_000))).toBe("CrashLoopBackOff, restarts 1, last 143");
    expect(play.summary("Normal")).toContain(
      "2 x Killing: Container app failed startup probe, will be restarted",
    );
  });
});

describe("a container that crashes", () => {
  it("is restarted at once, then after 10 s, 20 s, 40 s and so on up to 300 s", () => {
    const play = new Play(podOf([app("2018")]));
    play.to(1_500_000);
    const starts = play.events.filter((one) => one.reason === "Started").map((one) => one.at);
    const gaps = starts.slice(1).map((start, index) => start - (starts[index] ?? 0));
    // Each run lasts 500 ms; the first end is noticed after another 500.
    const after = [10, 20, 40, 80, 160, 300, 300, 300].map((seconds) => seconds * 1_000 + 500);
    expect(gaps).toEqual([1_000, ...after]);
  });

  it("shows what a kubelet shows", () => {
    const play = new Play(podOf([app("2018")]));
    const timeline = [150, 650, 1_150, 1_650, 2_150, 11_650].map((at) => inWords(play.to(at)));
    expect(timeline).toEqual([
      "running, ready",
      "ended 1",
      "running, ready, restarts 1, last 1",
      "ended 1, restarts 1, last 1",
      "CrashLoopBackOff, restarts 1, last 1",
      "running, ready, restarts 2, last 1",
    ]);
    expect(play.summary("Warning")).toEqual([
      "BackOff: Back-off restarting failed container app in pod web_shop(7f3a)",
    ]);
    const status = play.to(13_000);
    expect(status.phase).toBe("Running");
    expect(status.containerStatuses?.[0]?.state.waiting?.message).toBe(
      "back-off 20s restarting failed container=app pod=web_shop(7f3a)",
    );
  });

  it.each([
    ["Never", 1, "Failed"],
    ["OnFailure", 0, "Succeeded"],
    ["Never", 0, "Succeeded"],
    ["OnFailure", 1, "Running"],
  ] as const)("under policy %s ends a pod whose code is %i as %s", (restartPolicy, code, phase) => {
    const image = {
      reference: "job:1",
      behaviour: { kind: "exits", code, afterMs: 10 },
      logs: [],
    } as const;
    const play = new Play(podOf([{ name: "job", image: "job:1" }], { restartPolicy }), {}, [image]);
    expect(play.to(20_000).phase).toBe(phase);
  });
});

describe("an image that is not there", () => {
  const image = "registry.corp.example.com/demo/kubecon:nope";
  const error = `rpc error: code = NotFound desc = failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${image}: not found`;

  it("alternates between ErrImagePull and ImagePullBackOff, whose message keeps the error", () => {
    const play = new Play(podOf([app("nope")]));
    expect(inWords(play.to(150))).toBe("ErrImagePull");
    expect(inWords(play.to(650))).toBe("ImagePullBackOff");
    expect(play.to(650).containerStatuses?.[0]?.state.waiting?.message).toBe(
      `Back-off pulling image "${image}": ErrImagePull: ${error}`,
    );
    expect(inWords(play.to(10_300))).toBe("ErrImagePull");
    expect(play.to(10_300).phase).toBe("Pending");
    expect(play.summary()).toEqual([
      `2 x Pulling: Pulling image "${image}"`,
      `2 x Failed: Failed to pull image "${image}": ${error}`,
      "2 x Failed: Error: ErrImagePull",
      `BackOff: Back-off pulling image "${image}"`,
      "Failed: Error: ImagePullBackOff",
    ]);
  });

  it.each([
    ["Registry.Example.com/UPPER", "InvalidImageName"],
    ["web:1", "ErrImageNeverPull"],
  ])("%s waits as %s", (reference, reason) => {
    const play = new Play(podOf([{ name: "app", image: reference, imagePullPolicy: "Never" }]));
    expect(inWords(play.to(1_000))).toBe(reason);
  });
});

describe("Secrets and ConfigMaps", () => {
  const volumes = [{ name: "tls", secret: { secretName: "kubecon-tls" } }];

  it("hold the pod back while a mounted one is missing, and let it go when it comes", () => {
    const play = new Play(podOf([app("2017")], { volumes }));
    const status = play.to(3_000);
    expect(inWords(status)).toBe("ContainerCreating");
    expect(status).not.toHaveProperty("podIP");
    expect(play.summary()).toEqual([
      '3 x FailedMount: MountVolume.SetUp failed for volume "tls" : secret "kubecon-tls" not found',
    ]);
    play.objects = { "Secret/shop/kubecon-tls": ["tls.crt", "tls.key"] };
    play.to(3_001);
    expect(inWords(play.to(3_200))).toBe("running, ready");
  });

  it.each<[string, Partial<Container>, string]>([
    ["a missing Secret", { envFrom: [{ secretRef: { name: "db" } }] }, 'secret "db" not found'],
    [
      "a missing key",
      { env: [{ name: "URL", valueFrom: { secretKeyRef: { name: "some", key: "url" } } }] },
      "couldn't find key url in Secret shop/some",
    ],
    [
      "a missing ConfigMap",
      { env: [{ name: "A", valueFrom: { configMapKeyRef: { name: "conf", key: "a" } } }] },
      'configmap "conf" not found',
    ],
  ])("%s in the environment is a CreateContainerConfigError", (_, more, message) => {
    const play = new Play(podOf([app("2017", more)]), { "Secret/shop/some": ["other"] });
    const status = play.to(1_000);
    expect(status.containerStatuses?.[0]?.state.waiting).toEqual({
      reason: "CreateContainerConfigError",
      message,
    });
    expect(play.summary("Warning")).toEqual([`Failed: Error: ${message}`]);
  });

  it("that are optional hold nothing back", () => {
    const optional = [{ name: "tls", secret: { secretName: "none", optional: true } }];
    const envFrom = [{ configMapRef: { name: "none", optional: true } }];
    const play = new Play(podOf([app("2017", { envFrom })], { volumes: optional }));
    expect(inWords(play.to(150))).toBe("running, ready");
  });
});

describe("init containers", () => {
  const migrate = (code: number) =>
    ({
      reference: "migrate:1",
      behaviour: { kind: "exits", code, afterMs: 100 },
      logs: [],
    }) as const;
  const web = {
    reference: "web:1",
    behaviour: { kind: "serves", readyAfterMs: 0 },
    logs: [],
  } as const;
  const pod = podOf([{ name: "web", image: "web:1" }], {
    initContainers: [{ name: "migrate", image: "migrate:1" }],
  });

  it("run before the others and are not repeated", () => {
    const play = new Play(pod, {}, [migrate(0), web]);
    expect(play.to(200).phase).toBe("Pending");
    expect(inWords(play.to(200))).toBe("PodInitializing");
    const status = play.to(60_000);
    expect(inWords(status)).toBe("running, ready");
    expect(status.initContainerStatuses?.[0]).toMatchObject({ ready: true, restartCount: 0 });
  });

  it("hold the others back while they fail", () => {
    const play = new Play(pod, {}, [migrate(3), web]);
    const status = play.to(5_000);
    expect(inWords(status)).toBe("PodInitializing");
    expect(status.phase).toBe("Pending");
    expect(condition(status, "Initialized")).toBe("False");
    expect(status.initContainerStatuses?.[0]?.state.waiting?.reason).toBe("CrashLoopBackOff");
  });
});

describe("deletion", () => {
  const pausing = (seconds: number): Container =>
    app("2017", { lifecycle: { preStop: { sleep: { seconds } } } });

  it.each([
    ["at once without a preStop pause", 0, 30, 0],
    ["after the preStop pause", 5, 30, 5_000],
    ["at the end of the grace period at the latest", 60, 30, 30_000],
  ])("ends the containers %s", (_, pause, grace, takes) => {
    const play = new Play(podOf([pausing(pause)]));
    play.to(1_000);
    play.pod = deleted(play.pod, grace);
    expect(play.runtime.stopped).toBe(false);
    if (takes > 0) expect(inWords(play.to(1_000 + takes - 1))).toBe("running, ready");
    const status = play.to(1_000 + takes);
    expect(play.runtime.stopped).toBe(true);
    expect(inWords(status)).toBe("ended 0");
    expect(status.phase).toBe("Succeeded");
    expect(condition(status, "Ready")).toBe("False");
    expect(play.summary("Normal")).toContain("Killing: Stopping container app");
  });

  it("needs no time when nothing has run", () => {
    const play = new Play(podOf([app("nope")]));
    play.to(1_000);
    play.pod = deleted(play.pod, 30);
    play.to(1_000);
    expect(play.runtime.stopped).toBe(true);
  });
});

it("looking at a pod more often changes nothing", () => {
  const tags = fc.constantFrom("2017", "2018", "2019", "nope");
  const probe = fc.option(fc.integer({ min: 1, max: 5 }).map(every), { nil: undefined });
  const containers = fc.record({ tag: tags, startup: probe, readiness: probe, liveness: probe });
  const looks = fc.array(fc.integer({ min: 0, max: 60_000 }), { maxLength: 30 });
  fc.assert(
    fc.property(containers, looks, ({ tag, startup, readiness, liveness }, times) => {
      const spec = app(tag, {
        ...(startup && { startupProbe: startup }),
        ...(readiness && { readinessProbe: readiness }),
        ...(liveness && { livenessProbe: liveness }),
      });
      const pod = podOf([spec]);
      const seen = look(pod, [0, ...times.toSorted((a, b) => a - b), 60_000]);
      expect(seen).toEqual(look(pod, [0, 60_000]));
    }),
  );
});

function look(pod: ReturnType<typeof podOf>, times: readonly number[]): unknown {
  const events: PodEvent[] = [];
  let runtime: PodRuntime = newPod("10.64.0.1", 0);
  for (const now of times) {
    const advanced = advancePod(pod, runtime, worldOf(now));
    runtime = advanced.runtime;
    events.push(...advanced.events);
  }
  return { runtime, events };
}

import * as k8s from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { digestOf } from "../../../sandbox/cluster/images.ts";
import { sandboxImages } from "../../../sandbox/images.ts";
import { deployment, kubeConfigOf, repository, startCluster, stepUntil } from "./support.ts";

const namespace = "default";

async function steppedCluster() {
  const cluster = await startCluster();
  cluster.clock.pause();
  const config = kubeConfigOf(cluster);
  const apps = config.makeApiClient(k8s.AppsV1Api);
  const core = config.makeApiClient(k8s.CoreV1Api);
  const pods = async () => (await core.listNamespacedPod({ namespace })).items;
  const read = async () => apps.readNamespacedDeployment({ name: "web", namespace });
  const condition = async (type: string) =>
    (await read()).status?.conditions?.find((entry) => entry.type === type);
  const waiting = async () => (await pods())[0]?.status?.containerStatuses?.[0]?.state?.waiting;
  const events = async () => (await core.listNamespacedEvent({ namespace })).items;
  return {
    cluster,
    apps,
    core,
    pods,
    read,
    condition,
    waiting,
    events,
    [Symbol.asyncDispose]: async () => cluster.stop(),
  };
}

describe("a rollout in the embedded cluster", () => {
  it("brings three replicas up, and a new tag replaces them all", async () => {
    await using rig = await steppedCluster();
    const { cluster, apps } = rig;
    const created = await apps.createNamespacedDeployment({
      namespace,
      body: deployment({ replicas: 3 }),
    });
    expect(created.metadata?.generation).toBe(1);
    await stepUntil(
      cluster,
      "three ready",
      30,
      async () => (await rig.read()).status?.availableReplicas === 3,
    );
    expect(await rig.condition("Progressing")).toMatchObject({
      status: "True",
      reason: "NewReplicaSetAvailable",
    });

    const live = await rig.read();
    expect(live.status?.observedGeneration).toBe(1);
    expect(live.metadata?.annotations?.["deployment.kubernetes.io/revision"]).toBe("1");
    const [container] = live.spec?.template.spec?.containers ?? [];
    if (container !== undefined) container.image = `${repository}:2016`;
    await apps.replaceNamespacedDeployment({ name: "web", namespace, body: live });
    await stepUntil(cluster, "the new tag everywhere", 60, async () => {
      const { status, metadata } = await rig.read();
      const done =
        status?.updatedReplicas === 3 && status.availableReplicas === 3 && status.replicas === 3;
      return done && metadata?.generation === 2 && status.observedGeneration === 2;
    });
    const images = (await rig.pods())
      .filter((pod) => pod.metadata?.deletionTimestamp === undefined)
      .map((pod) => pod.spec?.containers[0]?.image);
    expect(images).toEqual(Array.from({ length: 3 }, () => `${repository}:2016`));
    expect((await rig.read()).metadata?.annotations?.["deployment.kubernetes.io/revision"]).toBe(
      "2",
    );
  });

  it("counts available replicas up and never back while they are healthy", async () => {
    await using rig = await steppedCluster();
    const available: number[] = [];
    const watch = await new k8s.Watch(kubeConfigOf(rig.cluster)).watch(
      "/apis/apps/v1/namespaces/default/deployments",
      {},
      (_type, object: k8s.V1Deployment) => available.push(object.status?.availableReplicas ?? 0),
      () => undefined,
    );
    await rig.apps.createNamespacedDeployment({ namespace, body: deployment({ replicas: 3 }) });
    await rig.cluster.clock.step(10_000);
    watch.abort();
    expect(available.at(-1)).toBe(3);
    expect(available).toEqual(available.toSorted((a, b) => a - b));
  });

  it("runs an image named by its digest", async () => {
    await using rig = await steppedCluster();
    const image = sandboxImages.find(({ reference }) => reference === `${repository}:2017`);
    if (image === undefined) throw new Error("the demo has no 2017");
    const container = { image: `${repository}@${digestOf(image)}` };
    await rig.apps.createNamespacedDeployment({ namespace, body: deployment({ container }) });
    await stepUntil(
      rig.cluster,
      "ready",
      30,
      async () => (await rig.read()).status?.availableReplicas === 1,
    );
  });

  it("restarts a crashing container with growing pauses, and keeps the log of the one before", async () => {
    await using rig = await steppedCluster();
    await rig.apps.createNamespacedDeployment({ namespace, body: deployment({ tag: "2018" }) });
    const state = await stepUntil(rig.cluster, "a crash loop", 60, async () => {
      const found = await rig.waiting();
      return found?.reason === "CrashLoopBackOff" ? found : undefined;
    });
    expect(state.message).toContain("back-off 10s restarting failed container=web");
    await stepUntil(rig.cluster, "two restarts", 60, async () => {
      const [pod] = await rig.pods();
      return (pod?.status?.containerStatuses?.[0]?.restartCount ?? 0) >= 2;
    });
    const [pod] = await rig.pods();
    const name = pod?.metadata?.name ?? "";
    expect(pod?.status?.containerStatuses?.[0]?.lastState?.terminated).toMatchObject({
      exitCode: 1,
      reason: "Error",
    });
    const log = await rig.core.readNamespacedPodLog({ name, namespace, previous: true });
    expect(log).toBe("kubecon 2018 starting\nDATABASE_URL is not set\n");
    expect(await rig.core.readNamespacedPodLog({ name, namespace, tailLines: 1 })).toBe(
      "DATABASE_URL is not set\n",
    );
  });

  it("says that an unknown tag was not found, and backs off", async () => {
    await using rig = await steppedCluster();
    await rig.apps.createNamespacedDeployment({ namespace, body: deployment({ tag: "nope" }) });
    const first = await stepUntil(rig.cluster, "a pull error", 20, async () => rig.waiting());
    expect(first.reason).toBe("ErrImagePull");
    const later = await stepUntil(rig.cluster, "a back-off", 60, async () => {
      const found = await rig.waiting();
      return found?.reason === "ImagePullBackOff" ? found : undefined;
    });
    expect(later.message).toContain(`Back-off pulling image "${repository}:nope"`);
    expect(later.message).toContain("not found");
  });

  it("reaches ProgressDeadlineExceeded when 700 simulated seconds pass, in a moment", async () => {
    await using rig = await steppedCluster();
    await rig.apps.createNamespacedDeployment({ namespace, body: deployment({ tag: "2019" }) });
    const started = performance.now();
    await rig.cluster.clock.step(700_000);
    const took = performance.now() - started;
    expect(await rig.condition("Progressing")).toMatchObject({
      status: "False",
      reason: "ProgressDeadlineExceeded",
    });
    expect((await rig.pods())[0]?.status?.phase).toBe("Running");
    const probes = (await rig.events()).filter(({ reason }) => reason === "Unhealthy");
    expect(probes.map(({ involvedObject }) => involvedObject.fieldPath)).toEqual([
      "spec.containers{web}",
    ]);
    expect(probes[0]?.count).toBeGreaterThan(600);
    expect(took).toBeLessThan(10_000);
  });

  it("keeps a pod in ContainerCreating while the Secret it mounts is missing", async () => {
    await using rig = await steppedCluster();
    const pod = { volumes: [{ name: "tls", secret: { secretName: "web-tls" } }] };
    const container = { volumeMounts: [{ name: "tls", mountPath: "/tls" }] };
    await rig.apps.createNamespacedDeployment({ namespace, body: deployment({ pod, container }) });
    const state = await stepUntil(rig.cluster, "a waiting container", 10, async () =>
      rig.waiting(),
    );
    expect(state.reason).toBe("ContainerCreating");
    await stepUntil(rig.cluster, "an event", 10, async () =>
      (await rig.events()).find(
        ({ reason, message }) =>
          reason === "FailedMount" &&
          message === 'MountVolume.SetUp failed for volume "tls" : secret "web-tls" not found',
      ),
    );
    await rig.cluster.clock.step(60_000);
    expect((await rig.read()).status?.availableReplicas ?? 0).toBe(0);

    await rig.core.createNamespacedSecret({
      namespace,
      body: { metadata: { name: "web-tls" }, stringData: { a: "b" } },
    });
    await stepUntil(
      rig.cluster,
      "ready after the secret",
      180,
      async () => (await rig.read()).status?.availableReplicas === 1,
    );
  });

  it("waits in CreateContainerConfigError for a Secret key, and passes its value on", async () => {
    await using rig = await steppedCluster();
    const container = {
      env: [{ name: "TOKEN", valueFrom: { secretKeyRef: { name: "web", key: "token" } } }],
      readinessProbe: { exec: { command: ["sh", "-c", "printenv TOKEN"] }, periodSeconds: 1 },
    };
    await rig.apps.createNamespacedDeployment({ namespace, body: deployment({ container }) });
    const state = await stepUntil(rig.cluster, "a config error", 20, async () => {
      const found = await rig.waiting();
      return found?.reason === "CreateContainerConfigError" ? found : undefined;
    });
    expect(state.message).toBe('secret "web" not found');
    await rig.core.createNamespacedSecret({
      namespace,
      body: { metadata: { name: "web" }, stringData: { token: "t" } },
    });
    await stepUntil(
      rig.cluster,
      "ready",
      180,
      async () => (await rig.read()).status?.availableReplicas === 1,
    );
  });
});

import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { doccCrds } from "./crds.ts";
import { waitUntil } from "./process.ts";
import { describeOnRealCluster } from "./real-cluster.ts";
import { type InNamespace, namespacesOf } from "./support/namespaces.ts";
import { configuration, fullDeployment, image, pinned } from "./support/objects.ts";

const probe = { httpGet: { path: "/", port: 8080 }, periodSeconds: 1 };

interface DeploymentOptions {
  readonly replicas?: number;
  readonly pod?: object;
}

/** A Deployment `web` whose container has a readiness probe. */
function deployment(tag: string, { replicas = 1, pod = {} }: DeploymentOptions = {}): string {
  const ports = [{ containerPort: 8080 }];
  const app = { name: "app", image: image(tag), ports, readinessProbe: probe };
  const labels = { app: "web" };
  return JSON.stringify({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web" },
    spec: {
      replicas,
      strategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [app], ...pod } },
    },
  });
}

const reasonPath = "{.items[*].status.containerStatuses[0].state.waiting.reason}";

async function untilPodsWait(kubectl: InNamespace, reason: string): Promise<void> {
  await waitUntil(
    reason,
    async () => (await kubectl.ok(["get", "pods", "-o", `jsonpath=${reasonPath}`])) === reason,
    [],
    20_000,
  );
}

interface PodList {
  readonly items: readonly {
    readonly metadata: { readonly name: string; readonly deletionGracePeriodSeconds?: number };
    readonly spec: { readonly nodeName: string };
    readonly status: { readonly containerStatuses: readonly object[] };
  }[];
}

interface EventList {
  readonly items: readonly { reason: string; message: string; count: number; type: string }[];
}

async function events(kubectl: InNamespace, reason: string): Promise<EventList["items"]> {
  const { items } = JSON.parse(await kubectl.ok(["get", "events", "-o", "json"])) as EventList;
  return items.filter((event) => event.reason === reason);
}

const rollout = ["rollout", "status", "deployment/web", "--timeout=20s"];

describeOnRealCluster(
  "a real control plane with fake nodes",
  (cluster) => {
    const namespaces = namespacesOf(cluster);

    it("rolls out three replicas, updates them and cleans up after them", async () => {
      const kubectl = await namespaces.create();
      await kubectl.ok(["apply", "-f", "-"], deployment("2016", { replicas: 3 }));
      expect(await kubectl.ok(rollout)).toContain("successfully rolled out");
      await kubectl.ok(["set", "image", "deployment/web", `app=${image("2017")}`]);
      expect(await kubectl.ok(rollout)).toContain("successfully rolled out");
      const images = "jsonpath={.items[*].spec.containers[0].image}";
      const running = ["get", "pods", "--field-selector=status.phase=Running", "-o", images];
      await waitUntil(
        "only the new image runs",
        async () => (await kubectl.ok(running)) === Array(3).fill(image("2017")).join(" "),
        [],
        20_000,
      );
      expect(await kubectl.ok(["logs", "deployment/web"])).toContain("listening on :8080");
      const addresses = "jsonpath={.items[*].status.podIP}";
      const ips = (await kubectl.ok(["get", "pods", "-o", addresses])).split(" ");
      expect(new Set(ips).size).toBe(ips.length);
      await kubectl.ok(["delete", "deployment", "web"]);
      await kubectl.ok(["wait", "--for=delete", "pods", "--all", "--timeout=20s"]);
    });

    it("rolls out a Deployment with every field docc sets, and lets a pod go slowly", async () => {
      const kubectl = await namespaces.create();
      const apply = async (object: object): Promise<string> =>
        kubectl.ok(["apply", "--server-side", "-f", "-"], JSON.stringify(object));
      for (const object of configuration) await apply(object);
      const full = fullDeployment({ replicas: 2, image: pinned("2017") });
      // A second instead of five: how long it is held is the deployment controller's own.
      await apply({ ...full, spec: { ...full.spec, minReadySeconds: 1 } });
      expect(await kubectl.ok(rollout)).toContain("successfully rolled out");
      const pods = async (): Promise<PodList["items"]> =>
        (JSON.parse(await kubectl.ok(["get", "pods", "-o", "json"])) as PodList).items;
      const [first, second] = await pods();
      expect(first?.spec.nodeName).not.toBe(second?.spec.nodeName);
      const running = { started: true, ready: true, restartCount: 0, imageID: pinned("2017") };
      expect(first?.status.containerStatuses).toMatchObject([running]);

      const leaving = first?.metadata.name ?? "";
      await kubectl.ok(["delete", "pod", leaving, "--wait=false"]);
      const deleted = (await pods()).find(({ metadata }) => metadata.name === leaving);
      expect(deleted?.metadata.deletionGracePeriodSeconds).toBe(40);
      expect(deleted?.status.containerStatuses).toMatchObject([running]);
    });

    it("shows a crash: back-off, the log of the previous run, counted events", async () => {
      const kubectl = await namespaces.create();
      await kubectl.ok(["apply", "-f", "-"], deployment("2018"));
      await untilPodsWait(kubectl, "CrashLoopBackOff");
      const previous = await kubectl.ok(["logs", "deployment/web", "--previous", "--tail=1"]);
      expect(previous).toBe("DATABASE_URL is not set\n");
      const [started] = await events(kubectl, "Started");
      expect(started).toMatchObject({ type: "Normal", message: "Container started" });
      await waitUntil(
        "a second back-off counted on the same event",
        async () => ((await events(kubectl, "BackOff"))[0]?.count ?? 0) >= 2,
        [],
        20_000,
      );
      expect(await events(kubectl, "BackOff")).toHaveLength(1);
    });

    it("shows an image that does not exist, and refuses its log as a kubelet does", async () => {
      const kubectl = await namespaces.create();
      await kubectl.ok(["apply", "-f", "-"], deployment("nope"));
      await untilPodsWait(kubectl, "ImagePullBackOff");
      const message = "jsonpath={.items[0].status.containerStatuses[0].state.waiting.message}";
      expect(await kubectl.ok(["get", "pods", "-o", message])).toMatch(
        /^Back-off pulling image ".*:nope": ErrImagePull: .* not found$/,
      );
      const log = await kubectl.try(["logs", "deployment/web"]);
      expect(log.code).toBe(1);
      expect(log.stderr).toContain("waiting to start: trying and failing to pull image");
    });

    it("keeps a pod that never listens unready, with Unhealthy events", async () => {
      const kubectl = await namespaces.create();
      await kubectl.ok(["apply", "-f", "-"], deployment("2019"));
      await waitUntil(
        "three failed probes counted on one event",
        async () => ((await events(kubectl, "Unhealthy"))[0]?.count ?? 0) >= 3,
        [],
        20_000,
      );
      const status = await kubectl.try(["rollout", "status", "deployment/web", "--timeout=1s"]);
      expect(status.code).toBe(1);
    });

    it("holds a pod back until the Secret it mounts is there", async () => {
      const kubectl = await namespaces.create();
      const volumes = [{ name: "tls", secret: { secretName: "web-tls" } }];
      await kubectl.ok(["apply", "-f", "-"], deployment("2017", { pod: { volumes } }));
      await waitUntil(
        "a FailedMount event",
        async () => (await events(kubectl, "FailedMount")).length > 0,
        [],
        20_000,
      );
      await untilPodsWait(kubectl, "ContainerCreating");
      await kubectl.ok(["create", "secret", "generic", "web-tls", "--from-literal=a=b"]);
      await kubectl.ok(rollout);
    });

    it("follows a log until the container ends", async () => {
      const kubectl = await namespaces.create();
      await kubectl.ok(["apply", "-f", "-"], deployment("2017"));
      await kubectl.ok(rollout);
      const begun = Promise.withResolvers<void>();
      const follow = ["logs", "deployment/web", "--follow"];
      const following = kubectl.ok(follow, "", () => begun.resolve());
      await Promise.race([begun.promise, following]);
      await kubectl.ok(["delete", "deployment", "web"]);
      expect(await following).toBe("kubecon 2017 starting\nlistening on :8080\n");
    });

    it("refuses what the restricted Pod Security standard forbids", async () => {
      const kubectl = await namespaces.create();
      const label = "pod-security.kubernetes.io/enforce=restricted";
      await kubectl.ok(["label", "namespace", kubectl.namespace, label]);
      const run = await kubectl.try(["run", "web", `--image=${image("2017")}`]);
      expect(run.stderr).toContain('violates PodSecurity "restricted:latest"');
    });

    it("gives a role's subject what the role says and no more", async () => {
      const kubectl = await namespaces.create();
      await kubectl.ok(["create", "serviceaccount", "reader"]);
      await kubectl.ok(["create", "role", "reader", "--verb=get", "--resource=pods"]);
      const account = `${kubectl.namespace}:reader`;
      const bind = ["create", "rolebinding", "reader", "--role=reader"];
      await kubectl.ok([...bind, `--serviceaccount=${account}`]);
      const as = `--as=system:serviceaccount:${account}`;
      const can = async (verb: string): Promise<string> =>
        (await kubectl.try(["auth", "can-i", verb, "pods", as])).stdout.trim();
      await waitUntil("the binding in force", async () => (await can("get")) === "yes", [], 10_000);
      expect(await can("delete")).toBe("no");
    });
  },
  { fakeNodes: true },
);

describeOnRealCluster("docc's CRDs on a real API server", (cluster) => {
  const namespaces = namespacesOf(cluster);

  it("are accepted", async () => {
    const kubectl = await namespaces.create();
    for (const file of await doccCrds()) {
      const apply = ["apply", "--server-side", "--dry-run=server", "--force-conflicts", "-f", "-"];
      await kubectl.ok(apply, await readFile(file, "utf8"));
    }
  });
});

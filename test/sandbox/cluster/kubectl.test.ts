import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type DeploymentOptions,
  type DisposableCluster,
  deployment,
  repository,
  request,
  startCluster,
  stepUntil,
} from "./support.ts";

/** kubectl of the test control plane, where its builder or the environment has put one. */
function findKubectl(): string | undefined {
  const cache = join(
    process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"),
    "docc",
    "control-plane",
  );
  const builds = existsSync(cache) ? readdirSync(cache).map((build) => join(cache, build)) : [];
  const folders = [process.env["KUBEBUILDER_ASSETS"] ?? [], builds].flat();
  return folders.map((folder) => join(folder, "kubectl")).find((path) => existsSync(path));
}

const kubectlPath = findKubectl();
const title =
  kubectlPath === undefined
    ? "kubectl against the embedded cluster (skipped: no kubectl in KUBEBUILDER_ASSETS or the control-plane cache)"
    : "kubectl against the embedded cluster";

interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

describe.skipIf(kubectlPath === undefined)(title, () => {
  let folder = "";

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "docc-kubectl-"));
  });

  afterAll(async () => rm(folder, { recursive: true, force: true }));

  async function started(): Promise<{
    cluster: DisposableCluster;
    kubectl: (...args: string[]) => Promise<Run>;
  }> {
    const cluster = await startCluster();
    const config = join(folder, `${new URL(cluster.server).port}.json`);
    await writeFile(config, cluster.kubeconfig);
    const kubectl = async (...args: string[]): Promise<Run> =>
      new Promise((resolve) => {
        const flags = ["--kubeconfig", config, "--cache-dir", join(folder, "cache"), ...args];
        execFile(kubectlPath ?? "", flags, { timeout: 20_000 }, (error, stdout, stderr) => {
          resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr });
        });
      });
    return { cluster, kubectl };
  }

  const manifest = async (options: DeploymentOptions): Promise<string> => {
    const path = join(folder, "manifest.json");
    await writeFile(path, JSON.stringify(deployment(options)));
    return path;
  };

  const settled = async (cluster: DisposableCluster): Promise<void> => {
    await stepUntil(cluster, "a complete rollout", 60, async () => {
      const { body } = await request(
        cluster,
        "GET",
        "/apis/apps/v1/namespaces/default/deployments/web",
      );
      const status: unknown = body["status"];
      const count = (field: string): unknown => Reflect.get(Object(status), field);
      return (
        count("updatedReplicas") === 2 &&
        count("availableReplicas") === 2 &&
        count("replicas") === 2
      );
    });
  };

  it("applies, follows a rollout, reads logs, shows history, undoes, and deletes", async () => {
    const { cluster, kubectl } = await started();
    await using _stop = cluster;
    cluster.clock.pause();
    const applied = await kubectl("apply", "--server-side", "-f", await manifest({ replicas: 2 }));
    expect(applied).toMatchObject({ code: 0, stdout: "deployment.apps/web serverside-applied\n" });
    await settled(cluster);
    expect((await kubectl("rollout", "status", "deployment/web")).stdout).toContain(
      "successfully rolled out",
    );
    expect((await kubectl("get", "deployment", "web")).stdout).toMatch(
      /NAME +READY +UP-TO-DATE +AVAILABLE +AGE\nweb +2\/2 +2 +2/,
    );
    expect((await kubectl("logs", "deployment/web")).stdout).toContain("listening on :8080");

    await kubectl("set", "image", "deployment/web", `web=${repository}:2016`);
    await settled(cluster);
    expect((await kubectl("rollout", "history", "deployment/web")).stdout).toMatch(
      /REVISION[^\n]*\n1 [^\n]*\n2 /,
    );
    expect((await kubectl("rollout", "undo", "deployment/web")).stdout).toContain("rolled back");
    await settled(cluster);
    const image = "-o=jsonpath={.spec.template.spec.containers[0].image}";
    expect((await kubectl("get", "deployment/web", image)).stdout).toBe(`${repository}:2017`);

    cluster.clock.resume();
    expect((await kubectl("delete", "deployment", "web", "--timeout=10s")).stdout).toContain(
      "deleted",
    );
    expect((await kubectl("get", "deployment", "web")).stderr).toContain(
      'deployments.apps "web" not found',
    );
  });

  it("sees the deadline pass: rollout status exits 1", async () => {
    const { cluster, kubectl } = await started();
    await using _stop = cluster;
    cluster.clock.pause();
    await kubectl("apply", "--server-side", "-f", await manifest({ tag: "2019" }));
    await cluster.clock.step(620_000);
    const status = await kubectl("rollout", "status", "deployment/web");
    expect(status).toMatchObject({
      code: 1,
      stderr: 'error: deployment "web" exceeded its progress deadline\n',
    });
  });

  it("reads the log of the container before", async () => {
    const { cluster, kubectl } = await started();
    await using _stop = cluster;
    cluster.clock.pause();
    await kubectl("apply", "--server-side", "-f", await manifest({ tag: "2018" }));
    await cluster.clock.step(30_000);
    const { stdout } = await kubectl("logs", "--previous", "deployment/web");
    expect(stdout).toContain("DATABASE_URL is not set");
    expect((await kubectl("get", "pods")).stdout).toContain("CrashLoopBackOff");
  });

  it("hears who else holds a field, dry-runs, and scales", async () => {
    const { cluster, kubectl } = await started();
    await using _stop = cluster;
    const path = await manifest({ replicas: 2 });
    await kubectl("apply", "--server-side", "--field-manager=docc", "-f", path);
    expect((await kubectl("scale", "deployment/web", "--replicas=3")).stdout).toContain("scaled");
    const refused = await kubectl("apply", "--server-side", "--field-manager=docc", "-f", path);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(
      'conflict with "kubectl" with subresource "scale" using apps/v1: .spec.replicas',
    );
    const dry = await kubectl(
      "apply",
      "--server-side",
      "--force-conflicts",
      "--dry-run=server",
      "--field-manager=docc",
      "-f",
      path,
    );
    expect(dry.stdout).toContain("(server dry run)");
    expect((await kubectl("get", "deploy/web", "-o=jsonpath={.spec.replicas}")).stdout).toBe("3");
  });

  it("lists short names and columns of a custom kind", async () => {
    const { cluster, kubectl } = await started();
    await using _stop = cluster;
    const body = {
      apiVersion: "cert-manager.io/v1",
      kind: "Certificate",
      metadata: { name: "web" },
      spec: { secretName: "web-tls", dnsNames: ["a.b"], issuerRef: { name: "ca" } },
    };
    await request(
      cluster,
      "POST",
      "/apis/cert-manager.io/v1/namespaces/default/certificates",
      body,
    );
    expect((await kubectl("get", "cert")).stdout).toMatch(/NAME +READY +SECRET +AGE\nweb +web-tls/);
    expect((await kubectl("auth", "can-i", "create", "deployments")).stdout).toBe("yes\n");
    expect((await kubectl("version")).stdout).toContain("Server Version: v1.35.4+embedded");
  });
});

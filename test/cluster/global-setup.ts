/**
 * Gives the whole test run one real cluster, or a plain reason why there is none:
 * `DOCC_TEST_KUBECONFIG` names a cluster of your own; else docc's control plane, when it is built.
 * `DOCC_REQUIRE_REAL=1` (CI) turns the reason into a failure.
 */
import type { TestProject } from "vitest/node";
import { BinariesMissing, findBinaries } from "./binaries.ts";
import type { SandboxImage } from "../../sandbox/images.ts";
import { runIssuer } from "../../sandbox/cluster/issuer.ts";
import { type ControlPlane, startControlPlane } from "./control-plane.ts";
import { testImages } from "../support/images.ts";

/** What tests get by `inject("realCluster")`. */
export interface RealCluster {
  readonly kubeconfigPath: string;
  /** A kubectl that fits the server. */
  readonly kubectlPath: string;
  /** Whether pods are played after sandbox/images.ts, so that the sandbox's images work. */
  readonly fakeNodes: boolean;
  /** Of docc's own control plane: where its etcd listens. */
  readonly etcd?: string;
  /** The API server's audit log; absent for a cluster of your own. */
  readonly auditLogPath?: string;
}

declare module "vitest" {
  export interface ProvidedContext {
    readonly realCluster: RealCluster | undefined;
    /** Why there is no real cluster, fit for a test's name; nothing when there is one. */
    readonly realClusterAbsence: string | undefined;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { cluster, absence, stop } = await provideCluster();
  if (absence !== undefined && process.env["DOCC_REQUIRE_REAL"] === "1") {
    throw new Error(`DOCC_REQUIRE_REAL=1, but ${absence}`);
  }
  project.provide("realCluster", cluster);
  project.provide("realClusterAbsence", absence);
  return stop;
}

function readyAtOnce(image: SandboxImage): SandboxImage {
  return image.behaviour.kind === "serves"
    ? { ...image, behaviour: { kind: "serves", readyAfterMs: 0 } }
    : image;
}

interface Provided {
  readonly cluster: RealCluster | undefined;
  readonly absence: string | undefined;
  readonly stop: () => Promise<void>;
}

async function provideCluster(): Promise<Provided> {
  const nothingToStop = async (): Promise<void> => undefined;
  const kubeconfigPath = process.env["DOCC_TEST_KUBECONFIG"];
  if (kubeconfigPath !== undefined) {
    const cluster = { kubeconfigPath, kubectlPath: "kubectl", fakeNodes: false };
    return { cluster, absence: undefined, stop: nothingToStop };
  }
  try {
    const binaries = await findBinaries();
    // Real back-offs would only make the tests wait: 2 s instead of 10. So would images that miss their first probe:
    // each pod of each rollout would be ready one period later.
    const started = await startControlPlane({
      binaries,
      kubelet: { crashBackoffMs: 2_000, images: testImages.map(readyAtOnce) },
      controllers: [runIssuer],
      // One test fails for it (control-plane.test.ts); the others need not fall with it.
      onRefusedCrd: (refusal) => console.warn(refusal.message),
    });
    return { cluster: clusterOf(started), absence: undefined, stop: async () => started.stop() };
  } catch (error) {
    if (!(error instanceof BinariesMissing)) throw error;
    const absence = `real control plane: ${error.message}`;
    return { cluster: undefined, absence, stop: nothingToStop };
  }
}

function clusterOf(started: ControlPlane): RealCluster {
  const { kubeconfigPath, kubectlPath, etcd, auditLogPath } = started;
  return { kubeconfigPath, kubectlPath, fakeNodes: true, etcd, auditLogPath };
}

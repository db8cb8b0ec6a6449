import { afterAll, describe } from "vitest";
import { type EmbeddedCluster, startEmbeddedCluster } from "../../sandbox/cluster/index.ts";
import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { clusterContract } from "./cluster-contract.ts";

describe("an environment on the embedded cluster", () => {
  let cluster: EmbeddedCluster | undefined;
  afterAll(async () => cluster?.stop());
  clusterContract(async () => {
    cluster = await startEmbeddedCluster();
    return { kubeconfigText: cluster.kubeconfig, lacks: [] };
  });
});

describeOnRealCluster("an environment on the real control plane", (cluster) =>
  clusterContract(async () => ({
    kubeconfigPath: cluster.kubeconfigPath,
    lacks: cluster.fakeNodes ? [] : ["gateway"],
  })),
);

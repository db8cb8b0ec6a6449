import { afterAll, describe } from "vitest";
import { type EmbeddedCluster, startEmbeddedCluster } from "../../sandbox/cluster/index.ts";
import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { kubeApiContract } from "./contract.ts";

describe("the Kubernetes API on the embedded cluster", () => {
  let cluster: EmbeddedCluster | undefined;
  afterAll(async () => cluster?.stop());
  kubeApiContract(async () => {
    cluster = await startEmbeddedCluster();
    return { kubeconfigText: cluster.kubeconfig, lacks: ["validation", "log bytes"] };
  });
});

describeOnRealCluster("the Kubernetes API on the real control plane", (cluster) =>
  kubeApiContract(async () => ({
    kubeconfigPath: cluster.kubeconfigPath,
    lacks: cluster.fakeNodes ? [] : ["pods"],
  })),
);

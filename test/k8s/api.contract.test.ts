import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { kubeApiContract } from "./contract.ts";

describeOnRealCluster("the Kubernetes API on the real control plane", (cluster) =>
  kubeApiContract(async () => ({
    kubeconfigPath: cluster.kubeconfigPath,
    runsPods: cluster.fakeNodes,
  })),
);

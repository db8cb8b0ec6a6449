import { afterAll, describe } from "vitest";
import { type EmbeddedCluster, startEmbeddedCluster } from "../../../sandbox/cluster/index.ts";
import { describeOnRealCluster } from "../../cluster/real-cluster.ts";
import { electionContract } from "./contract.ts";

describe("the election on the embedded cluster", () => {
  let cluster: EmbeddedCluster | undefined;
  afterAll(async () => cluster?.stop());
  electionContract(async () => {
    cluster = await startEmbeddedCluster();
    return { kubeconfigText: cluster.kubeconfig, lacks: [] };
  });
});

describeOnRealCluster("the election on the real control plane", (cluster) =>
  electionContract(async () => ({ kubeconfigPath: cluster.kubeconfigPath, lacks: [] })),
);

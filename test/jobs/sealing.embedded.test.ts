import { afterAll, describe } from "vitest";
import { type EmbeddedCluster, startEmbeddedCluster } from "../../sandbox/cluster/index.ts";
import { sealingContract } from "./sealing-contract.ts";

describe("sealing on the embedded cluster", () => {
  let cluster: EmbeddedCluster | undefined;
  afterAll(async () => cluster?.stop());
  sealingContract(async () => {
    cluster = await startEmbeddedCluster();
    return { kubeconfigText: cluster.kubeconfig, lacks: [] };
  });
});

import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { sealingContract } from "./sealing-contract.ts";

describeOnRealCluster("sealing on the real control plane", ({ kubeconfigPath }) =>
  sealingContract(() => Promise.resolve({ kubeconfigPath, lacks: [] })),
);

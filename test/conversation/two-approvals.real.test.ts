import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { twoApprovalsJob } from "./two-approvals.ts";
import { realTarget } from "./stage.ts";

describeOnRealCluster(
  "on the real control plane",
  (cluster) => {
    // As short as docc.yaml takes it.
    twoApprovalsJob(realTarget(cluster), "1m");
  },
  { fakeNodes: true },
);

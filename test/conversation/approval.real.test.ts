import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { approvalJob } from "./approval.ts";
import { realTarget } from "./stage.ts";

describeOnRealCluster(
  "on the real control plane",
  (cluster) => {
    approvalJob(realTarget(cluster));
  },
  { fakeNodes: true },
);

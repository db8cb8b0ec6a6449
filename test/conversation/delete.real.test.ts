import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { deleteJob, deletionQueueJob, deletionRulesJob } from "./delete.ts";
import { realTarget } from "./stage.ts";

describeOnRealCluster(
  "on the real control plane",
  (cluster) => {
    deleteJob(realTarget(cluster));
    deletionRulesJob(realTarget(cluster));
    deletionQueueJob(realTarget(cluster));
  },
  { fakeNodes: true },
);

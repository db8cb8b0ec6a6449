import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { auditDecisionsJob } from "./audit-decisions.ts";
import { realTarget } from "./stage.ts";

describeOnRealCluster(
  "on the real control plane",
  (cluster) => {
    auditDecisionsJob(realTarget(cluster));
  },
  { fakeNodes: true },
);

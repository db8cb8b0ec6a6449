import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { auditJob } from "./audit.ts";
import { realTarget } from "./stage.ts";

describeOnRealCluster(
  "on the real control plane",
  (cluster) => {
    auditJob(realTarget(cluster));
  },
  { fakeNodes: true },
);

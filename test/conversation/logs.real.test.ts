import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { logsJob } from "./logs.ts";
import { realTarget } from "./stage.ts";

describeOnRealCluster(
  "on the real control plane",
  (cluster) => {
    logsJob(realTarget(cluster));
  },
  { fakeNodes: true },
);

import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { stopJob } from "./stop.ts";
import { realTarget } from "./stage.ts";

describeOnRealCluster(
  "on the real control plane",
  (cluster) => {
    stopJob(realTarget(cluster));
  },
  { fakeNodes: true },
);

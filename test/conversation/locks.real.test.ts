import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { locksJob } from "./locks.ts";
import { realTarget } from "./stage.ts";

describeOnRealCluster(
  "on the real control plane",
  (cluster) => {
    locksJob(realTarget(cluster));
  },
  { fakeNodes: true },
);

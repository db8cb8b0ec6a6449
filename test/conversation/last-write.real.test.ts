import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { lastWriteJob } from "./last-write.ts";
import { realTarget } from "./stage.ts";

describeOnRealCluster(
  "on the real control plane",
  (cluster) => {
    lastWriteJob(realTarget(cluster));
  },
  { fakeNodes: true },
);

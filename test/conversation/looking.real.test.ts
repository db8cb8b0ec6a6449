import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { lookingJob } from "./looking.ts";
import { realTarget } from "./stage.ts";

describeOnRealCluster(
  "on the real control plane",
  (cluster) => {
    lookingJob(realTarget(cluster));
  },
  { fakeNodes: true },
);

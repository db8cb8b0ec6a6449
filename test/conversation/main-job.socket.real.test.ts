import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { mainJob } from "./main-job.ts";
import { realTarget } from "./stage.ts";

describeOnRealCluster(
  "on the real control plane",
  (cluster) => {
    mainJob(realTarget(cluster), "socket");
  },
  { fakeNodes: true },
);

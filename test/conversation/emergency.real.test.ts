import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { emergencyJob } from "./emergency.ts";
import { realTarget } from "./stage.ts";

describeOnRealCluster(
  "on the real control plane",
  (cluster) => {
    emergencyJob(realTarget(cluster));
  },
  { fakeNodes: true },
);

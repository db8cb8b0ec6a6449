import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { followUpJob } from "./follow-up.ts";
import { realTarget } from "./stage.ts";

describeOnRealCluster(
  "on the real control plane",
  (cluster) => {
    followUpJob(realTarget(cluster));
  },
  { fakeNodes: true },
);

import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { configJob } from "./config.ts";
import { realTarget } from "./stage.ts";

describeOnRealCluster(
  "on the real control plane",
  (cluster) => {
    configJob(realTarget(cluster));
  },
  { fakeNodes: true },
);

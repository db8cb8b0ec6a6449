import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { initJob } from "./init.ts";
import { realTarget } from "./stage.ts";

describeOnRealCluster(
  "on the real control plane",
  (cluster) => {
    initJob(realTarget(cluster));
  },
  { fakeNodes: true },
);

import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { restartJob } from "./restart.ts";
import { realTarget } from "./stage.ts";

describeOnRealCluster(
  "on the real control plane",
  (cluster) => {
    restartJob(realTarget(cluster));
  },
  { fakeNodes: true },
);

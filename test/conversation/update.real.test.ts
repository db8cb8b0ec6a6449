import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { realTarget } from "./stage.ts";
import { updateJob } from "./update.ts";

describeOnRealCluster(
  "on the real control plane",
  (cluster) => {
    updateJob(realTarget(cluster));
  },
  { fakeNodes: true },
);

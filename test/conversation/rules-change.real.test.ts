import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { rulesChangeJob } from "./rules-change.ts";
import { realTarget } from "./stage.ts";

describeOnRealCluster(
  "on the real control plane",
  (cluster) => {
    rulesChangeJob(realTarget(cluster));
  },
  { fakeNodes: true },
);

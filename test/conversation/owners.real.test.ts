import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { ownersJob } from "./owners.ts";
import { realTarget } from "./stage.ts";

describeOnRealCluster(
  "on the real control plane",
  (cluster) => {
    ownersJob(realTarget(cluster));
  },
  { fakeNodes: true },
);

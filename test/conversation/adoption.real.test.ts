import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { adoptionJob } from "./adoption.ts";
import { realTarget } from "./stage.ts";

describeOnRealCluster(
  "on the real control plane",
  (cluster) => {
    adoptionJob(realTarget(cluster));
  },
  { fakeNodes: true },
);

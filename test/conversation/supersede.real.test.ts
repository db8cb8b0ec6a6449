import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { supersedeJob } from "./supersede.ts";
import { realTarget } from "./stage.ts";

describeOnRealCluster(
  "on the real control plane",
  (cluster) => {
    const target = realTarget(cluster);
    // Others are asked for while one is under way.
    supersedeJob({ ...target, rollout: { ...target.rollout, stable: "3s" } });
  },
  { fakeNodes: true },
);

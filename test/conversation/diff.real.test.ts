import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { diffJob } from "./diff.ts";
import { realTarget } from "./stage.ts";

describeOnRealCluster(
  "on the real control plane",
  (cluster) => {
    diffJob(realTarget(cluster));
  },
  { fakeNodes: true },
);

import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { rollbackJob } from "./rollback.ts";
import { realTarget } from "./stage.ts";

describeOnRealCluster(
  "on the real control plane",
  (cluster) => {
    rollbackJob(realTarget(cluster));
  },
  { fakeNodes: true },
);

import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { deletionKillTest } from "./delete-kill.ts";
import { realTarget } from "./stage.ts";

describeOnRealCluster(
  "on the real control plane",
  (cluster) => {
    deletionKillTest(realTarget(cluster));
  },
  { fakeNodes: true },
);

import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { homeJob } from "./home.ts";
import { realTarget } from "./stage.ts";

describeOnRealCluster(
  "on the real control plane",
  (cluster) => {
    homeJob(realTarget(cluster));
  },
  { fakeNodes: true },
);

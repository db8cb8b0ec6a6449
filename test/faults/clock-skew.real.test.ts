import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { realTarget } from "../conversation/stage.ts";
import { clockSkewTest } from "./clock-skew.ts";

describeOnRealCluster(
  "on the real control plane",
  (cluster) => {
    clockSkewTest(realTarget(cluster));
  },
  { fakeNodes: true },
);

import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { killTest } from "./kill.ts";
import { realTarget } from "./stage.ts";

describeOnRealCluster("on the real control plane", (cluster) => killTest(realTarget(cluster)), {
  fakeNodes: true,
});

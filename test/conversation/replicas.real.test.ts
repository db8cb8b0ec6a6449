import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { replicasTest } from "./replicas.ts";
import { realTarget } from "./stage.ts";

describeOnRealCluster("on the real control plane", (cluster) => replicasTest(realTarget(cluster)), {
  fakeNodes: true,
});

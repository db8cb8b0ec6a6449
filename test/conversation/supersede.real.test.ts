import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { supersedeJob } from "./supersede.ts";
import { realTarget } from "./stage.ts";

describeOnRealCluster("on the real control plane", (cluster) => supersedeJob(realTarget(cluster)), {
  fakeNodes: true,
});

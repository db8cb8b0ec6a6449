import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { deleteSeveralJob } from "./delete-several.ts";
import { realTarget } from "./stage.ts";

describeOnRealCluster(
  "on the real control plane",
  (cluster) => deleteSeveralJob(realTarget(cluster)),
  { fakeNodes: true },
);

import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { realTarget } from "../conversation/stage.ts";
import { requestEndsJob } from "./request-ends.ts";

describeOnRealCluster("on the real control plane", (cluster) =>
  requestEndsJob(realTarget(cluster)),
);

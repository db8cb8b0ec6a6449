import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { realTarget } from "../conversation/stage.ts";
import { requestJob } from "./request.ts";

describeOnRealCluster("on the real control plane", (cluster) => requestJob(realTarget(cluster)));

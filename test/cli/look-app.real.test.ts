import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { realTarget } from "../conversation/stage.ts";
import { lookAppJob } from "./look-app.ts";

describeOnRealCluster("on the real control plane", (cluster) => lookAppJob(realTarget(cluster)));

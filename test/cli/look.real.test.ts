import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { realTarget } from "../conversation/stage.ts";
import { lookJob } from "./look.ts";

describeOnRealCluster("on the real control plane", (cluster) => lookJob(realTarget(cluster)));

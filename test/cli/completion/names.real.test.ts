import { describeOnRealCluster } from "../../cluster/real-cluster.ts";
import { realTarget } from "../../conversation/stage.ts";
import { namesJob } from "./names.ts";

describeOnRealCluster("on the real control plane", (cluster) => namesJob(realTarget(cluster)));

import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { deletionAheadJob, deletionHeldUpJob, deletionStoppedJob } from "./delete-on-its-way.ts";
import { realTarget } from "./stage.ts";

describeOnRealCluster(
  "on the real control plane",
  (cluster) => {
    deletionStoppedJob(realTarget(cluster));
    deletionHeldUpJob(realTarget(cluster));
    deletionAheadJob(realTarget(cluster));
  },
  { fakeNodes: true },
);

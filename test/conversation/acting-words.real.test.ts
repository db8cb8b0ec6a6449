import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { actingWordsJob } from "./acting-words.ts";
import { realTarget } from "./stage.ts";

describeOnRealCluster(
  "on the real control plane",
  (cluster) => {
    actingWordsJob(realTarget(cluster));
  },
  { fakeNodes: true },
);

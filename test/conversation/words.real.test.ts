import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { wordsJob } from "./words.ts";
import { realTarget } from "./stage.ts";

describeOnRealCluster(
  "on the real control plane",
  (cluster) => {
    wordsJob(realTarget(cluster));
  },
  { fakeNodes: true },
);

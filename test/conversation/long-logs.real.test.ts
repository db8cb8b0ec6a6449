import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { longLogsJob } from "./long-logs.ts";
import { realTarget } from "./stage.ts";

describeOnRealCluster(
  "on the real control plane",
  (cluster) => {
    // With the right to send files a long log is looked at in looking.ts.
    longLogsJob(realTarget(cluster), "without");
  },
  { fakeNodes: true },
);

import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { webhooksJob } from "./webhooks.ts";
import { realTarget } from "./stage.ts";

describeOnRealCluster(
  "on the real control plane",
  (cluster) => {
    webhooksJob(realTarget(cluster));
  },
  { fakeNodes: true },
);

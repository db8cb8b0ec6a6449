import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { sharedChannelJob } from "./shared-channel.ts";
import { realTarget } from "./stage.ts";

describeOnRealCluster(
  "on the real control plane",
  (cluster) => {
    sharedChannelJob(realTarget(cluster));
  },
  { fakeNodes: true },
);

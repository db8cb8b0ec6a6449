import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { peersJob } from "./peers.ts";
import { realTarget } from "./stage.ts";

describeOnRealCluster(
  "on the real control plane",
  (cluster) => {
    peersJob(realTarget(cluster));
  },
  { fakeNodes: true },
);

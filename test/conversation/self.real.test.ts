import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { selfJob } from "./self.ts";
import { realTarget } from "./stage.ts";

describeOnRealCluster(
  "on the real control plane",
  (cluster) => {
    selfJob(realTarget(cluster));
  },
  { fakeNodes: true },
);

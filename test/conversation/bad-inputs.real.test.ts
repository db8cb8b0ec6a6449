import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { badInputsJob } from "./bad-inputs.ts";
import { realTarget } from "./stage.ts";

describeOnRealCluster(
  "on the real control plane",
  (cluster) => {
    badInputsJob(realTarget(cluster));
  },
  { fakeNodes: true },
);

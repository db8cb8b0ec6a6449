import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { paletteJob } from "./palette.ts";
import { realTarget } from "./stage.ts";

describeOnRealCluster(
  "on the real control plane",
  (cluster) => {
    paletteJob(realTarget(cluster));
  },
  { fakeNodes: true },
);

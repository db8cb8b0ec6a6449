import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { fullManifest } from "./full-manifest.ts";
import { realTarget } from "./stage.ts";

describeOnRealCluster(
  "on the real control plane",
  (cluster) => {
    fullManifest(realTarget(cluster));
  },
  { fakeNodes: true },
);

import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { promotionJob } from "./promotion.ts";
import { realTarget } from "./stage.ts";

const repository = "registry.corp.example.com/demo/kubecon";

describeOnRealCluster(
  "on the real control plane",
  (cluster) => {
    // Its nodes are played: the images of no registry run there, and tags have no digests.
    promotionJob("real control plane", () =>
      Promise.resolve({
        target: realTarget(cluster),
        repository,
        imageOf: (tag: string) => `${repository}:${tag}`,
        moveTag: () => Promise.resolve(),
        close: () => Promise.resolve(),
      }),
    );
  },
  { fakeNodes: true },
);

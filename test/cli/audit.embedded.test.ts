import { afterAll, describe } from "vitest";
import { type EmbeddedCluster, startEmbeddedCluster } from "../../sandbox/cluster/index.ts";
import { kubeconfigs } from "./adoption.ts";
import { auditSuite } from "./audit.ts";

describe("on the embedded cluster", () => {
  const write = kubeconfigs();
  let cluster: EmbeddedCluster | undefined;
  afterAll(async () => cluster?.stop());
  auditSuite(async () => {
    cluster = await startEmbeddedCluster();
    return write(cluster.kubeconfig);
  });
});

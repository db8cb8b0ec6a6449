import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { auditSuite } from "./audit.ts";

describeOnRealCluster("on the real control plane", ({ kubeconfigPath }) =>
  auditSuite(() => Promise.resolve(kubeconfigPath)),
);

import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { namespacesOf } from "../cluster/support/namespaces.ts";
import { adoptionSuite } from "./adoption.ts";

describeOnRealCluster("on the real control plane", (cluster) => {
  const namespaces = namespacesOf(cluster);
  adoptionSuite(async () => {
    const place = await namespaces.create();
    return {
      kubeconfigPath: cluster.kubeconfigPath,
      namespace: place.namespace,
      apply: async (objects) => {
        const items = { apiVersion: "v1", kind: "List", items: objects };
        await place.ok(["apply", "-f", "-"], JSON.stringify(items));
      },
    };
  });
});

import type { KubeApi } from "../src/k8s/api.ts";
import { configMaps, secrets } from "../src/k8s/kinds.ts";

/** What examples/*.yaml expect to be there, as somebody would have put it into the namespace. */
const belongings = {
  secrets: {
    "handbook-certificate": ["tls.crt", "tls.key"],
    "ledger-db": ["url"],
    "mail-broker": ["url"],
    "shop-db": ["url"],
  },
  configMaps: { shop: ["catalog-url"] },
} as const;

/** Creates the Secrets and ConfigMaps that the examples name, so that each of them can be deployed. */
export async function provideBelongings(api: KubeApi, namespace: string): Promise<void> {
  await Promise.all([
    ...Object.entries(belongings.secrets).map(([name, keys]) =>
      api.create(secrets, { metadata: { name, namespace }, stringData: dataOf(keys) }),
    ),
    ...Object.entries(belongings.configMaps).map(([name, keys]) =>
      api.create(configMaps, { metadata: { name, namespace }, data: dataOf(keys) }),
    ),
  ]);
}

function dataOf(keys: readonly string[]): Record<string, string> {
  return Object.fromEntries(keys.map((key) => [key, "of the sandbox"]));
}

import { startEmbeddedCluster } from "./cluster/index.ts";
import type { EmbeddedCluster } from "./cluster/index.ts";
import { runIssuer } from "./cluster/issuer.ts";

/** The namespaces of the sandbox: docc's own, and that of the applications. */
export const namespaces = { home: "docc", apps: "apps" } as const;

/** How long the stand-in issuer takes over a certificate, in milliseconds of the cluster's time. */
const issueMs = 2_000;

/** The embedded cluster of sandbox and demo: three nodes, and an issuer for `auto_tls`. */
export async function startCertifiedCluster(): Promise<EmbeddedCluster> {
  const cluster = await startEmbeddedCluster({ nodes: 3 });
  const end = new AbortController();
  const issuer = runIssuer({
    fetch,
    server: cluster.server,
    clock: cluster.clock,
    signal: end.signal,
    delayMs: issueMs,
  });
  return {
    ...cluster,
    stop: async () => {
      end.abort();
      await issuer;
      await cluster.stop();
    },
  };
}

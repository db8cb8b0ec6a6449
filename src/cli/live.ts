import { systemClock } from "../clock.ts";
import { readAdoptable } from "../k8s/adoptable.ts";
import { createApi } from "../k8s/api.ts";
import { connect } from "../k8s/connection.ts";
import type { Adoptable } from "../manifest/adopt/asked.ts";

/** Who waits at a terminal is told soon that a cluster is out of reach. */
const TIMEOUT_MS = 10_000;

/** A Deployment as it is named on the command line. */
export interface Wanted {
  readonly name: string;
  readonly namespace?: string | undefined;
  readonly context?: string | undefined;
}

/**
 * Reads a Deployment and what is around it with the kubeconfig of who calls. The only part of the command
 * line that speaks to a cluster.
 */
export async function readLive({
  name,
  namespace,
  context,
}: Wanted): Promise<Adoptable & { readonly namespace: string }> {
  const connection = connect({
    ofUser: true,
    clock: systemClock,
    requestTimeoutMs: TIMEOUT_MS,
    ...(context === undefined ? {} : { context }),
  });
  try {
    const where = namespace ?? connection.namespace ?? "default";
    const api = createApi(connection);
    return {
      ...(await readAdoptable(api, where, name, { timeoutMs: TIMEOUT_MS })),
      namespace: where,
    };
  } finally {
    await connection.close();
  }
}

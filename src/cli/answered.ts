import { type Clock, sleep } from "../clock.ts";
import { DoccError } from "../errors.ts";
import type { KubeApi } from "../k8s/api.ts";
import type { Kind } from "../k8s/kinds.ts";
import type { OpaqueObject, Stored } from "../k8s/objects.ts";

/** Who waits at a terminal is told soon that nobody answers. */
const patienceMs = 30_000;
const lookEveryMs = 300;

/** Which record, and by whose time it is waited for. */
interface Awaited {
  readonly kind: Kind<OpaqueObject>;
  readonly namespace: string;
  readonly name: string;
  readonly clock: Clock;
}

/**
 * Waits for docc's answer to a record that was just stored.
 * @param meanwhile completes "docc has not answered yet; the ..."
 * @throws DoccError `timeout` that says where to look later
 */
export async function answerTo<Answer>(
  api: Pick<KubeApi, "get">,
  { kind, namespace, name, clock }: Awaited,
  statusOf: (object: Stored<OpaqueObject>) => Answer | undefined,
  meanwhile: string,
): Promise<Answer> {
  const deadline = clock.now() + patienceMs;
  for (;;) {
    const status = statusOf(await api.get(kind, { namespace, name }));
    if (status !== undefined) return status;
    if (clock.now() > deadline) {
      throw new DoccError("timeout", `docc has not answered yet; the ${meanwhile}.`, {
        hint: `Look later: kubectl get ${kind.plural} ${name} -n ${namespace}`,
      });
    }
    await sleep(clock, lookEveryMs);
  }
}

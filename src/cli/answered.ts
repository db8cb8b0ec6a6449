import { type Clock, sleep } from "../clock.ts";
import { DoccError } from "../errors.ts";
import type { KubeApi } from "../k8s/api.ts";
import { createOnce } from "../k8s/create-once.ts";
import { isKubeError } from "../k8s/errors.ts";
import type { Kind } from "../k8s/kinds.ts";
import type { OpaqueObject, Stored } from "../k8s/objects.ts";
import { Unanswered, unanswered } from "./unanswered.ts";

/** Who waits at a terminal is told soon that nobody answers. */
const patienceMs = 30_000;
const lookEveryMs = 300;
/** For one look: a cluster that hangs is asked again. */
const oneLookMs = 10_000;

/** Which record, and by whose time it is waited for. */
interface Awaited {
  readonly kind: Kind<OpaqueObject>;
  readonly namespace: string;
  readonly name: string;
  readonly clock: Clock;
}

/**
 * Stores a record under a name that is its caller's alone; one whose answer was lost is stored as well.
 * @param what the record, such as "command"
 * @throws DoccError where it is not stored; Unanswered that says where to look when nobody can tell
 */
export async function storeRecord(
  api: Pick<KubeApi, "create" | "find">,
  at: Omit<Awaited, "clock">,
  spec: object,
  what: string,
): Promise<void> {
  const { kind, namespace, name } = at;
  const lost = `Nobody can tell now whether the ${what} is stored.`;
  const find: KubeApi["find"] = (...given) =>
    api.find(...given).catch(unanswered(lost, () => lookLater(at)));
  const create: KubeApi["create"] = (...given) => api.create(...given);
  await createOnce({ create, find }, kind, { metadata: { namespace, name }, spec });
}

/**
 * Waits for docc's answer to a record that was just stored. What cannot be read now is asked for again.
 * @param meanwhile completes "docc has not answered yet; the ..."
 * @throws Unanswered that says that it is stored, and where to look later
 */
export async function answerTo<Answer>(
  api: Pick<KubeApi, "get">,
  at: Awaited,
  statusOf: (object: Stored<OpaqueObject>) => Answer | undefined,
  meanwhile: string,
): Promise<Answer> {
  const { kind, namespace, name, clock } = at;
  const deadline = clock.now() + patienceMs;
  for (;;) {
    let failure: unknown;
    try {
      const status = statusOf(await api.get(kind, { namespace, name }, { timeoutMs: oneLookMs }));
      if (status !== undefined) return status;
    } catch (error) {
      failure = error;
    }
    if (failure !== undefined && !isPassing(failure)) throw unread(failure, at, meanwhile);
    if (clock.now() > deadline) {
      if (failure !== undefined) throw unread(failure, at, meanwhile);
      throw new Unanswered("timeout", `docc has not answered yet; the ${meanwhile}.`, {
        hint: lookLater(at),
      });
    }
    await sleep(clock, lookEveryMs);
  }
}

/** Whatever the cluster says now, what was asked is not lost. */
function unread(cause: unknown, at: Awaited, meanwhile: string): unknown {
  if (!(cause instanceof DoccError)) return cause;
  const sentence = `docc's answer cannot be read now; the ${meanwhile}.`;
  return new Unanswered(cause.reason, sentence, { hint: lookLater(at), cause });
}

function isPassing(error: unknown): boolean {
  return isKubeError(error, "unavailable", "timeout", "bad-answer", "too-many-requests");
}

function lookLater({ kind, namespace, name }: Omit<Awaited, "clock">): string {
  return `Look later: kubectl get ${kind.plural} ${name} -n ${namespace}`;
}

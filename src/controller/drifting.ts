import { isKubeError } from "../k8s/errors.ts";
import type { KubernetesObject } from "../manifest/objects/objects.ts";
import { driftOf, isSuspect, type ObjectDrift } from "../release/drift.ts";
import type { People } from "../release/people.ts";
import { type LiveObject, refOf, type Target } from "../release/plan.ts";
import { actAs } from "./acting.ts";
import type { Environment } from "./ports.ts";
import { Refusal } from "./refusal.ts";

/** Status moves while we look; what is compared does not. */
const mostTries = 3;

/**
 * Compares objects that docc has applied with what the cluster has, by reads and dry runs. Where docc may make
 * no dry run by itself, only what docc sets is compared.
 * @returns undefined when they are in another namespace than the environment has now
 */
export async function lookForDrift(
  objects: readonly KubernetesObject[],
  env: Environment,
  people: People,
): Promise<readonly ObjectDrift[] | undefined> {
  if (!objects.every(({ metadata }) => metadata.namespace === env.platform.namespace))
    return undefined;
  const dry = previewer(env, people);
  const targets: Target[] = [];
  // One after another: nobody waits for it, and a cluster has better things to do.
  for (const desired of objects) targets.push(await examineOne(desired, env, dry));
  return driftOf(targets);
}

/**
 * Those of docc's objects that need a closer look: one list for each kind shows that the rest is as docc made it.
 */
export async function suspectsAmong(
  objects: readonly KubernetesObject[],
  { cluster }: Pick<Environment, "cluster">,
): Promise<ReadonlySet<KubernetesObject>> {
  const suspects = new Set<KubernetesObject>();
  const byKind = Map.groupBy(objects, ({ apiVersion, kind }) => `${apiVersion} ${kind}`);
  for (const group of byKind.values()) {
    const [one] = group;
    const listed = one === undefined ? [] : await cluster.owned(one);
    const live = new Map(listed?.map((each) => [each.metadata.name, each as LiveObject]));
    for (const each of group) {
      if (isSuspect(each, live.get(each.metadata.name))) suspects.add(each);
    }
  }
  return suspects;
}

type Previewer = (object: KubernetesObject) => ReturnType<Environment["cluster"]["preview"]>;

const unknown = { object: undefined, conflicts: [] };

/** In docc's own name, as the operator gave it one. */
function previewer(env: Environment, people: People): Previewer {
  const requester = { provider: "docc", team: "", user: "docc" } as const;
  try {
    const { cluster } = actAs({ spec: { requester } }, env, { people });
    return async (object) => {
      try {
        return await cluster.preview(object);
      } catch (error) {
        if (!isKubeError(error, "forbidden", "invalid", "not-served", "not-found", "too-big")) {
          throw error;
        }
        return unknown;
      }
    };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return () => Promise.resolve(unknown);
  }
}

/** Both sides of one moment: a change between the two looks would be taken for drift. */
async function examineOne(
  desired: KubernetesObject,
  { cluster }: Environment,
  dry: Previewer,
): Promise<Target> {
  const find = (): Promise<LiveObject | undefined> => cluster.find(refOf(desired));
  let live = await find();
  for (let tries = 1; ; tries += 1) {
    if (live === undefined) return { desired, live, preview: undefined, conflicts: [] };
    const { object: preview, conflicts } = await dry(desired);
    const { uid, resourceVersion } = live.metadata;
    const isSame = (other: LiveObject): boolean =>
      other.metadata.uid === uid && other.metadata.resourceVersion === resourceVersion;
    if (preview === undefined || tries >= mostTries || isSame(preview)) {
      return { desired, live, preview, conflicts };
    }
    live = await find();
  }
}

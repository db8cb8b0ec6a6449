import { isKubeError } from "../k8s/errors.ts";
import { canonicalManifest, storedManifest } from "../manifest/canonical.ts";
import {
  type Found,
  isDeletion,
  isMade,
  madeKinds,
  makeDeletion,
  mostDeleted,
  type Owner,
  refOfLive,
  type Sorted,
  sortOut,
} from "../release/deletion.ts";
import type { LiveObject } from "../release/plan.ts";
import type { Application, Plan } from "../release/release.ts";
import { cap } from "../text/cap.ts";
import { lacking } from "./acting.ts";
import type { ControllerPorts, Environment } from "./ports.ts";
import { superfluous } from "./pruning.ts";
import { cause, Refusal } from "./refusal.ts";
import { policyFor } from "./rules.ts";
import type { Accepted } from "./step.ts";
import { unknownApp } from "./unknown-app.ts";

/**
 * The plan of a deletion. The cluster is asked, as a dry run, whether it would let each object go: what is refused
 * is refused before the first one is gone.
 * @throws Refusal `unknown-app`, `plan-refused`, and those of {@link policyFor}
 */
export async function planDeletion(
  release: Accepted,
  head: Application,
  env: Environment,
  ports: ControllerPorts,
): Promise<Plan> {
  const { applied, deleted } = head.status ?? {};
  const last = applied ?? deleted;
  if (last === undefined) throw unknownApp(head);
  const sorted = await madeFor(head, env);
  // Whatever was applied last is ended, also where somebody has taken all of it away already.
  if (applied === undefined && sorted.objects.length === 0) throw unknownApp(head);
  if (sorted.objects.length > mostDeleted) throw tooMany(sorted, head);
  const manifest = storedManifest(last.manifest);
  const policy = await policyFor(release, env, head, manifest, ports);
  for (const live of sorted.objects) await tryToDelete(live, head, env);
  const now = ports.clock.now();
  return makeDeletion(
    {
      number: (release.status.plan?.number ?? 0) + 1,
      manifest,
      manifestText: canonicalManifest(manifest),
      sorted,
      spec: release.spec,
      policy,
      expiresAt: policy.approvals > 0 ? now + env.rules.approval.expires : undefined,
      now,
    },
    ports.hash,
  );
}

/** What a release takes away: of a deletion all that docc made, of any other what its objects leave over. */
export async function removals(
  release: Accepted,
  objects: Parameters<typeof superfluous>[0],
  head: Application,
  env: Environment,
): Promise<readonly LiveObject[]> {
  return isDeletion(release) ? (await madeFor(head, env)).objects : superfluous(objects, head, env);
}

function ownerOf({ spec: { app } }: Application, { platform }: Environment): Owner {
  return { app, environment: platform.environment };
}

/** What there is of the app now: by docc's records, and by its labels where a record was lost. */
async function madeFor(head: Application, env: Environment): Promise<Sorted> {
  const { cluster, platform } = env;
  const { namespace } = platform;
  const inventory = head.status?.inventory ?? [];
  const here = inventory.filter((ref) => ref.namespace === namespace);
  const [recorded, labelled] = await Promise.all([
    Promise.all(here.map((ref) => cluster.find(ref))),
    Promise.all(madeKinds.map((kind) => cluster.owned(kind))),
  ]);
  const found: Found = {
    inventory,
    recorded: recorded.filter((live) => live !== undefined),
    labelled: labelled.flatMap((each) => each ?? []),
    namespace,
  };
  return sortOut(ownerOf(head, env), found);
}

async function tryToDelete(live: LiveObject, head: Application, env: Environment): Promise<void> {
  const { app } = head.spec;
  const owner = ownerOf(head, env);
  const { uid } = live.metadata;
  try {
    const isOurs = (now: LiveObject): boolean => isMade(now, owner);
    await env.cluster.remove(refOfLive(live), { uid, isOurs, dryRun: true });
  } catch (error) {
    // A webhook that allows no dry run is asked when it counts.
    if (isKubeError(error, "no-dry-run")) return;
    if (!isKubeError(error, "forbidden", "invalid")) throw error;
    const sentence = `the cluster does not let ${live.kind} ${live.metadata.name} go`;
    const refused = cause("plan-refused", sentence, error.hint ?? "", [cap(error.message, 1_000)]);
    throw new Refusal(lacking(error, env) ?? refused, app);
  }
}

function tooMany({ objects }: Sorted, { spec: { app } }: Application): Refusal {
  const sentence = `docc made ${objects.length} objects for ${app}, and one release deletes ${mostDeleted} at most`;
  const next = "deploy a manifest with less of them first";
  return new Refusal(cause("plan-refused", sentence, next), app);
}

import { DoccError } from "../errors.ts";
import { isKubeError } from "../k8s/errors.ts";
import type { Adoptable } from "../manifest/adopt/asked.ts";
import { storedManifest } from "../manifest/canonical.ts";
import type { KubernetesObject } from "../manifest/objects/objects.ts";
import type { Manifest } from "../manifest/schema/manifest.ts";
import { obstacleTo, takesOf } from "../release/adoption.ts";
import { foundIn, seenOf } from "../release/found.ts";
import { isForeign, refOf } from "../release/plan.ts";
import type { Application, Cause, TakenObject } from "../release/release.ts";
import { badManifest } from "./bad-manifest.ts";
import type { ControllerPorts, Environment } from "./ports.ts";
import { cause, Refusal } from "./refusal.ts";
import { refuseUnlessWelcome } from "./rules.ts";
import type { Accepted } from "./step.ts";

/** What an adoption makes docc's. */
interface Adopted {
  readonly manifest: Manifest;
  readonly takes: readonly TakenObject[];
}

/**
 * What an adoption makes docc's; undefined for every other request. It is read for the first plan, and must be what
 * was shown to who asked. That plan pins it, so that a later one of the same release takes that and nothing else.
 * @throws Refusal for something else than what was shown, and for what cannot be taken over
 */
export async function adoptedBy(
  release: Accepted,
  env: Environment,
  head: Application,
  ports: ControllerPorts,
): Promise<Adopted | undefined> {
  const { source } = release.spec;
  if (source.type !== "adoption") return undefined;
  const { plan } = release.status;
  if (plan !== undefined) return { manifest: storedManifest(plan.manifest), takes: takesOf(plan) };
  // What docc did not make may hold what only those who run it should read.
  await refuseUnlessWelcome(release, env, head, ports);
  const { app } = head.spec;
  const { seen, maintainer } = source.adopts;
  const found = foundIn(await readShown(app, env), maintainer, env);
  if (seenOf(found, ports.hash) !== seen) throw new Refusal(notAsShown(app, env.name), app);
  const { manifest, takes, findings } = found;
  if (manifest === undefined) throw new Refusal(badManifest("the manifest", findings), app);
  const [hindrance] = found.hindrances;
  if (hindrance !== undefined)
    throw new Refusal(cause(hindrance.code, hindrance.sentence, hindrance.next), app);
  return { manifest, takes };
}

async function readShown(app: string, { cluster, name }: Environment): Promise<Adoptable> {
  try {
    return await cluster.adoptable(app);
  } catch (error) {
    // Of the cluster's own errors another try may come through.
    if (!(error instanceof DoccError) || isKubeError(error)) throw error;
    if (error.reason === "not-found") throw new Refusal(notAsShown(app, name), app);
    if (error.reason !== "not-allowed") throw error;
    const next = "ask docc's operators, who can give it the role docc-reads there";
    throw new Refusal(cause("not-entitled", `docc may not read Deployments in ${name}`, next), app);
  }
}

function notAsShown(app: string, environment: string): Cause {
  return cause(
    "changed-outside",
    `Deployment ${app} is not what was shown any more`,
    `look at it again by /docc init from=deployment/${app} in=${environment}`,
  );
}

/**
 * What is to be taken over must be what was looked at, and be free to be taken: said before a dry run says it in
 * the API server's words.
 */
export async function refuseUntakable(
  objects: readonly KubernetesObject[],
  takes: readonly TakenObject[],
  app: string,
  env: Environment,
): Promise<void> {
  await Promise.all(
    takes.map(async ({ kind, name, uid }) => {
      const desired = objects.find((each) => each.kind === kind && each.metadata.name === name);
      if (desired === undefined) return;
      const live = await env.cluster.find(refOf(desired));
      // An adoption that is planned anew may have got as far as this one.
      if (!isForeign(live, app)) return;
      if (live?.metadata.uid !== uid) throw new Refusal(notAsSeen(desired, env.name), app);
      const found = obstacleTo(live, desired);
      if (found !== undefined)
        throw new Refusal(cause(found.code, found.sentence, found.next), app);
    }),
  );
}

export function notAsSeen(
  { kind, metadata: { name } }: KubernetesObject,
  environment: string,
): Cause {
  return cause(
    "changed-outside",
    `${kind} ${name} is not the one any more that was to be taken over`,
    `look at it again by /docc init from=deployment/NAME in=${environment}`,
  );
}

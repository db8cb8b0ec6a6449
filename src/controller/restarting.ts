import { storedManifest } from "../manifest/canonical.ts";
import { objectsOf, refOf } from "../release/plan.ts";
import type { Application } from "../release/release.ts";
import type { ControllerPorts, Environment } from "./ports.ts";
import { cause, Refusal } from "./refusal.ts";
import type { Accepted } from "./step.ts";
import { unknownApp } from "./unknown-app.ts";
import type { Wanted } from "./wanted.ts";

export function isRestart({ spec }: Accepted): boolean {
  return spec.kind === "restart";
}

/** What was applied last, object by object as it was: a restart changes nothing but the pods. */
export async function runningWanted(
  env: Environment,
  head: Application,
  { records }: Pick<ControllerPorts, "records">,
): Promise<Wanted> {
  const { app } = head.spec;
  const applied = head.status?.applied;
  if (applied === undefined) throw unknownApp(head);
  const plan = (await records.findRelease(applied.release))?.status?.plan;
  const objects = plan === undefined ? [] : objectsOf(plan);
  const isHere = objects.every(({ metadata }) => metadata.namespace === env.platform.namespace);
  if (plan === undefined || !isHere) {
    const sentence =
      plan === undefined
        ? "the record of what runs is not there any more"
        : `revision ${applied.revision} ran in another namespace than ${env.name} has now`;
    throw new Refusal(cause("no-such-revision", sentence, "deploy it again instead"), app);
  }
  const deployment = objects.find(({ kind }) => kind === "Deployment");
  if (deployment === undefined || (await env.cluster.find(refOf(deployment))) === undefined) {
    const sentence = `there is no Deployment ${deployment?.metadata.name ?? app} any more, so there is nothing to restart`;
    throw new Refusal(cause("deleted-outside", sentence, "deploy it again instead"), app);
  }
  const manifest = storedManifest(plan.manifest);
  return { manifest, objects, before: manifest, warnings: [] };
}

import type { Application, Plan } from "../release/release.ts";
import { cause, Refusal } from "./refusal.ts";
import type { Accepted } from "./step.ts";

/**
 * What would change nothing of what succeeded is not deployed: one sentence, and no further revision. So the
 * second of two clicks, too, waits behind the first and then finds nothing to do. After a failure the same
 * objects are applied again, so that what runs is known; a manifest that says something else, if only of
 * maintainers or links, is a change; a restart changes nothing and is wanted all the same.
 * @throws Refusal `runs-already` for a rollback, else `no-change`
 */
export function refuseWithoutNews(
  { changes, manifest, to }: Plan,
  { spec: { kind, source } }: Pick<Accepted, "spec">,
  { spec: { app, environment }, status }: Application,
): void {
  const { applied, current } = status ?? {};
  const isSound = current !== undefined && applied?.release === current.release;
  if (!isSound || changes.some(({ action }) => action !== "unchanged")) return;
  if (source.type === "release") {
    const sentence = `${environment} runs ${to} as revision ${source.revision} made it already`;
    throw new Refusal(cause("runs-already", sentence, ""), app);
  }
  const isDeploy = kind === "deploy" || kind === "update";
  if (!isDeploy || manifest !== current.manifest) return;
  const sentence = `${environment} runs exactly this already, as revision ${current.revision}`;
  throw new Refusal(cause("no-change", sentence, ""), app);
}

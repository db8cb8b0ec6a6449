import type { KubernetesObject } from "../manifest/objects/objects.ts";
import { obstacleTo } from "../release/adoption.ts";
import { isForeign, refOf } from "../release/plan.ts";
import type { Cause, TakenObject } from "../release/release.ts";
import type { Environment } from "./ports.ts";
import { cause, Refusal } from "./refusal.ts";

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

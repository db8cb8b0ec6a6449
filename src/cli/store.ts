import { DoccError } from "../errors.ts";
import type { KubeApi } from "../k8s/api.ts";
import { isKubeError } from "../k8s/errors.ts";
import { createRecords } from "../k8s/records.ts";
import type { Release, ReleaseSpec } from "../release/release.ts";
import { isSame } from "./asked.ts";
import { Unanswered, unanswered } from "./unanswered.ts";

/** A release to store. */
export interface Wish {
  readonly name: string;
  readonly spec: ReleaseSpec;
}

/** Where, and whether the same words again are the same request. */
interface Place {
  readonly api: KubeApi;
  readonly namespace: string;
  readonly hasKey: boolean;
}

/** What became of one wish: stored and read; stored, or maybe, and not read; or not stored. */
export type Fate =
  | { readonly release: Release }
  | { readonly unsure: Unanswered; readonly wish: Wish }
  | { readonly failed: DoccError };

/**
 * Stores all at the same time.
 * @returns what became of each, in their order
 * @throws DoccError the first failure, where surely nothing is stored
 */
export async function storeAll(place: Place, wishes: readonly Wish[]): Promise<readonly Fate[]> {
  const fates = await Promise.all(wishes.map((wish) => fateOf(place, wish)));
  const [first] = fates.flatMap((fate) => ("failed" in fate ? [fate.failed] : []));
  if (first !== undefined && fates.every((fate) => "failed" in fate)) throw first;
  return fates;
}

async function fateOf(place: Place, wish: Wish): Promise<Fate> {
  try {
    return { release: await store(place, wish) };
  } catch (error) {
    if (error instanceof Unanswered) return { unsure: error, wish };
    if (error instanceof DoccError) return { failed: error };
    throw error;
  }
}

/** The release of that name: made now, or by the same request before. */
async function store({ api, namespace, hasKey }: Place, { name, spec }: Wish): Promise<Release> {
  const unsure = (sentence: string) =>
    unanswered(sentence, (cause) => nextStep({ name, namespace }, { hasKey, cause }));
  const find: KubeApi["find"] = (...given) =>
    api.find(...given).catch(unsure(`Nobody can tell now whether the release ${name} is stored.`));
  await createRecords({ ...api, find }, namespace).createRelease(name, spec);
  const stored = await createRecords(api, namespace)
    .findRelease(name)
    .catch(unsure(`The release ${name} is stored and goes on, but cannot be read now.`));
  if (stored === undefined) {
    throw new DoccError("not-found", `The release ${name} is gone already.`);
  }
  if (isSame(stored.spec, spec)) return stored;
  throw new DoccError("conflict", `This key stands for another request already: ${name}.`, {
    hint: "Give another --key, or ask for the very same again.",
  });
}

/** Without a key the same words again would be a second release. */
function nextStep(
  { name, namespace }: { readonly name: string; readonly namespace: string },
  { hasKey, cause }: { readonly hasKey: boolean; readonly cause: unknown },
): string {
  const first = isKubeError(cause, "unauthorized") ? "Sign in again. " : "";
  const look = `kubectl get release ${name} -n ${namespace}`;
  return hasKey
    ? `${first}Look later: ${look}. The same command again, with the same --key, asks for nothing new.`
    : `${first}Look before you ask again: ${look}`;
}

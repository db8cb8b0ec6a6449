import type { KubeApi } from "../../src/k8s/api.ts";
import { defineKind } from "../../src/k8s/kinds.ts";
import type { KubeObject, OpaqueObject } from "../../src/k8s/objects.ts";
import type { ApplicationObject, Deployment } from "../../src/manifest/objects/objects.ts";

const pods = defineKind<OpaqueObject>("v1", "Pod", "pods");
/** Requests under way at the same time: more would wait in docc's own client. */
const PARALLEL = 12;

/** One thing to ask of the API server, and what to call it in a failure. */
interface Question<Item> {
  readonly name: string;
  readonly item: Item;
}

/** What an API server refuses of many things, as `name: why`; nothing where all is accepted. */
export async function refusalsOf<Item>(
  questions: readonly Question<Item>[],
  ask: (item: Item) => Promise<unknown>,
): Promise<readonly string[]> {
  const refusals: string[] = [];
  const left = questions.values();
  const worker = async (): Promise<void> => {
    for (const { name, item } of left) {
      await ask(item).catch((error: unknown) => refusals.push(`${name}: ${String(error)}`));
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
  return refusals.toSorted();
}

/** An object in a namespace of the test's own. */
export function inNamespace(object: ApplicationObject, namespace: string): ApplicationObject {
  return { ...object, metadata: { ...object.metadata, namespace } } as ApplicationObject;
}

/** A server-side apply as docc does it, of which nothing is stored: `fieldValidation=Strict` is its default. */
export async function dryApply(api: KubeApi, object: ApplicationObject): Promise<unknown> {
  return api.apply(object as KubeObject, { fieldManager: "docc", dryRun: true });
}

/**
 * Admits the pod that a Deployment's ReplicaSet would create. Pod Security refuses pods alone; of a
 * Deployment it only warns.
 */
export async function dryPod(
  api: KubeApi,
  { spec: { template } }: Deployment,
  namespace: string,
): Promise<unknown> {
  const { labels = {} } = template.metadata ?? {};
  const pod = { metadata: { name: "golden", namespace, labels }, spec: template.spec };
  return api.create(pods, pod, { fieldManager: "docc", dryRun: true });
}

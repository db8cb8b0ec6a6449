import type { Resource } from "./facade/resources.ts";
import type { KubeObject } from "./facade/json.ts";
import type { Store } from "./facade/store.ts";

const annotation = "deployment.kubernetes.io/revision";

const revisionOf = (object: KubeObject | undefined): number =>
  Number(object?.metadata.annotations?.[annotation] ?? 0);

/**
 * Keeps a Deployment's revision annotation at its newest ReplicaSet's: webernetes' controller writes
 * it only with a status update, which drops it. Level-triggered; returns what stops it.
 */
export function keepRevisions(
  store: Store,
  deployments: Resource,
  replicaSets: Resource,
  from: number,
): () => void {
  let stopped = false;
  const stop = store.watch(
    replicaSets,
    undefined,
    from,
    ({ object, type }) => {
      if (!stopped && type !== "DELETED") void raise(store, deployments, object);
    },
    () => undefined,
  );
  return () => {
    stopped = true;
    stop();
  };
}

async function raise(store: Store, deployments: Resource, replicaSet: KubeObject): Promise<void> {
  const owner = replicaSet.metadata.ownerReferences?.find(({ kind }) => kind === "Deployment");
  const revision = replicaSet.metadata.annotations?.[annotation];
  if (owner === undefined || revision === undefined) return;
  for (;;) {
    const deployment = await store.get(deployments, replicaSet.metadata.namespace, owner.name);
    if (deployment?.metadata.uid !== owner.uid || revisionOf(deployment) >= Number(revision))
      return;
    const annotations = { ...deployment?.metadata.annotations, [annotation]: revision };
    const next = { ...deployment, metadata: { ...deployment.metadata, annotations } };
    if (await store.update(deployments, next, deployment.metadata.resourceVersion ?? "")) return;
  }
}

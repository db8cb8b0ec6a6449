import type { Deployment, Event, Pod, ReplicaSet } from "../k8s/kinds.ts";

/** A Certificate as far as a verdict needs it. */
export interface CertificateState {
  readonly name: string;
  readonly ready: boolean;
  /** The issuer's own words when it is not ready; may be empty. */
  readonly message: string;
}

/** All that one look at the cluster tells of a rollout: plain data, from one consistent moment. */
export interface Observation {
  /** Absent when somebody deleted it. */
  readonly deployment: Deployment | undefined;
  /** Hash over the live pod template, as {@link RolloutTarget} has it; empty without deployment. */
  readonly templateHash: string;
  /** Owned by the Deployment. */
  readonly replicaSets: readonly ReplicaSet[];
  /** Of the Deployment, old and new. */
  readonly pods: readonly Pod[];
  /** Warning events of these objects. */
  readonly warnings: readonly Event[];
  /** Ready endpoints behind the Service; undefined when the app has no Service. */
  readonly readyEndpoints: number | undefined;
  readonly certificates: readonly CertificateState[];
}

const revisionAnnotation = "deployment.kubernetes.io/revision";

/**
 * The ReplicaSet of the template that is applied now: the highest revision that the Deployment
 * owns. Sound once observedGeneration has caught up, which callers check first.
 */
export function newReplicaSet({ deployment, replicaSets }: Observation): ReplicaSet | undefined {
  const owned = replicaSets.filter(({ metadata }) =>
    metadata?.ownerReferences?.some(({ uid }) => uid === deployment?.metadata?.uid),
  );
  const revision = (set: ReplicaSet): number =>
    Number(set.metadata?.annotations?.[revisionAnnotation] ?? 0);
  return owned.toSorted((a, b) => revision(b) - revision(a))[0];
}

function isOwnedBy(pod: Pod, owner: ReplicaSet | undefined): boolean {
  const uid = owner?.metadata?.uid;
  return uid !== undefined && (pod.metadata?.ownerReferences ?? []).some((ref) => ref.uid === uid);
}

/** The pods that this rollout brought; only these are judged. */
export function newPods(observation: Observation): readonly Pod[] {
  const owner = newReplicaSet(observation);
  return observation.pods.filter((pod) => isOwnedBy(pod, owner));
}

/** The pods that served before; they say who is affected by a failure. */
export function oldPods(observation: Observation): readonly Pod[] {
  const owner = newReplicaSet(observation);
  return observation.pods.filter((pod) => !isOwnedBy(pod, owner));
}

/** As the ReplicaSet controller counts: neither ending nor ended (evicted, the node went away). */
export function isActive({ metadata, status }: Pod): boolean {
  const hasEnded = status?.phase === "Failed" || status?.phase === "Succeeded";
  return metadata?.deletionTimestamp === undefined && !hasEnded;
}

export function isReady(pod: Pod): boolean {
  if (pod.metadata?.deletionTimestamp !== undefined) return false;
  return (pod.status?.conditions ?? []).some(
    ({ type, status }) => type === "Ready" && status === "True",
  );
}

/** Kinds of the objects of an application that the cluster may tell events about. */
export const eventKinds = [
  "Deployment",
  "ReplicaSet",
  "Pod",
  "HorizontalPodAutoscaler",
  "PodDisruptionBudget",
  "Service",
  "Ingress",
  "HTTPRoute",
  "TLSRoute",
  "ListenerSet",
  "Certificate",
] as const;

export type EventKind = (typeof eventKinds)[number];

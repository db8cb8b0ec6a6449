import type { Container, KeyItem, Pod, Volume } from "./types.ts";

/** Which keys a Secret or ConfigMap has; nothing when the object does not exist. */
export type KeysOf = (
  kind: "Secret" | "ConfigMap",
  namespace: string,
  name: string,
) => ReadonlySet<string> | undefined;

interface Reference {
  readonly kind: "Secret" | "ConfigMap";
  readonly name: string;
  readonly optional: boolean;
  readonly keys: readonly string[];
}

/** Why a container's environment cannot be made, in the kubelet's words; nothing when it can. */
export function environmentProblem(
  container: Container,
  namespace: string,
  keysOf: KeysOf,
): string | undefined {
  return firstProblem(
    environmentReferences(container),
    namespace,
    keysOf,
    (key, { kind, name }) => `couldn't find key ${key} in ${kind} ${namespace}/${name}`,
  );
}

/** The first volume that cannot be mounted, and why. */
export function mountProblem(pod: Pod, keysOf: KeysOf): string | undefined {
  for (const volume of pod.spec.volumes ?? []) {
    const problem = firstProblem(
      volumeReferences(volume),
      pod.metadata.namespace ?? "",
      keysOf,
      (key, { kind }) =>
        kind === "Secret"
          ? `references non-existent secret key: ${key}`
          : `configmap references non-existent config key: ${key}`,
    );
    if (problem !== undefined)
      return `MountVolume.SetUp failed for volume "${volume.name}" : ${problem}`;
  }
  return undefined;
}

function firstProblem(
  references: readonly Reference[],
  namespace: string,
  keysOf: KeysOf,
  keyProblem: (key: string, reference: Reference) => string,
): string | undefined {
  for (const reference of references) {
    if (reference.optional) continue;
    const keys = keysOf(reference.kind, namespace, reference.name);
    if (keys === undefined) return `${reference.kind.toLowerCase()} "${reference.name}" not found`;
    const missing = reference.keys.find((key) => !keys.has(key));
    if (missing !== undefined) return keyProblem(missing, reference);
  }
  return undefined;
}

interface Source {
  readonly name: string;
  readonly optional?: boolean;
}

function environmentReferences(container: Container): Reference[] {
  const whole = (container.envFrom ?? []).flatMap((from) => [
    ...reference("Secret", from.secretRef, []),
    ...reference("ConfigMap", from.configMapRef, []),
  ]);
  const single = (container.env ?? []).flatMap(({ valueFrom }) => [
    ...reference("Secret", valueFrom?.secretKeyRef, keysIn([valueFrom?.secretKeyRef])),
    ...reference("ConfigMap", valueFrom?.configMapKeyRef, keysIn([valueFrom?.configMapKeyRef])),
  ]);
  return [...whole, ...single];
}

function volumeReferences(volume: Volume): Reference[] {
  const { secret, configMap } = volume;
  const own = secret && { name: secret.secretName, optional: secret.optional === true };
  return [
    ...reference("Secret", own, keysIn(secret?.items ?? [])),
    ...reference("ConfigMap", configMap, keysIn(configMap?.items ?? [])),
    ...(volume.projected?.sources ?? []).flatMap((source) => [
      ...reference("Secret", source.secret, keysIn(source.secret?.items ?? [])),
      ...reference("ConfigMap", source.configMap, keysIn(source.configMap?.items ?? [])),
    ]),
  ];
}

function reference(
  kind: Reference["kind"],
  source: Source | undefined,
  keys: readonly string[],
): Reference[] {
  if (source === undefined) return [];
  return [{ kind, name: source.name, optional: source.optional === true, keys }];
}

const keysIn = (items: readonly (KeyItem | undefined)[]): string[] =>
  items.flatMap((item) => (item === undefined ? [] : [item.key]));

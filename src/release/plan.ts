import { canonicalJson, isRecord } from "../manifest/canonical.ts";
import { inEnvironment, leastScale } from "../manifest/environment.ts";
import type { Manifest } from "../manifest/schema/manifest.ts";
import type { KubernetesObject } from "../manifest/objects/objects.ts";
import { cap } from "../text/cap.ts";
import { isExposing } from "./hosts.ts";
import { movedTags, pinnedContainers } from "./images.ts";
import type {
  Identity,
  ObjectRef,
  Plan,
  PlannedAction,
  PlannedObject,
  PlanPolicy,
  ReleaseSpec,
} from "./release.ts";

/** An object as the API server has it. */
export interface LiveObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

/** One object of the plan: what we want, what is there, what the dry run says would be there. */
export interface Target {
  readonly desired: KubernetesObject;
  /** Absent when nothing of that name exists. */
  readonly live: LiveObject | undefined;
  /** The API server's answer to a dry run of our apply. */
  readonly preview: LiveObject;
  /** Fields of other managers that our apply would take over. */
  readonly conflicts: readonly { readonly manager: string; readonly field: string }[];
}

const managedBy = "app.kubernetes.io/managed-by";
const instance = "app.kubernetes.io/instance";
/** docc's own marks move with every release and change nothing that runs. */
const stamps = /^(docc\.dev\/|kubernetes\.io\/change-cause$)/;

/** One text for each object, to tell them apart by. */
export function keyOf({ apiVersion, kind, namespace, name }: ObjectRef): string {
  return [apiVersion, kind, namespace, name].join("/");
}

export function refOf({ apiVersion, kind, metadata }: KubernetesObject): ObjectRef {
  return { apiVersion, kind, namespace: metadata.namespace, name: metadata.name };
}

/** The objects of a plan, without stamps. docc wrote them itself; the plan's digest covers them. */
export function objectsOf({ objects }: Pick<Plan, "objects">): readonly KubernetesObject[] {
  return JSON.parse(objects) as readonly KubernetesObject[];
}

/** An object of that name that docc did not make for this app: adoption is an explicit command. */
export function isForeign(live: LiveObject | undefined, app: string): boolean {
  if (live === undefined) return false;
  const labels = live.metadata.labels ?? {};
  return labels[managedBy] !== "docc" || labels[instance] !== app;
}

/**
 * What will happen, from the dry runs: for people the changes in words, for the apply the digest.
 * @param hash hex SHA-256 of a text
 */
export function makePlan(
  input: {
    readonly number: number;
    readonly manifest: Manifest;
    readonly manifestText: string;
    /** The manifest that is applied now; undefined before the first deploy. */
    readonly before: Manifest | undefined;
    readonly targets: readonly Target[];
    /** What docc made before and the manifest does not say any more. */
    readonly prunes?: readonly LiveObject[];
    readonly spec: ReleaseSpec;
    readonly warnings: readonly string[];
    readonly policy: PlanPolicy;
    /** Milliseconds since the epoch; undefined where nobody is asked. */
    readonly expiresAt?: number | undefined;
    readonly now: number;
  },
  hash: (text: string) => string,
): Plan {
  const prunes = (input.prunes ?? []).slice(0, mostPrunes);
  const changes = [...input.targets.map(plannedObject), ...prunes.map(plannedPrune)];
  const { environment } = input.spec;
  const risks = risksOf(
    input.before && inEnvironment(input.before, environment),
    inEnvironment(input.manifest, environment),
    pinnedContainers(input.targets),
  );
  const objects = canonicalJson(input.targets.map(({ desired }) => desired));
  const { policy, manifestText: manifest } = input;
  const expiresAt =
    input.expiresAt === undefined ? {} : { expiresAt: new Date(input.expiresAt).toISOString() };
  const { requester } = input.spec;
  return {
    number: input.number,
    digest: digestOf(
      { manifest, objects, requester, policy, ...expiresAt },
      input.targets,
      prunes,
      hash,
    ),
    manifest,
    objects,
    changes,
    diff: "[]",
    policy,
    ...expiresAt,
    from: input.before === undefined ? "" : cap(tagOf(input.before), longest),
    to: cap(tagOf(input.manifest), longest),
    risks: some(
      [...movedTags(input.targets), ...risks, ...removals(prunes), ...takeovers(changes)],
      32,
    ),
    warnings: some(input.warnings, 64),
    plannedAt: new Date(input.now).toISOString(),
  };
}

/**
 * What an approval is given to: objects, uids, both hashes, listed conflicts, prunes, requester, policy and
 * expiry. The same plan on the same cluster has the same digest, whatever status and counters did meanwhile.
 * @returns `sha256:` and 64 hex digits over RFC 8785 JSON
 */
export function digestOf(
  plan: Pick<Plan, "manifest" | "objects" | "policy" | "expiresAt"> & {
    readonly requester: Identity;
  },
  targets: readonly Target[],
  prunes: readonly LiveObject[],
  hash: (text: string) => string,
): string {
  const { manifest, objects, policy, expiresAt = "", requester } = plan;
  const pinned = {
    manifest,
    objects: hash(objects),
    policy,
    expiresAt,
    requester,
    targets: targets.map((target) => pin(target, hash)),
    prunes: prunes
      .slice(0, mostPrunes)
      .map(({ kind, metadata: { name, uid } }) => ({ kind, name, uid })),
  };
  return `sha256:${hash(canonicalJson(pinned))}`;
}

/** Texts fit the CRD's limits with room to spare; what is too many is counted, never dropped silently. */
const longest = 1_000;

function some(texts: readonly string[], most: number): readonly string[] {
  const kept = texts.length <= most ? texts : texts.slice(0, most - 1);
  const more = kept.length < texts.length ? [`and ${texts.length - kept.length} more`] : [];
  return [...kept.map((text) => cap(text, longest)), ...more];
}

/** Per target: uid or absence, and hashes before and after over the fields that docc sets. */
function pin(target: Target, hash: (text: string) => string): unknown {
  const { desired, live, preview } = target;
  return {
    ...refOf(desired),
    uid: live?.metadata.uid ?? "",
    conflicts: target.conflicts.map(canonicalJson).toSorted(),
    before: live === undefined ? "" : hash(canonicalJson(alike(desired, live))),
    after: hash(canonicalJson(alike(desired, preview))),
  };
}

/** The part of `actual` that `shape` names: fields by key, list elements by their `name`. */
export function alike(shape: unknown, actual: unknown): unknown {
  if (Array.isArray(shape) && Array.isArray(actual)) return alikeList(shape, actual);
  if (!isRecord(shape) || !isRecord(actual)) return actual ?? null;
  return Object.fromEntries(Object.keys(shape).map((key) => [key, alike(shape[key], actual[key])]));
}

function alikeList(shape: readonly unknown[], actual: readonly unknown[]): unknown {
  if (!shape.every((each) => isRecord(each) && typeof each["name"] === "string")) return actual;
  const named = (name: unknown): unknown =>
    actual.find((each) => isRecord(each) && each["name"] === name);
  return shape.map((each) => (isRecord(each) ? alike(each, named(each["name"])) : each));
}

/** Objects that one release prunes; the next one sees to the rest. */
const mostPrunes = 64;

function plannedPrune({ apiVersion, kind, metadata }: LiveObject): PlannedObject {
  const { name, namespace = "", uid } = metadata;
  return { apiVersion, kind, namespace, name, action: "prune", note: "", takesOver: [], uid };
}

/** Addresses that stop to answer are a risk; what else goes is listed with the changes. */
function removals(prunes: readonly LiveObject[]): readonly string[] {
  return prunes
    .filter(({ kind }) => isExposing({ kind }))
    .map(({ kind, metadata }) => `removes ${kind} ${metadata.name}`);
}

function plannedObject({ desired, live, preview, conflicts }: Target): PlannedObject {
  const paths = live === undefined ? [] : changedPaths(bare(live, desired), bare(preview, desired));
  const action: PlannedAction =
    live === undefined ? "create" : paths.length === 0 ? "unchanged" : "change";
  return {
    ...refOf(desired),
    action,
    note: action === "change" ? cap(sayPaths(paths), longest) : "",
    takesOver: some(
      conflicts.map(({ manager, field }) => cap(`${field} from ${manager}`, 500)),
      16,
    ),
  };
}

/** An object without what the API server keeps, docc's stamps, and replicas that are an autoscaler's. */
function bare(object: LiveObject, desired: KubernetesObject): unknown {
  const { labels, annotations } = object.metadata;
  const kept = Object.entries(annotations ?? {}).filter(
    ([key]) => !stamps.test(key) && !key.startsWith("deployment.kubernetes.io/"),
  );
  const {
    status: _status,
    metadata: _metadata,
    ...rest
  } = object as LiveObject & { status?: unknown };
  const own = {
    ...rest,
    metadata: { labels: labels ?? {}, annotations: Object.fromEntries(kept) },
  };
  return isAutoscaled(desired) ? withoutReplicas(own) : own;
}

/** Whether the number of an object's replicas is somebody else's: docc leaves it out then. */
export function isAutoscaled({ kind, spec }: KubernetesObject): boolean {
  return kind === "Deployment" && isRecord(spec) && spec["replicas"] === undefined;
}

function withoutReplicas(object: Readonly<Record<string, unknown>>): unknown {
  const { spec } = object;
  if (!isRecord(spec)) return object;
  const { replicas: _replicas, ...rest } = spec;
  return { ...object, spec: rest };
}

/** Paths at which two values differ, without the values: they may be secret. At most 50. */
export function changedPaths(before: unknown, after: unknown, path = ""): readonly string[] {
  if (canonicalJson(before ?? null) === canonicalJson(after ?? null)) return [];
  const join = (key: string): string => (path === "" ? key : `${path}.${key}`);
  if (isRecord(before) && isRecord(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted();
    return keys.flatMap((key) => changedPaths(before[key], after[key], join(key))).slice(0, 50);
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return after
      .flatMap((each, at) => changedPaths(before[at], each, join(String(at))))
      .slice(0, 50);
  }
  return [path];
}

const container = String.raw`^spec\.template\.spec\.containers\.\d+\.`;

const words: readonly (readonly [RegExp, string])[] = [
  [new RegExp(`${container}image$`), "image"],
  [/^spec\.(replicas|minReplicas|maxReplicas|metrics)\b/, "scale"],
  [new RegExp(`${container}ports\\b`), "ports"],
  [/^spec\.ports\b/, "ports"],
  [new RegExp(`${container}env\\b`), "env"],
  [new RegExp(`${container}(command|args)\\b`), "command"],
  [new RegExp(`${container}(startup|readiness|liveness)Probe\\b`), "health"],
  [new RegExp(`${container}resources\\b`), "cpu and memory"],
  [/^spec\.template\.spec\.(containers\.\d+\.)?securityContext\b/, "security"],
  [/^spec\.template\.spec\.(volumes|containers\.\d+\.volumeMounts)\b/, "volumes"],
  [/^spec\.template\.spec\.containers$/, "containers"],
  [/^spec\.(rules|tls|hostnames|listeners)\b/, "hosts and paths"],
  [/^spec\.progressDeadlineSeconds$/, "timeout"],
  [/^(spec\.template\.)?metadata\.labels\b/, "labels"],
  [/^metadata\.annotations\b/, "annotations"],
];

/** It says the image's tag once more. */
const versionLabel = /labels\.app\.kubernetes\.io\/version$/;

function sayPaths(paths: readonly string[]): string {
  const others = paths.filter((path) => !versionLabel.test(path));
  const said = (others.length === 0 ? paths : others).map(
    (path) => words.find(([pattern]) => pattern.test(path))?.[1] ?? path,
  );
  return [...new Set(said)].join(", ");
}

/** Enough of a digest to tell images apart by eye. */
const shortDigest = 19;

/** The tags of all containers, one word when they agree; the start of a digest where there is no tag. */
export function tagOf({ containers }: Manifest): string {
  const versions = Object.values(containers).map(
    ({ image_tag: tag, image_digest: digest }) => tag ?? digest?.slice(0, shortDigest) ?? "",
  );
  return [...new Set(versions)].join(", ");
}

function takeovers(changes: readonly PlannedObject[]): readonly string[] {
  return changes.flatMap(({ kind, takesOver }) =>
    takesOver.map((field) => `takes ${kind} ${field}`),
  );
}

/**
 * What may hurt, in words, from the manifests of before and after in one environment.
 * @param pinned containers whose image is deployed by digest
 */
function risksOf(
  before: Manifest | undefined,
  after: Manifest,
  pinned: ReadonlySet<string>,
): readonly string[] {
  const risks: string[] = [];
  if (before !== undefined && leastScale(after) < leastScale(before)) {
    risks.push(`scales down from ${leastScale(before)} to ${leastScale(after)}`);
  }
  if (leastScale(after) === 0) risks.push("no pod will run");
  const isLoose = Object.entries(after.containers).some(
    ([name, { image_tag: tag }]) => tag === "latest" && !pinned.has(name),
  );
  if (isLoose) {
    risks.push("the tag latest can change under the same name");
  }
  const unchecked = Object.entries(after.containers).filter(
    ([name, { health }]) => health === undefined && before?.containers[name]?.health !== undefined,
  );
  if (unchecked.length > 0) {
    risks.push(`no health check any more for ${unchecked.map(([name]) => name).join(", ")}`);
  }
  return risks;
}

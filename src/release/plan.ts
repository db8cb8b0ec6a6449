import { canonicalJson, isRecord } from "../manifest/canonical.ts";
import { inEnvironment } from "../manifest/environment.ts";
import type { Manifest } from "../manifest/schema/manifest.ts";
import type { KubernetesObject } from "../manifest/objects/objects.ts";
import { cap } from "../text/cap.ts";
import { bare } from "./comparable.ts";
import { type Compared, diffOf } from "./diff/diff.ts";
import { alike, pin, pinOf, sayTakeover } from "./pins.ts";
import type {
  Identity,
  ObjectRef,
  Plan,
  PlannedAction,
  PlannedObject,
  PlanPolicy,
  ReleaseKind,
  ReleaseSpec,
  TakenObject,
} from "./release.ts";
import { risksOf } from "./risks.ts";
import { sayRestart } from "./restart.ts";

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
  /** The API server's answer to a dry run of our apply; undefined where a webhook allows none. */
  readonly preview: LiveObject | undefined;
  /** Fields of other managers that our apply would take over. */
  readonly conflicts: readonly { readonly manager: string; readonly field: string }[];
}

export const managedBy = "app.kubernetes.io/managed-by";
export const instance = "app.kubernetes.io/instance";
/** The labels by which docc knows an app's objects, see {@link isForeign}. */
export const ownLabels: readonly string[] = [managedBy, instance];

/** One text for each object, to tell them apart by. */
export function keyOf({ apiVersion, kind, namespace, name }: ObjectRef): string {
  return [apiVersion, kind, namespace, name].join("/");
}

export function refOf({ apiVersion, kind, metadata }: KubernetesObject): ObjectRef {
  return { apiVersion, kind, namespace: metadata.namespace, name: metadata.name };
}

/** Which object it is, and nothing else of what is known of it. */
export function refOnly({ apiVersion, kind, namespace, name }: ObjectRef): ObjectRef {
  return { apiVersion, kind, namespace, name };
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
    /** What others have made and this plan takes over. */
    readonly takes?: readonly TakenObject[];
    /** Whose objects become docc's, in words (adoption.ts). */
    readonly takeovers?: readonly string[];
    /** What a given manifest undoes of what words changed before it, in words (undoing.ts). */
    readonly undone?: readonly string[];
    readonly policy: PlanPolicy;
    /** Milliseconds since the epoch; undefined where nobody is asked. */
    readonly expiresAt?: number | undefined;
    readonly now: number;
  },
  hash: (text: string) => string,
): Plan {
  const prunes = (input.prunes ?? []).slice(0, mostPrunes);
  const { kind, requester } = input.spec;
  const planned = input.targets.map((target) =>
    kind === "restart" ? plannedRestart(target, hash) : plannedObject(target, hash),
  );
  const { takes = [] } = input;
  const changes = [
    ...planned.map((change) => ({ ...change, ...takenAs(change, takes) })),
    ...prunes.map(plannedPrune),
  ];
  const { environment } = input.spec;
  const risks = risksOf({
    before: input.before && inEnvironment(input.before, environment),
    after: inEnvironment(input.manifest, environment),
    targets: input.targets,
    prunes,
    changes,
  });
  const objects = canonicalJson(input.targets.map(({ desired }) => desired));
  const { policy, manifestText: manifest } = input;
  const expiresAt =
    input.expiresAt === undefined ? {} : { expiresAt: new Date(input.expiresAt).toISOString() };
  return {
    number: input.number,
    digest: digestOf(
      { manifest, objects, requester, kind, policy, ...expiresAt },
      input.targets,
      prunes,
      hash,
    ),
    manifest,
    objects,
    changes,
    diff: diffOfPlan(input.targets, changes),
    policy,
    ...expiresAt,
    from: input.before === undefined ? "" : cap(tagOf(input.before), longest),
    to: cap(tagOf(input.manifest), longest),
    risks: some([...(input.takeovers ?? []), ...(input.undone ?? []), ...risks], 32),
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
    /** A restart or a deletion is another thing than a deploy of the same objects. */
    readonly kind?: ReleaseKind;
  },
  targets: readonly Target[],
  prunes: readonly LiveObject[],
  hash: (text: string) => string,
): string {
  const { manifest, objects, policy, expiresAt = "", requester, kind } = plan;
  const pinned = {
    manifest,
    objects: hash(objects),
    policy,
    expiresAt,
    requester,
    ...(kind === "restart" || kind === "delete" ? { kind } : {}),
    targets: targets.map((target) => ({ ...refOf(target.desired), ...pin(target, hash) })),
    prunes: (kind === "delete" ? prunes : prunes.slice(0, mostPrunes)).map(
      ({ kind: of, metadata: { name, uid } }) => ({ kind: of, name, uid }),
    ),
  };
  return `sha256:${hash(canonicalJson(pinned))}`;
}

/** Texts fit the CRD's limits with room to spare; what is too many is counted, never dropped silently. */
const longest = 1_000;

export function some(texts: readonly string[], most: number): readonly string[] {
  const kept = texts.length <= most ? texts : texts.slice(0, most - 1);
  const more = kept.length < texts.length ? [`and ${texts.length - kept.length} more`] : [];
  return [...kept.map((text) => cap(text, longest)), ...more];
}

/** Objects that one release prunes; the next one sees to the rest. A deletion names all. */
const mostPrunes = 64;

export function plannedPrune({ apiVersion, kind, metadata }: LiveObject): PlannedObject {
  const { name, namespace = "", uid } = metadata;
  return { apiVersion, kind, namespace, name, action: "prune", note: "", takesOver: [], uid };
}

function plannedObject(target: Target, hash: (text: string) => string): PlannedObject {
  const { desired, live, preview, conflicts } = target;
  const { before, after } = sidesOf(target);
  const paths = live === undefined ? [] : changedPaths(before, after);
  // What a webhook makes of it nobody knows before.
  const isSame = preview !== undefined && paths.length === 0;
  const action: PlannedAction = live === undefined ? "create" : isSame ? "unchanged" : "change";
  return {
    ...refOf(desired),
    action,
    note: action === "change" ? cap(sayPaths(paths), longest) : "",
    takesOver: some(conflicts.map(sayTakeover), 16),
    pin: pinOf(target, hash),
    ...(preview === undefined ? { previewed: false } : {}),
  };
}

/** Of an object to take over, the one of its name that is meant. */
function takenAs(
  { kind, name }: ObjectRef,
  takes: readonly TakenObject[],
): Pick<PlannedObject, "uid"> {
  const taken = takes.find((each) => each.kind === kind && each.name === name);
  return taken === undefined ? {} : { uid: taken.uid };
}

/** Also where nothing else changes, the pods of a restart do. */
function plannedRestart(target: Target, hash: (text: string) => string): PlannedObject {
  const planned = plannedObject(target, hash);
  const { kind, note } = planned;
  if (kind !== "Deployment" || target.live === undefined) return planned;
  const said = [sayRestart(target.live), ...(note === "" ? [] : [note])];
  return { ...planned, action: "change", note: cap(said.join(", "), longest) };
}

/** The two sides of a change that people see: the dry run, or what docc asks for where there was none. */
export function sidesOf({ desired, live, preview }: Target): Pick<Compared, "before" | "after"> {
  const wanted = bare(desired, desired);
  if (live === undefined) return { before: undefined, after: wanted };
  const is = bare(live, desired);
  return preview === undefined
    ? { before: alike(wanted, is), after: wanted }
    : { before: is, after: bare(preview, desired) };
}

export function diffOfPlan(targets: readonly Target[], changes: readonly PlannedObject[]): string {
  const compared = changes.flatMap(({ kind, name, action }, at): readonly Compared[] => {
    if (action === "unchanged") return [];
    const target = targets[at];
    const sides = target === undefined ? { before: undefined, after: undefined } : sidesOf(target);
    const previewed = target === undefined || target.preview !== undefined;
    return [{ kind, name, action, ...sides, previewed }];
  });
  return diffOf(compared);
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

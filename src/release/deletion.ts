import { isRecord } from "../manifest/canonical.ts";
import type { Manifest } from "../manifest/schema/manifest.ts";
import { compare } from "../text/compare.ts";
import { hostsOf } from "./hosts.ts";
import { appliedAt } from "./managed-fields.ts";
import {
  diffOfPlan,
  digestOf,
  isForeign,
  keyOf,
  type LiveObject,
  plannedPrune,
  some,
  tagOf,
} from "./plan.ts";
import type { ObjectRef, Plan, PlanPolicy, Release, ReleaseSpec } from "./release.ts";

/** Whether a release ends an application instead of running one. */
export function isDeletion({ spec }: Pick<Release, "spec">): boolean {
  return spec.kind === "delete";
}

/**
 * Every kind that docc makes, in the order in which a deletion takes them away: who leads traffic to the app
 * first, so that nobody is sent to pods that end; who would scale or guard it next; the pods last.
 */
export const madeKinds: readonly Pick<ObjectRef, "apiVersion" | "kind">[] = [
  { apiVersion: "gateway.networking.k8s.io/v1", kind: "HTTPRoute" },
  { apiVersion: "gateway.networking.k8s.io/v1", kind: "TLSRoute" },
  { apiVersion: "networking.k8s.io/v1", kind: "Ingress" },
  { apiVersion: "gateway.networking.k8s.io/v1", kind: "ListenerSet" },
  { apiVersion: "cert-manager.io/v1", kind: "Certificate" },
  { apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler" },
  { apiVersion: "policy/v1", kind: "PodDisruptionBudget" },
  { apiVersion: "v1", kind: "Service" },
  { apiVersion: "apps/v1", kind: "Deployment" },
];

/** Changes that a Release holds (deploy/crds). */
export const mostDeleted = 128;

/** Whose objects are meant. */
export interface Owner {
  readonly app: string;
  readonly environment: string;
}

/**
 * Whether docc made an object for this app in this environment, by its labels as they are now. An object without
 * an environment was made before there was that label.
 */
export function isMade(live: LiveObject, { app, environment }: Owner): boolean {
  const of = live.metadata.labels?.["docc.dev/environment"];
  return !isForeign(live, app) && (of ?? environment) === environment;
}

/** What the cluster has of an app. */
export interface Found {
  /** What the records say that docc made. */
  readonly inventory: readonly ObjectRef[];
  /** Those of them that are there. */
  readonly recorded: readonly LiveObject[];
  /** Of every kind that docc makes, what has docc's label, with who wrote what in it. */
  readonly labelled: readonly LiveObject[];
  /** The namespace that the environment has now. */
  readonly namespace: string;
}

/** What goes, in order, and what stays of all that looks like the app's, each as a sentence. */
export interface Sorted {
  readonly objects: readonly LiveObject[];
  readonly stays: readonly string[];
}

/**
 * What docc made and nothing else: by its labels, and by its records or its own hand in the object. Labels alone
 * prove nothing: they are copied with a manifest.
 */
export function sortOut(owner: Owner, found: Found): Sorted {
  const { inventory, recorded, labelled, namespace } = found;
  const known = new Set(inventory.map(keyOf));
  const others = labelled.filter(
    (live) => isMade(live, owner) && !known.has(keyOf(refOfLive(live, namespace))),
  );
  const isOwn = (live: LiveObject): boolean => appliedAt(live) !== undefined;
  const objects = [...recorded.filter((live) => isMade(live, owner)), ...others.filter(isOwn)];
  const ordered = objects.toSorted(
    (a, b) => rankOf(a) - rankOf(b) || compare(a.metadata.name, b.metadata.name),
  );
  return {
    objects: ordered,
    stays: [
      ...recorded
        .filter((live) => !isMade(live, owner))
        .map((live) => `${sayObject(live)} stays: it is not docc's for this app any more`),
      ...others
        .filter((live) => !isOwn(live))
        .map(
          (live) => `${sayObject(live)} stays: it has the app's labels, and docc did not make it`,
        ),
      ...inventory
        .filter((ref) => ref.namespace !== namespace)
        .map(
          ({ kind, name, namespace: of }) =>
            `${kind} ${name} in namespace ${of} stays: ${owner.environment} has another one now`,
        ),
      ...ordered.flatMap(secretsOf),
    ],
  };
}

/** cert-manager keeps the key of a Certificate that is deleted, unless its operator wants it otherwise. */
function secretsOf(live: LiveObject): readonly string[] {
  const spec = "spec" in live && isRecord(live.spec) ? live.spec : {};
  const { secretName } = spec;
  return live.kind === "Certificate" && typeof secretName === "string"
    ? [`Secret ${secretName} stays, unless cert-manager removes it: docc did not make it`]
    : [];
}

function rankOf({ kind }: Pick<ObjectRef, "kind">): number {
  const at = madeKinds.findIndex((each) => each.kind === kind);
  // What docc does not know any more goes before the pods do.
  return at === -1 ? madeKinds.length - 1.5 : at;
}

function sayObject({ kind, metadata: { name } }: LiveObject): string {
  return `${kind} ${name}`;
}

export function refOfLive({ apiVersion, kind, metadata }: LiveObject, fallback = ""): ObjectRef {
  const { name, namespace = fallback } = metadata;
  return { apiVersion, kind, namespace, name };
}

/**
 * The plan of a deletion: objects to prune and none to apply. Its digest covers the uid of each, so that a yes is
 * given to these very objects.
 * @param hash hex SHA-256 of a text
 */
export function makeDeletion(
  input: {
    readonly number: number;
    /** Of what was applied last: its maintainers hear of it. */
    readonly manifest: Manifest;
    readonly manifestText: string;
    readonly sorted: Sorted;
    readonly spec: ReleaseSpec;
    readonly policy: PlanPolicy;
    /** Milliseconds since the epoch; undefined where nobody is asked. */
    readonly expiresAt: number | undefined;
    readonly now: number;
  },
  hash: (text: string) => string,
): Plan {
  const { sorted, policy, manifestText: manifest } = input;
  const { kind, requester } = input.spec;
  const changes = sorted.objects.map(plannedPrune);
  const expiresAt =
    input.expiresAt === undefined ? {} : { expiresAt: new Date(input.expiresAt).toISOString() };
  const about = { manifest, objects: "[]", policy, ...expiresAt };
  const tag = some([tagOf(input.manifest)], 1)[0] ?? "";
  return {
    ...about,
    number: input.number,
    digest: digestOf({ ...about, requester, kind }, [], sorted.objects, hash),
    changes,
    diff: diffOfPlan([], changes),
    from: tag,
    to: tag,
    risks: some(risksOf(sorted.objects), 32),
    warnings: some(sorted.stays, 64),
    plannedAt: new Date(input.now).toISOString(),
  };
}

function risksOf(objects: readonly LiveObject[]): readonly string[] {
  const hosts = new Set(objects.flatMap(hostsOf));
  return [...hosts].map((host) => `${host} does not answer any more`);
}

/** Something that is still there although it is deleted. */
export interface Held {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly finalizers?: readonly string[];
    readonly deletionTimestamp?: string;
  };
  /** Of a pod. */
  readonly spec?: unknown;
}

/** What holds it, in one sentence: `Service web is held by its finalizer example.com/hold`. */
export function sayHeld({ kind, metadata, spec }: Held): string {
  const { name, finalizers = [], deletionTimestamp } = metadata;
  if (deletionTimestamp === undefined)
    return `${kind} ${name} is there still, and nobody deletes it`;
  if (finalizers.length > 0) {
    const what = finalizers.length === 1 ? "finalizer" : "finalizers";
    return `${kind} ${name} is held by its ${what} ${finalizers.join(" and ")}`;
  }
  const node = isRecord(spec) ? spec["nodeName"] : undefined;
  const where = typeof node === "string" ? ` on node ${node}` : "";
  return `${kind} ${name} has not ended yet${where}`;
}

/** `5 objects deleted`, `1 of 5 objects deleted` */
export function sayDeleted(gone: number, all: number): string {
  const objects = all === 1 ? "object" : "objects";
  return gone === all ? `${all} ${objects} deleted` : `${gone} of ${all} ${objects} deleted`;
}

import { createHash } from "node:crypto";
import { canonicalJson } from "../manifest/canonical.ts";
import type { CertificateState, Observation } from "../release/observation.ts";
import { cap } from "../text/cap.ts";
import { oneLine } from "../text/clean.ts";
import type { KubeApi, ListOptions } from "./api.ts";
import { isKubeError } from "./errors.ts";
import {
  certificates,
  type Deployment,
  deployments,
  type EndpointSlice,
  endpointSlices,
  type Event,
  events,
  pods,
  replicaSets,
} from "./kinds.ts";
import type { OpaqueObject } from "./objects.ts";

/** Selects everything that docc made for an app, and its pods. */
export function selectorOf(app: string): string {
  return `app.kubernetes.io/instance=${app}`;
}

/** 32 hex digits over a pod template as the API server returned it. */
export function templateHash(deployment: Deployment | undefined): string {
  const template = deployment?.spec?.template;
  if (template === undefined) return "";
  return createHash("sha256").update(canonicalJson(template)).digest("hex").slice(0, 32);
}

/** Whose rollout is looked at. */
export interface Subject {
  readonly app: string;
  /** Names of the Certificates that the release made: another release's may never get ready. */
  readonly certificates: readonly string[];
}

/** Picks the Certificates that count for a release. */
export function ofRelease(
  all: readonly OpaqueObject[],
  { certificates: wanted }: Subject,
): readonly OpaqueObject[] {
  return all.filter(({ metadata }) => wanted.includes(metadata?.name ?? ""));
}

/** The parts of an {@link Observation} as the API server has them. */
export interface Parts {
  readonly deployment: Deployment | undefined;
  readonly replicaSets: Observation["replicaSets"];
  readonly pods: Observation["pods"];
  /** Of the namespace, of any type. */
  readonly events: readonly Event[];
  readonly slices: readonly EndpointSlice[];
  readonly certificates: readonly OpaqueObject[];
}

/** Pure: what a verdict needs, out of what the API server has. */
export function observationOf(parts: Parts): Observation {
  const { deployment } = parts;
  const owned = parts.replicaSets.filter(({ metadata }) =>
    metadata?.ownerReferences?.some(({ uid }) => uid === deployment?.metadata?.uid),
  );
  const uids = new Set(
    [deployment, ...owned, ...parts.pods]
      .map((each) => each?.metadata?.uid)
      .filter((uid) => uid !== undefined),
  );
  return {
    deployment,
    templateHash: templateHash(deployment),
    replicaSets: owned,
    pods: parts.pods,
    warnings: parts.events
      .filter(
        ({ type, involvedObject }) => type === "Warning" && uids.has(involvedObject.uid ?? ""),
      )
      .toSorted((a, b) => timeOf(a).localeCompare(timeOf(b))),
    readyEndpoints: parts.slices.length === 0 ? undefined : countReady(parts.slices),
    certificates: parts.certificates.map(certificateState),
  };
}

/** When an event was last seen; RFC 3339, empty when it does not say. */
export function timeOf(event: Event): string {
  return (
    event.lastTimestamp ??
    event.series?.lastObservedTime ??
    event.eventTime ??
    event.firstTimestamp ??
    ""
  );
}

function countReady(slices: readonly EndpointSlice[]): number {
  return slices
    .flatMap(({ endpoints }) => endpoints ?? [])
    .filter(({ conditions }) => conditions?.ready !== false).length;
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly message?: string;
  readonly observedGeneration?: number;
}

/** cert-manager's Ready condition, if it speaks of the spec as it is now. */
function certificateState({ metadata, status }: OpaqueObject): CertificateState {
  const conditions =
    (status as { readonly conditions?: readonly Condition[] } | undefined)?.conditions ?? [];
  const ready = conditions.find(({ type }) => type === "Ready");
  const isCurrent = (ready?.observedGeneration ?? Infinity) >= (metadata?.generation ?? 0);
  return {
    name: metadata?.name ?? "",
    ready: ready?.status === "True" && isCurrent,
    message: cap(oneLine(ready?.message ?? ""), 200),
  };
}

/** One fresh look at an app, past every cache. */
export async function lookAt(
  api: KubeApi,
  namespace: string,
  { app, certificates: wanted }: Subject,
  signal?: AbortSignal,
): Promise<Observation> {
  const call = signal === undefined ? {} : { signal };
  const mine = { namespace, labelSelector: selectorOf(app), ...call };
  const [deployment, sets, podList, eventList, slices, certificateList] = await Promise.all([
    api.find(deployments, { namespace, name: app }, call),
    api.listAll(replicaSets, mine),
    api.listAll(pods, mine),
    api.listAll(events, { namespace, fieldSelector: "type=Warning", ...call }),
    api.listAll(endpointSlices, {
      namespace,
      labelSelector: `kubernetes.io/service-name=${app}`,
      ...call,
    }),
    wanted.length === 0 ? [] : listCertificates(api, mine),
  ]);
  return observationOf({
    deployment,
    replicaSets: sets.items,
    pods: podList.items,
    events: eventList.items,
    slices: slices.items,
    certificates: ofRelease(certificateList, { app, certificates: wanted }),
  });
}

/** A cluster without cert-manager has no certificates. */
export async function listCertificates(
  api: KubeApi,
  options: ListOptions,
): Promise<readonly OpaqueObject[]> {
  try {
    return (await api.listAll(certificates, options)).items;
  } catch (error) {
    if (isKubeError(error, "not-served", "not-found")) return [];
    throw error;
  }
}

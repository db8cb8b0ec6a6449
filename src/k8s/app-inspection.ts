import type { Clock } from "../clock.ts";
import type {
  AutoscalerState,
  CertificateTerm,
  Inspection,
  MetricState,
  Part,
  Silence,
  Usage,
} from "../commands/inspecting/inspection.ts";
import type { EventQuery } from "../commands/ports.ts";
import { amountOf } from "../manifest/adopt/quantity.ts";
import type { KubeApi } from "./api.ts";
import { readEvents } from "./app-events.ts";
import { orAbort, startDeadline } from "./deadline.ts";
import { isKubeError } from "./errors.ts";
import {
  type HorizontalPodAutoscaler,
  horizontalPodAutoscalers,
  ingresses,
  podMetrics,
  pods,
} from "./kinds.ts";
import { listCertificates, lookAt, selectorOf, type Subject } from "./look.ts";
import type { OpaqueObject } from "./objects.ts";
import { isRecord } from "./redact.ts";

/** For the whole answer; a person waits for it. */
const allMs = 10_000;
/** Of one question that has a plainer one behind it, or that nobody needs. */
const someMs = 4_000;

/** An app whose Deployment is looked at, and the objects that docc has applied of it. */
export type Inspected = Subject & Pick<EventQuery, "objects">;

/** Asks all at once, each for itself; never rejects, and answers within {@link allMs}. */
export async function inspectApp(
  api: KubeApi,
  namespace: string,
  subject: Inspected,
  clock: Clock,
): Promise<Inspection> {
  const { app, objects } = subject;
  const all = startDeadline(clock, allMs);
  const some = startDeadline(clock, someMs, all.signal);
  const mine = { namespace, labelSelector: selectorOf(app), signal: all.signal };
  const part = <T>(work: Promise<T>): Promise<Part<T>> => partOf(work, all.signal);
  // A look is one moment of everything: where one list is not answered, the pods alone may be.
  const look = orAbort(lookAt(api, namespace, subject, some.signal), some.signal);
  const podsOf = look.then(
    (seen) => seen.pods,
    async () => (await api.listAll(pods, mine)).items,
  );
  try {
    const [observation, podList, doors, terms, autoscaler, usage, events] = await Promise.all([
      partOf(look, some.signal),
      part(podsOf),
      part(api.listAll(ingresses, mine)),
      part(listCertificates(api, mine)),
      part(api.find(horizontalPodAutoscalers, { namespace, name: app }, { signal: all.signal })),
      partOf(readUsage(api, { ...mine, signal: some.signal }), some.signal),
      part(readEvents(api, namespace, app, { objects }, all.signal)),
    ]);
    return {
      observation,
      pods: podList,
      ingresses: mapped(doors, ({ items }) => items.map(({ metadata }) => metadata.name)),
      certificates: mapped(terms, (items) => items.map(termOf)),
      autoscaler: mapped(autoscaler, (found) => found && stateOf(found)),
      usage,
      events,
    };
  } finally {
    some.dispose();
    all.dispose();
  }
}

async function partOf<T>(work: Promise<T>, signal: AbortSignal): Promise<Part<T>> {
  try {
    return { value: await orAbort(work, signal) };
  } catch (error) {
    return { silence: signal.aborted ? "slow" : silenceOf(error) };
  }
}

function silenceOf(error: unknown): Silence {
  if (isKubeError(error, "forbidden", "unauthorized")) return "forbidden";
  return isKubeError(error, "timeout") ? "slow" : "unavailable";
}

function mapped<T, U>(part: Part<T>, change: (value: T) => U): Part<U> {
  return "value" in part ? { value: change(part.value) } : part;
}

function termOf({ metadata, status }: OpaqueObject): CertificateTerm {
  const notAfter = isRecord(status) ? status["notAfter"] : undefined;
  return {
    name: metadata?.name ?? "",
    ...(typeof notAfter === "string" ? { notAfter } : {}),
  };
}

function stateOf({ spec, status }: HorizontalPodAutoscaler): AutoscalerState {
  const stuck = status?.conditions?.find(
    ({ type, status: holds }) => type === "ScalingActive" && holds === "False",
  );
  return {
    current: status?.currentReplicas ?? 0,
    desired: status?.desiredReplicas ?? 0,
    min: spec?.minReplicas ?? 1,
    max: spec?.maxReplicas ?? 1,
    metrics: (spec?.metrics ?? []).map((metric) => metricOf(metric, status)),
    ...(stuck === undefined ? {} : { trouble: stuck.reason ?? "" }),
  };
}

type Metric = NonNullable<NonNullable<HorizontalPodAutoscaler["spec"]>["metrics"]>[number];

/** docc makes those of type Resource; whatever else somebody added is told by its type. */
function metricOf(
  { resource, type }: Metric,
  status: HorizontalPodAutoscaler["status"],
): MetricState {
  if (resource === undefined) return { name: type, target: "" };
  const { name, target } = resource;
  const seen = status?.currentMetrics?.find((each) => each.resource?.name === name)?.resource;
  const now = sayAmount(seen?.current.averageUtilization, seen?.current.averageValue);
  return {
    name,
    target: sayAmount(target.averageUtilization, target.averageValue) ?? "",
    ...(now === undefined ? {} : { now }),
  };
}

function sayAmount(utilization: number | undefined, value: string | undefined): string | undefined {
  return utilization === undefined ? value : `${utilization}%`;
}

/** @returns undefined where the cluster has no metrics.k8s.io */
async function readUsage(
  api: KubeApi,
  options: { readonly namespace: string; readonly labelSelector: string; signal: AbortSignal },
): Promise<Usage | undefined> {
  try {
    const { items } = await api.listAll(podMetrics, { ...options, timeoutMs: someMs });
    const used = items.flatMap(containersOf);
    return {
      pods: items.length,
      cores: sum(used.map(({ cpu }) => cpu)),
      bytes: sum(used.map(({ memory }) => memory)),
    };
  } catch (error) {
    if (isKubeError(error, "not-served", "not-found")) return undefined;
    throw error;
  }
}

function containersOf(measured: OpaqueObject): readonly Record<"cpu" | "memory", unknown>[] {
  const containers: unknown = "containers" in measured ? measured.containers : [];
  if (!Array.isArray(containers)) return [];
  return containers.flatMap((each: unknown) => {
    const usage = isRecord(each) ? each["usage"] : undefined;
    return isRecord(usage) ? [{ cpu: usage["cpu"], memory: usage["memory"] }] : [];
  });
}

function sum(quantities: readonly unknown[]): number {
  return quantities
    .map((each) => (typeof each === "string" ? (amountOf(each) ?? 0) : 0))
    .reduce((total, amount) => total + amount, 0);
}

import type { EventGroup, EventQuery } from "../commands/ports.ts";
import type { KubeApi } from "./api.ts";
import { type Event, events, replicaSets } from "./kinds.ts";
import { selectorOf, timeOf } from "./look.ts";

/**
 * Events of one app's objects, of the ReplicaSets that its Deployment made and of their pods, grouped
 * by type, reason and object kind, newest first.
 */
export async function readEvents(
  api: KubeApi,
  namespace: string,
  app: string,
  query: EventQuery,
  signal?: AbortSignal,
): Promise<readonly EventGroup[]> {
  const [all, sets] = await Promise.all([
    api.listAll(events, { namespace, signal }),
    api.listAll(replicaSets, { namespace, labelSelector: selectorOf(app), signal }),
  ]);
  const setNames = sets.items.flatMap(({ metadata }) => metadata?.name ?? []);
  return eventsOf(all.items, setNames, query);
}

/**
 * Those of a namespace's events that are about the app. Pure.
 * @param sets names of its ReplicaSets
 */
export function eventsOf(
  all: readonly Event[],
  sets: readonly string[],
  { objects, kind: wanted, since }: EventQuery,
): readonly EventGroup[] {
  const known = new Set([
    ...objects.map(({ kind, name }) => `${kind}/${name}`),
    ...sets.map((name) => `ReplicaSet/${name}`),
  ]);
  const mine = all.filter((event) => {
    const { kind = "", name = "" } = event.involvedObject;
    if (wanted !== undefined && kind !== wanted) return false;
    // One that does not say when it was is not hidden.
    if (since !== undefined && Date.parse(timeOf(event)) < since) return false;
    const isPod = kind === "Pod" && sets.some((set) => isPodOf(set, name));
    return isPod || known.has(`${kind}/${name}`);
  });
  return groupEvents(mine);
}

/** A name that the API server makes begins with so much of what was wished (apiserver, names/generate.go). */
const longestWished = 58;

/** A pod's events outlive it: it is known by the name of the ReplicaSet that made it. */
function isPodOf(set: string, name: string): boolean {
  const wished = `${set}-`.slice(0, longestWished);
  const rest = name.slice(wished.length);
  return name.startsWith(wished) && rest !== "" && !rest.includes("-");
}

function groupEvents(items: readonly Event[]): readonly EventGroup[] {
  const groups = new Map<string, EventGroup>();
  for (const event of items.toSorted((a, b) => timeOf(a).localeCompare(timeOf(b)))) {
    const { involvedObject, reason = "", type = "Normal", message = "" } = event;
    const kind = involvedObject.kind ?? "";
    const key = `${type}/${reason}/${kind}`;
    groups.set(key, {
      type,
      reason,
      kind,
      name: involvedObject.name ?? "",
      message,
      count: (groups.get(key)?.count ?? 0) + (event.count ?? event.series?.count ?? 1),
      last: timeOf(event),
    });
  }
  return [...groups.values()].toSorted((a, b) => b.last.localeCompare(a.last));
}

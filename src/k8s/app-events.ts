import type { EventGroup } from "../commands/ports.ts";
import type { KubeApi } from "./api.ts";
import { type Event, events, ingresses, replicaSets } from "./kinds.ts";
import { listCertificates, selectorOf, timeOf } from "./look.ts";
import type { KubeObject } from "./objects.ts";

/** Events around one app, grouped by type, reason and object kind, newest first. */
export async function readEvents(
  api: KubeApi,
  namespace: string,
  app: string,
  signal?: AbortSignal,
): Promise<readonly EventGroup[]> {
  const mine = { namespace, labelSelector: selectorOf(app), signal };
  const [all, sets, doors, certs] = await Promise.all([
    api.listAll(events, { namespace, signal }),
    api.listAll(replicaSets, mine),
    api.listAll(ingresses, mine),
    listCertificates(api, mine),
  ]);
  const setNames = namesOf(sets.items);
  const names = new Set([app, ...setNames, ...namesOf(doors.items), ...namesOf(certs)]);
  // A pod's events outlive it: it is known by the name of the ReplicaSet that made it.
  const isMine = (name: string): boolean =>
    names.has(name) || setNames.some((set) => name.startsWith(`${set}-`));
  return groupEvents(all.items.filter(({ involvedObject }) => isMine(involvedObject.name ?? "")));
}

function namesOf(items: readonly KubeObject[]): readonly string[] {
  return items.flatMap(({ metadata }) => metadata?.name ?? []);
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

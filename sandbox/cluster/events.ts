import type { Resource } from "./facade/resources.ts";
import { at, isObject, type JsonObject, type KubeObject, stringAt } from "./facade/json.ts";
import type { Store } from "./facade/store.ts";
import { timeOf } from "./facade/write.ts";
import type { Engine } from "./webernetes.ts";

/** What makes two events the same one, happening again (client-go `getEventKey`). */
const identity = [
  ["involvedObject", "uid"],
  ["involvedObject", "fieldPath"],
  ["type"],
  ["reason"],
  ["message"],
  ["source", "component"],
  ["source", "host"],
] as const;

const keyOf = (event: JsonObject): string =>
  identity.map((path) => stringAt(event, ...path) ?? "").join("\0");

/**
 * Counts repeated events of the simulated kubelets in one object, as client-go's recorder does:
 * webernetes writes a new object every time, one a second for a failing probe.
 */
export function aggregateEvents(engine: Engine, store: Store, events: Resource): void {
  const { corev1 } = engine.api;
  const create = corev1.createNamespacedEvent.bind(corev1);
  const names = new Map<string, string>();
  corev1.createNamespacedEvent = async (request) => {
    const { namespace, body } = request;
    const key = isObject(body) ? `${namespace}\0${keyOf(body)}` : "";
    const known = names.get(key);
    if (known !== undefined && (await again(store, events, namespace, known, engine.clock.nowMs())))
      return undefined;
    const created = await create(request);
    const name = isObject(created) ? stringAt(created, "metadata", "name") : undefined;
    if (key !== "" && name !== undefined) names.set(key, name);
    return created;
  };
}

/** Counts one more; false when the event is gone. */
async function again(
  store: Store,
  events: Resource,
  namespace: string,
  name: string,
  now: number,
): Promise<boolean> {
  for (;;) {
    const event = await store.get(events, namespace, name);
    if (event === undefined) return false;
    const count = at(event, "count");
    const next: KubeObject = {
      ...event,
      count: (typeof count === "number" ? count : 1) + 1,
      lastTimestamp: timeOf(now),
    };
    if ((await store.update(events, next, event.metadata.resourceVersion ?? "")) !== undefined)
      return true;
  }
}

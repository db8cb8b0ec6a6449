import type { Event } from "../k8s/kinds.ts";
import { cap } from "../text/cap.ts";
import { oneLine } from "../text/clean.ts";
import type { WarningGroup } from "./release.ts";

/** More kinds of trouble than this help nobody; the verdict names the cause anyway. */
const mostGroups = 10;

/**
 * Warning events by reason and kind, in the order of their first appearance, so that one pod's
 * trouble times its repeats is one line.
 */
export function groupWarnings(events: readonly Event[]): readonly WarningGroup[] {
  const groups = new Map<string, WarningGroup>();
  for (const event of events) {
    const reason = cap(oneLine(event.reason ?? ""), 60);
    const kind = cap(oneLine(event.involvedObject.kind ?? ""), 60);
    const key = `${reason}/${kind}`;
    const known = groups.get(key);
    groups.set(key, {
      key,
      reason,
      kind,
      message: known?.message || cap(oneLine(event.message ?? ""), 300),
      count: (known?.count ?? 0) + (event.count ?? event.series?.count ?? 1),
    });
  }
  return [...groups.values()].slice(0, mostGroups);
}

import type { Pod } from "../../k8s/kinds.ts";
import { isReady } from "../../release/observation.ts";
import { cap } from "../../text/cap.ts";
import { oneLine } from "../../text/clean.ts";
import { sayAge } from "../../text/duration.ts";
import type { Answer } from "../answer.ts";

/** A screen has no room for more, and nobody reads 200. */
const most = 12;
const longestCell = 60;

type Container = NonNullable<NonNullable<Pod["status"]>["containerStatuses"]>[number];

/**
 * The pods as a table, those in trouble first.
 * @param now milliseconds since the Unix epoch
 */
export function podTable(
  app: string,
  pods: readonly Pod[],
  now: number,
): Pick<Answer, "table" | "lines"> {
  if (pods.length === 0) return { lines: ["It has no pods."] };
  const sorted = pods.toSorted(troubleFirst);
  const rest = sorted.slice(most);
  return {
    table: {
      columns: ["Pod", "State", "Ready", "Restarts", "Age"],
      rows: sorted.slice(0, most).map((pod) => cellsOf(app, pod, now)),
    },
    ...(rest.length === 0 ? {} : { lines: [sayRest(rest)] }),
  };
}

function troubleFirst(a: Pod, b: Pod): number {
  const born = ({ metadata }: Pod): string => metadata?.creationTimestamp ?? "";
  return (
    Number(isReady(a)) - Number(isReady(b)) ||
    restarts(b) - restarts(a) ||
    born(b).localeCompare(born(a))
  );
}

function sayRest(rest: readonly Pod[]): string {
  const ready = rest.filter(isReady).length;
  const pods = rest.length === 1 ? "1 more pod is" : `${rest.length} more pods are`;
  return `${pods} not shown: ${ready} ready, ${rest.length - ready} not.`;
}

function cellsOf(app: string, pod: Pod, now: number): readonly string[] {
  const { metadata, status } = pod;
  const containers = status?.containerStatuses ?? [];
  const born = Date.parse(metadata?.creationTimestamp ?? "");
  return [
    endOf(metadata?.name ?? "", app),
    stateOf(pod),
    `${containers.filter(({ ready }) => ready).length} of ${containers.length}`,
    sayRestarts(pod, now),
    Number.isNaN(born) ? "" : sayAge(now - born),
  ].map((cell) => cap(oneLine(cell), longestCell));
}

/** What tells the pods of one app apart: `7d9f8c-x2k4p`. */
function endOf(name: string, app: string): string {
  return name.startsWith(`${app}-`) ? name.slice(app.length + 1) : name;
}

/** The first reason why a container does not run, else the phase; as kubectl tells it. */
function stateOf(pod: Pod): string {
  const { metadata, status } = pod;
  if (metadata?.deletionTimestamp !== undefined) return "Terminating";
  if (status?.reason !== undefined) return status.reason;
  const all = allOf(pod);
  const stuck = all.find((each) => reasonOf(each) !== undefined);
  const reason = stuck && reasonOf(stuck);
  if (reason === undefined) return status?.phase ?? "Unknown";
  return all.length > 1 ? `${reason} (${stuck?.name})` : reason;
}

function reasonOf({ ready, state }: Container): string | undefined {
  const { terminated, waiting } = state ?? {};
  // An init container that is done is ready.
  if (ready) return undefined;
  return (
    waiting?.reason ?? (terminated && (terminated.reason ?? `exit code ${terminated.exitCode}`))
  );
}

function allOf({ status }: Pod): readonly Container[] {
  return [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
}

function restarts(pod: Pod): number {
  return allOf(pod).reduce((sum, { restartCount }) => sum + restartCount, 0);
}

/** `7`, or `7 (2m ago)` where the last end is known. */
function sayRestarts(pod: Pod, now: number): string {
  const count = restarts(pod);
  const ends = allOf(pod).map(({ lastState }) =>
    Date.parse(lastState?.terminated?.finishedAt ?? ""),
  );
  const last = Math.max(...ends.filter((end) => !Number.isNaN(end)));
  return count === 0 || last === -Infinity ? String(count) : `${count} (${sayAge(now - last)} ago)`;
}

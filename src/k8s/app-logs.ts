import type { LogLine } from "../commands/ports.ts";
import { DoccError } from "../errors.ts";
import type { KubeApi } from "./api.ts";
import { isKubeError } from "./errors.ts";
import { pods, type Pod } from "./kinds.ts";
import { selectorOf } from "./look.ts";

export interface LogQuery {
  readonly container?: string;
  readonly pod?: string;
  readonly lines: number;
  readonly previous: boolean;
}

/** Reading more pods than this for one answer helps nobody and costs the API server. */
const mostPods = 20;
const bytesOfPod = 256 * 1024;

/**
 * The last `lines` log lines over all pods of an app, merged by time.
 * @throws DoccError `not-found` for a pod or container that the app does not have
 */
export async function readLogLines(
  api: KubeApi,
  namespace: string,
  app: string,
  query: LogQuery,
): Promise<readonly LogLine[]> {
  const { items } = await api.listAll(pods, { namespace, labelSelector: selectorOf(app) });
  const chosen = chooseSources(app, items, query);
  const read = await Promise.all(chosen.map((source) => readOne(api, namespace, source, query)));
  return read
    .flat()
    .toSorted((a, b) => a.at.localeCompare(b.at))
    .slice(-query.lines);
}

interface LogSource {
  readonly pod: string;
  readonly container: string;
}

/** Newest pods first, so that a cut keeps what a rollout brought. */
function chooseSources(app: string, items: readonly Pod[], query: LogQuery): readonly LogSource[] {
  const named = items.filter(
    ({ metadata }) => query.pod === undefined || metadata?.name === query.pod,
  );
  if (query.pod !== undefined && named.length === 0) {
    throw new DoccError("not-found", `${app} has no pod of that name.`, {
      hint: "Leave pod= out to read all pods.",
    });
  }
  const newest = named.toSorted((a, b) =>
    (b.metadata?.creationTimestamp ?? "").localeCompare(a.metadata?.creationTimestamp ?? ""),
  );
  const sources = newest
    .slice(0, mostPods)
    .flatMap(({ metadata, spec }) =>
      (spec?.containers ?? []).map(({ name }) => ({ pod: metadata?.name ?? "", container: name })),
    );
  const wanted = sources.filter(
    ({ container }) => query.container === undefined || container === query.container,
  );
  if (sources.length > 0 && wanted.length === 0) {
    const names = [...new Set(sources.map(({ container }) => container))].join(", ");
    throw new DoccError("not-found", `${app} has no container of that name.`, {
      hint: `It has: ${names}.`,
    });
  }
  return wanted;
}

async function readOne(
  api: KubeApi,
  namespace: string,
  { pod, container }: LogSource,
  { lines, previous }: LogQuery,
): Promise<readonly LogLine[]> {
  try {
    const text = await api.readLogs(
      { namespace, name: pod },
      { container, previous, tailLines: lines, timestamps: true, limitBytes: bytesOfPod },
    );
    return text.split("\n").flatMap((line) => parseLine(line, pod, container) ?? []);
  } catch (error) {
    // Not started yet, gone meanwhile, or no previous run: other pods still have their say.
    if (isKubeError(error, "not-found", "invalid")) return [];
    throw error;
  }
}

function parseLine(line: string, pod: string, container: string): LogLine | undefined {
  const space = line.indexOf(" ");
  const at = space === -1 ? line : line.slice(0, space);
  if (!/^\d{4}-\d\d-\d\dT/.test(at)) return undefined;
  return { at, pod, container, text: space === -1 ? "" : line.slice(space + 1) };
}

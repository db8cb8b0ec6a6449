import type { Clock } from "../clock.ts";
import type { LogLine, LogQuery, LogReading } from "../commands/ports.ts";
import { DoccError } from "../errors.ts";
import { compare } from "../text/compare.ts";
import { parseInstant } from "../text/instant.ts";
import type { KubeApi } from "./api.ts";
import { startDeadline } from "./deadline.ts";
import { isKubeError } from "./errors.ts";
import { pods, type Pod } from "./kinds.ts";
import { selectorOf } from "./look.ts";
import { createSemaphore } from "./semaphore.ts";

/** Reading more pods than this for one answer helps nobody and costs the API server. */
const mostPods = 50;
/** Logs that are read at the same time. */
const places = 12;
const patienceMs = 10_000;
/** What all logs of one answer may take in memory, and the least and the most that one of them may. */
const bytesOfAll = 16 * 1024 * 1024;
const [leastBytes, mostBytes] = [64 * 1024, 1024 * 1024];
/** What is sent of one log at the most: its newest lines come last, so this must not be what cuts them. */
const bytesSent = 8 * 1024 * 1024;

/** The pods of one app. */
interface LogPlace {
  readonly namespace: string;
  readonly app: string;
}

/**
 * The log lines over all pods of an app that a query asks for, merged by time. What does not answer in time is
 * counted, and so are the pods beyond the newest fifty.
 * @throws DoccError `not-found` for a pod or container that the app does not have
 */
export async function readLogLines(
  api: KubeApi,
  { namespace, app }: LogPlace,
  query: LogQuery,
  clock: Clock,
): Promise<LogReading> {
  const deadline = startDeadline(clock, patienceMs);
  const { signal } = deadline;
  try {
    const { items } = await api.listAll(pods, {
      namespace,
      labelSelector: selectorOf(app),
      signal,
    });
    const named = podsNamed(app, items, query.pod);
    const chosen = named.slice(0, mostPods);
    const sources = sourcesOf(app, chosen, query.container);
    const room = createSemaphore(places);
    const bytes = Math.floor(bytesOfAll / Math.max(1, sources.length));
    const kept = Math.min(mostBytes, Math.max(leastBytes, bytes));
    const read = await Promise.all(
      sources.map(async (source): Promise<SourceReading> => {
        try {
          const leave = await room.acquire(signal);
          try {
            return await readOne(api, namespace, source, { query, kept, signal });
          } finally {
            leave();
          }
        } catch (error) {
          return { lines: [], cut: false, error };
        }
      }),
    );
    const errors = read.flatMap(({ error }) => (error === undefined ? [] : [error]));
    if (errors.length > 0 && errors.length === read.length)
      throw asked(errors[0], deadline.expired());
    return {
      lines: read.flatMap(({ lines }) => lines).sort((a, b) => compare(a.at, b.at)),
      pods: chosen.length,
      left: named.length - chosen.length,
      silent: errors.length,
      cut: read.some(({ cut }) => cut),
    };
  } finally {
    deadline.dispose();
  }
}

interface LogSource {
  readonly pod: string;
  readonly container: string;
}

interface SourceReading {
  readonly lines: readonly LogLine[];
  readonly cut: boolean;
  readonly error?: unknown;
}

function asked(error: unknown, isLate: boolean): unknown {
  return isLate
    ? new DoccError("timeout", "The cluster gave no log in time.", {
        hint: "Try again.",
        cause: error,
      })
    : error;
}

/** Newest pods first, so that a cut keeps what a rollout brought. */
function podsNamed(app: string, items: readonly Pod[], wanted: string | undefined): readonly Pod[] {
  const nameOf = ({ metadata }: Pod): string => metadata?.name ?? "";
  const named = items.filter(
    (pod) => wanted === undefined || nameOf(pod) === wanted || nameOf(pod).endsWith(`-${wanted}`),
  );
  if (wanted !== undefined && named.length === 0) {
    throw new DoccError("not-found", `${app} has no pod of that name.`, {
      hint: "Leave pod= out to read all pods.",
    });
  }
  const bornAt = ({ metadata }: Pod): string => metadata?.creationTimestamp ?? "";
  return named.toSorted((a, b) => compare(bornAt(b), bornAt(a)) || compare(nameOf(a), nameOf(b)));
}

/** Init containers are read when they are asked for by name. */
function sourcesOf(
  app: string,
  chosen: readonly Pod[],
  wanted: string | undefined,
): readonly LogSource[] {
  const all = chosen.flatMap(({ metadata, spec }) => {
    const inits = wanted === undefined ? [] : (spec?.initContainers ?? []);
    return [...inits, ...(spec?.containers ?? [])].map(({ name }) => ({
      pod: metadata?.name ?? "",
      container: name,
    }));
  });
  const sources = all.filter(({ container }) => wanted === undefined || container === wanted);
  if (all.length > 0 && sources.length === 0) {
    const names = [...new Set(all.map(({ container }) => container))].join(", ");
    throw new DoccError("not-found", `${app} has no container of that name.`, {
      hint: `It has: ${names}.`,
    });
  }
  // The same order at every look, whatever is newest then: lines of the same time follow it.
  return sources.toSorted((a, b) => compare(a.pod, b.pod) || compare(a.container, b.container));
}

interface ReadOptions {
  readonly query: LogQuery;
  /** How many bytes of lines are kept. */
  readonly kept: number;
  readonly signal: AbortSignal;
}

async function readOne(
  api: KubeApi,
  namespace: string,
  { pod, container }: LogSource,
  { query, kept, signal }: ReadOptions,
): Promise<SourceReading> {
  const { lines, previous, since, until } = query;
  const tail = createTail(lines, kept);
  try {
    const stream = api.streamLogs(
      { namespace, name: pod },
      {
        container,
        previous,
        timestamps: true,
        limitBytes: bytesSent,
        signal,
        // A kubelet cannot count back from another end than the log's own.
        ...(until === undefined ? { tailLines: lines } : {}),
        ...(since === undefined ? {} : { sinceTime: `${since.slice(0, 19)}Z` }),
      },
    );
    for await (const text of stream) {
      const line = parseLine(text, pod, container);
      if (line === undefined || (since !== undefined && line.at < since)) continue;
      if (until !== undefined && line.at > until) break;
      tail.push(line);
    }
    signal.throwIfAborted();
    return { lines: tail.lines(), cut: tail.cut() };
  } catch (error) {
    // Not started yet, gone meanwhile, or no previous run: other pods still have their say.
    if (isKubeError(error, "not-found", "invalid")) return { lines: [], cut: false };
    throw error;
  }
}

/** The last so many lines in at most so many bytes, as they go by. */
function createTail(
  most: number,
  bytes: number,
): { push(line: LogLine): void; lines(): readonly LogLine[]; cut(): boolean } {
  let kept: LogLine[] = [];
  let first = 0;
  let size = 0;
  let isCut = false;
  const dropFirst = (): void => {
    size -= kept[first]?.text.length ?? 0;
    first += 1;
    // Moving all lines for each one that goes would cost the square of their number.
    if (first > 1_000 && first * 2 > kept.length) {
      kept = kept.slice(first);
      first = 0;
    }
  };
  return {
    push: (line) => {
      kept.push(line);
      size += line.text.length;
      if (kept.length - first > most) dropFirst();
      while (size > bytes && kept.length - first > 1) {
        dropFirst();
        isCut = true;
      }
    },
    lines: () => kept.slice(first),
    cut: () => isCut,
  };
}

function parseLine(line: string, pod: string, container: string): LogLine | undefined {
  const space = line.indexOf(" ");
  const at = parseInstant(space === -1 ? line : line.slice(0, space));
  return at === undefined
    ? undefined
    : { at, pod, container, text: space === -1 ? "" : line.slice(space + 1) };
}

import type { Case, Source, Verdict } from "./target.ts";

/** Milliseconds that one input may take. */
export const SLOW_MS = 100;

/**
 * An input that takes longer than this by the clock of the wall is tried again, up to three times, by
 * the time that its thread has the processor, and its best time counts: garbage collection, compiling
 * and a loaded machine come and go.
 */
const SUSPICIOUS_MS = 30;
const RETRIES = 3;

export type FaultKind = "crash" | "broken" | "slow";

export interface Fault {
  readonly kind: FaultKind;
  /** The same for faults that most probably have one cause. */
  readonly what: string;
  /** How it shows in this case. */
  readonly detail: string;
  /** Whether it takes its thread with it, so that nobody should try it in their own. */
  readonly isDeadly?: boolean;
}

export interface Examined {
  /** Milliseconds, the best of all tries. */
  readonly ms: number;
  readonly faults: readonly Fault[];
  readonly seen: readonly string[];
}

/** Milliseconds since any fixed moment. */
type Stopwatch = () => number;

const wall: Stopwatch = () => performance.now();
const processor: Stopwatch = () => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
};

/** Takes a source, a case's own or a smaller one, through the case's check and says what is wrong. */
export function examine({ check }: Pick<Case, "check">, source: Source): Examined {
  let tried = attempt(check, source, wall);
  for (let retry = 0; retry < RETRIES && tried.ms > SUSPICIOUS_MS; retry += 1) {
    const again = attempt(check, source, processor);
    tried = again.ms < tried.ms ? again : tried;
  }
  const { ms, faults, seen } = tried;
  return { ms, seen, faults: ms > SLOW_MS ? [...faults, slowness(ms, seen)] : faults };
}

function attempt(check: Case["check"], source: Source, stopwatch: Stopwatch): Examined {
  const started = stopwatch();
  const outcome = outcomeOf(check, source);
  return { ms: stopwatch() - started, ...outcome };
}

function outcomeOf(check: Case["check"], source: Source): Omit<Examined, "ms"> {
  try {
    const { broken, seen }: Verdict = check(source);
    const faults = broken.map(({ promise, detail }): Fault => ({
      kind: "broken",
      what: promise,
      detail,
    }));
    return { faults, seen };
  } catch (error) {
    return { faults: [crash(error)], seen: [] };
  }
}

/** Crashes at one place of the code are one fault, whatever their message quotes. */
function crash(thrown: unknown): Fault {
  if (!(thrown instanceof Error)) {
    return { kind: "crash", what: `throws a ${typeof thrown}`, detail: String(thrown) };
  }
  const stack = thrown.stack ?? "";
  const place = /(?:src|test|fuzz|node_modules)\/\S+?:\d+/u.exec(stack)?.[0] ?? "an unknown place";
  return { kind: "crash", what: `${thrown.name} at ${place}`, detail: withoutFolders(stack) };
}

/** Paths from the repository on: reports are read elsewhere. */
function withoutFolders(stack: string): string {
  return stack.replace(/(?:file:\/\/)?\/[^\s()]*?\/(?=(?:src|test|fuzz|node_modules)\/)/gu, "");
}

/** Inputs that reach the same are most probably slow by the same. */
function slowness(ms: number, seen: readonly string[]): Fault {
  const detail = `${Math.round(ms)} ms, the best of ${RETRIES + 1}`;
  return { kind: "slow", what: `takes more than ${SLOW_MS} ms: ${seen.join(", ")}`, detail };
}

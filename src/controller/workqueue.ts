import type { Clock } from "../clock.ts";

/** What a handler wants next for its key: nothing, or another look after so many milliseconds. */
export interface Again {
  readonly afterMs?: number;
}

export interface Workqueue {
  /** Soon, or after `afterMs`: the earlier wish wins. A key that is being worked on runs once more. */
  add(key: string, afterMs?: number): void;
  /** No new work; resolves when the work in hand is done. */
  drain(): Promise<void>;
  readonly size: number;
}

interface Entry {
  /** Milliseconds since the epoch of the next run; undefined when none is wanted. */
  due: number | undefined;
  running: boolean;
  failures: number;
  cancel: (() => void) | undefined;
}

const firstBackoffMs = 200;
const longestBackoffMs = 30_000;

/**
 * The controllers' queue as client-go has it: a key is worked on by one worker at a time, wishes for
 * a waiting key are merged, a failing key comes back later and later (with jitter) and never stops
 * the others. https://pkg.go.dev/k8s.io/client-go/util/workqueue
 */
export function createWorkqueue(options: {
  readonly clock: Clock;
  readonly random: () => number;
  readonly workers: number;
  readonly work: (key: string) => Promise<Again>;
  readonly onError: (key: string, error: unknown) => void;
}): Workqueue {
  const { clock, random } = options;
  const entries = new Map<string, Entry>();
  const ready: string[] = [];
  const idle: (() => void)[] = [];
  let running = 0;
  let closed = false;

  const schedule = (key: string, entry: Entry, due: number): void => {
    if (closed || (entry.due !== undefined && entry.due <= due)) return;
    entry.due = due;
    entry.cancel?.();
    entry.cancel = undefined;
    if (entry.running) return;
    entry.cancel = clock.after(Math.max(0, due - clock.now()), () => {
      entry.cancel = undefined;
      ready.push(key);
      next();
    });
  };

  const next = (): void => {
    while (!closed && running < options.workers) {
      const key = ready.shift();
      if (key === undefined) return;
      void run(key);
    }
  };

  const run = async (key: string): Promise<void> => {
    const entry = entryOf(key);
    entry.running = true;
    entry.due = undefined;
    running += 1;
    const again = await attempt(key, entry);
    running -= 1;
    entry.running = false;
    const wished = entry.due;
    entry.due = undefined;
    const due = [wished, again].filter((each) => each !== undefined);
    if (due.length > 0 && !closed) schedule(key, entry, Math.min(...due));
    else if (entry.failures === 0) entries.delete(key);
    if (closed && running === 0) for (const done of idle.splice(0)) done();
    next();
  };

  /** @returns when to come back, in milliseconds since the epoch */
  const attempt = async (key: string, entry: Entry): Promise<number | undefined> => {
    try {
      const { afterMs } = await options.work(key);
      entry.failures = 0;
      return afterMs === undefined ? undefined : clock.now() + afterMs;
    } catch (error) {
      options.onError(key, error);
      entry.failures += 1;
      const ceiling = Math.min(longestBackoffMs, firstBackoffMs * 2 ** (entry.failures - 1));
      return clock.now() + ceiling * (0.5 + random() / 2);
    }
  };

  const entryOf = (key: string): Entry => {
    const known = entries.get(key);
    if (known !== undefined) return known;
    const made: Entry = { due: undefined, running: false, failures: 0, cancel: undefined };
    entries.set(key, made);
    return made;
  };

  return {
    add: (key, afterMs = 0) => schedule(key, entryOf(key), clock.now() + afterMs),
    drain: async () => {
      closed = true;
      for (const { cancel } of entries.values()) cancel?.();
      if (running > 0) await new Promise<void>((resolve) => void idle.push(resolve));
    },
    get size() {
      return entries.size;
    },
  };
}

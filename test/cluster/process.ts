import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { open, readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";

/** A program that runs until it is stopped, and never outlives this process. */
export interface Service {
  readonly name: string;
  readonly logPath: string;
  /** Resolves when the program has ended, with its exit code (128 + n after signal n). */
  readonly ended: Promise<number>;
  /** For a time in which it does nothing, say: SIGSTOP, and SIGCONT afterwards. */
  signal(signal: NodeJS.Signals): void;
  /** Ends it: SIGTERM, then SIGKILL to its process group after `graceMs`. */
  stop(graceMs: number): Promise<void>;
}

export interface ServiceOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly logPath: string;
  /** Where relative paths in its arguments start. */
  readonly cwd: string;
}

/**
 * The shell that stands between us and the program. Its standard input is a pipe from this process:
 * when we die, however we die, the pipe closes and the shell kills the program. It traps TERM, so
 * that a TERM to the group reaches the program while the shell waits for the program's own code.
 */
const guard = `
exec 3<&0
trap : TERM
"$@" </dev/null 3<&- &
child=$!
{ read -r _ <&3; kill -KILL "$child"; } 2>/dev/null &
watcher=$!
wait "$child"; code=$?
while kill -0 "$child" 2>/dev/null; do wait "$child"; code=$?; done
kill -KILL "$watcher" 2>/dev/null
exit "$code"
`;

/** Starts a program with its output in `logPath` (appended). */
export async function startService(options: ServiceOptions): Promise<Service> {
  const log = await open(options.logPath, "a");
  const child = spawn("/bin/sh", ["-c", guard, options.name, options.command, ...options.args], {
    cwd: options.cwd,
    // Its own group: Ctrl-C in a terminal reaches us alone, and we stop things in order.
    detached: true,
    stdio: ["pipe", log.fd, log.fd],
  });
  const ended = exitOf(child);
  try {
    await once(child, "spawn");
  } finally {
    await log.close();
  }
  return {
    name: options.name,
    logPath: options.logPath,
    ended,
    signal: (signal) => signalGroup(child, signal),
    stop: async (graceMs) => {
      signalGroup(child, "SIGTERM");
      const deadline = new AbortController();
      const late = delay(graceMs, "late" as const, { signal: deadline.signal }).catch(() => "done");
      if ((await Promise.race([ended, late])) === "late") signalGroup(child, "SIGKILL");
      deadline.abort();
      await ended;
    },
  };
}

/** The last lines of a log, for an error that people read. */
export async function lastLines(file: string, count: number): Promise<string> {
  const text = await readFile(file, "utf8").catch(() => "");
  return text.trimEnd().split("\n").slice(-count).join("\n");
}

/**
 * Waits until `check` says true. Fails as soon as a service ends, quoting its last lines, or when
 * `timeoutMs` is over.
 */
export async function waitUntil(
  what: string,
  check: () => Promise<boolean>,
  services: readonly Service[],
  timeoutMs: number,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  const death = firstDeath(services);
  for (;;) {
    if (await Promise.race([check(), death])) return;
    if (performance.now() > deadline) {
      throw new Error(`${what} was not so after ${timeoutMs / 1_000} s`);
    }
    await Promise.race([delay(50), death]);
  }
}

async function firstDeath(services: readonly Service[]): Promise<never> {
  if (services.length === 0) return new Promise<never>(() => undefined);
  const { service, code } = await Promise.race(
    services.map(async (one) => ({ service: one, code: await one.ended })),
  );
  const tail = await lastLines(service.logPath, 15);
  throw new Error(`${service.name} ended with code ${code}. Its last lines:\n${tail}`);
}

async function exitOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    child.once("error", () => resolve(127));
    child.once("exit", (code) => resolve(code ?? 137));
  });
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    const gone = error instanceof Error && "code" in error && error.code === "ESRCH";
    if (!gone) throw error;
  }
}

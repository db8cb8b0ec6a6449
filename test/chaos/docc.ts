import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { build } from "esbuild";
import { lean } from "../../bench/process.ts";

/** What docc is started with; the same for all its lives. */
export interface Installation {
  /** The bundle to run. */
  readonly program: string;
  readonly env: Readonly<Record<string, string>>;
}

/** One life of docc. */
export interface Life {
  /** True once it said that it is ready. */
  readonly ready: Promise<boolean>;
  /** Resolves when it is gone, however it went. */
  readonly gone: Promise<void>;
  isGone(): boolean;
  /**
   * True when it is gone although it had started, or for a reason that nobody foresaw. A docc that is
   * refused at its start says why and ends: it is started again.
   */
  hasFailed(): boolean;
  /** What it said last; for a report. */
  log(): string;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
}

/** docc as production runs it: bundled, because an unbundled start takes three times as long. */
export async function bundle(
  folder: string,
  entry = new URL("../../src/main.ts", import.meta.url),
): Promise<string> {
  const outfile = path.join(folder, "docc-bot.mjs");
  await build({
    entryPoints: [entry.pathname],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node24",
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
  });
  return outfile;
}

/** The level of a line about a state that nobody foresaw. */
const fatal = '"level":60';
const longestLog = 20_000;

export function live({ program, env }: Installation): Life {
  const child = spawn(process.execPath, [...lean.flags, program], {
    env: { ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  // Once all that it said is here, too.
  const gone = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const ready = new Promise<boolean>((resolve) => {
    const read = (chunk: Buffer): void => {
      log = (log + chunk.toString()).slice(-longestLog);
      if (log.includes("docc is ready")) resolve(true);
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.once("exit", () => resolve(false));
  });
  return {
    ready,
    gone,
    isGone: () => !isAlive(child),
    hasFailed: () => !isAlive(child) && (log.includes("docc is ready") || log.includes(fatal)),
    log: () => log,
    kill: async () => {
      if (isAlive(child)) child.kill("SIGKILL");
      await gone;
    },
  };
}

function isAlive({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}

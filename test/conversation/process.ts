import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { worldConfig, type WorldOptions } from "../../sandbox/world.ts";
import type { Stage, Target } from "./stage.ts";

const main = new URL("../../src/main.ts", import.meta.url);

/** So that tests need not wait a quarter of a minute for another leader. */
export const shortLease = { duration: "3s", renew_deadline: "2s", retry_period: "400ms" };

/** docc as production runs it: a process of its own, told everything by files and environment. */
export interface DoccProcess {
  /** Resolves when it says that it is ready. */
  readonly ready: Promise<void>;
  /** Who it is in the election; "" before it says so. */
  identity(): string;
  /** What it logged so far. */
  log(): string;
  /** Ends it at once, as a node failure would; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGSTOP, as a node that is out of breath; {@link DoccProcess.wake} goes on with it. */
  pause(): void;
  wake(): void;
  /** SIGTERM; resolves with its exit code. */
  terminate(): Promise<number | null>;
}

type SpawnOptions = Pick<
  WorldOptions,
  "slack" | "cluster" | "rollout" | "lease" | "settings" | "top"
> & {
  /** What Node runs, with flags of its own before it; the sources unless given. */
  readonly program?: readonly string[];
};

export async function spawnDocc(options: SpawnOptions): Promise<DoccProcess> {
  const folder = await mkdtemp(join(tmpdir(), "docc-process-"));
  const files = { config: join(folder, "docc.yaml"), kubeconfig: join(folder, "kubeconfig") };
  await writeFile(files.config, worldConfig(options));
  const { path, text } = options.cluster.kubeconfig;
  if (text !== undefined) await writeFile(files.kubeconfig, text);
  const { credentials, apiUrl } = options.slack;
  const child = spawn(process.execPath, options.program ?? [main.pathname], {
    env: {
      PATH: process.env["PATH"],
      DOCC_CONFIG: files.config,
      KUBECONFIG: path ?? files.kubeconfig,
      SLACK_API_URL: apiUrl,
      SLACK_BOT_TOKEN: credentials.botToken,
      SLACK_APP_TOKEN: credentials.appToken,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  const gone = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const ready = new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      log += chunk.toString();
      if (log.includes("docc is ready")) resolve();
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.once("exit", () => reject(new Error(`docc ended before it was ready:\n${log}`)));
  });
  void gone.then(() => rm(folder, { recursive: true, force: true }));
  return {
    ready,
    identity: () => /"identity":"([^"]+)"/.exec(log)?.[1] ?? "",
    log: () => log,
    kill: async () => {
      signal(child, "SIGKILL");
      await gone;
    },
    pause: () => signal(child, "SIGSTOP"),
    wake: () => signal(child, "SIGCONT"),
    terminate: async () => {
      signal(child, "SIGTERM");
      return gone;
    },
  };
}

function signal(child: ChildProcess, name: "SIGKILL" | "SIGTERM" | "SIGSTOP" | "SIGCONT"): void {
  if (child.exitCode === null && child.signalCode === null) child.kill(name);
}

/** docc on a stage that runs none itself, as a process that may die: it leads soon, and takes over soon. Ready. */
export async function spawnOn(
  { slack, cluster }: Pick<Stage, "slack" | "cluster">,
  { rollout }: Pick<Target, "rollout">,
): Promise<DoccProcess> {
  const docc = await spawnDocc({ slack, cluster, rollout, lease: shortLease });
  await docc.ready;
  return docc;
}

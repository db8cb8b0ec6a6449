/**
 * `npm run cluster`: a real Kubernetes API on this machine, for development and by hand (docs/cluster.md).
 */
import { spawn } from "node:child_process";
import { mkdir, open, rm } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { cacheRoot } from "./binaries.ts";
import { buildBinaries } from "./build.ts";
import { runIssuer } from "../../sandbox/cluster/issuer.ts";
import { type ControlPlane, startControlPlane } from "./control-plane.ts";
import { ask, type ClusterState, listenForControl } from "./control-socket.ts";
import { lastLines } from "./process.ts";

const usage = `usage: npm run cluster [-- <word>]
  start    (default) build what is missing, start in the background
  run      the same in the foreground; Ctrl-C stops
  status   say whether it runs, and where
  stop     stop it and drop its data
  build    only build the programs`;

const root = cacheRoot();
const socketPath = path.join(root, "cluster.sock");
const logPath = path.join(root, "cluster.log");

const words = new Map([
  ["start", start],
  ["run", run],
  ["status", status],
  ["stop", stop],
  ["build", build],
]);

const command = words.get(process.argv[2] ?? "start");
process.exitCode = command === undefined ? misuse() : await command().catch(failed);

function misuse(): number {
  console.error(usage);
  return 2;
}

function failed(error: unknown): number {
  console.error(error instanceof Error ? error.message : String(error));
  return 1;
}

async function build(): Promise<number> {
  const { program } = await buildBinaries(say);
  say(`programs: ${path.dirname(program.kubectl)}`);
  return 0;
}

async function start(): Promise<number> {
  const running = await ask(socketPath, "status");
  if (typeof running === "object") {
    say("already running");
    describe(running);
    return 0;
  }
  await buildBinaries(say);
  await mkdir(root, { recursive: true });
  const log = await open(logPath, "w");
  const child = spawn(process.execPath, [import.meta.filename, "run"], {
    detached: true,
    stdio: ["ignore", log.fd, log.fd],
  });
  await log.close();
  child.unref();
  let over = false;
  const end = (): void => void (over = true);
  child.once("exit", end).once("error", end);
  for (;;) {
    const state = await ask(socketPath, "status");
    if (typeof state === "object") {
      describe(state);
      return 0;
    }
    if (over && state === undefined) {
      console.error(`it did not start; ${logPath} ends with:\n${await lastLines(logPath, 20)}`);
      return 1;
    }
    await delay(100);
  }
}

async function run(): Promise<number> {
  await buildBinaries(say);
  await mkdir(root, { recursive: true });
  const stopping = new AbortController();
  let cluster: ControlPlane | undefined;
  const stopped = Promise.withResolvers<"stopped">();
  const control = await listenForControl(socketPath, async (question) => {
    if (question === "status") return cluster === undefined ? "starting" : stateOf(cluster);
    stopping.abort();
    return stopped.promise;
  });
  if (control === undefined) {
    console.error("a cluster runs already; see `npm run cluster -- status`");
    return 1;
  }
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stopping.abort());
  try {
    // What a killed run left behind fits neither the new keys nor the new tokens.
    const folder = path.join(root, "cluster");
    await rm(folder, { recursive: true, force: true });
    cluster = await startControlPlane({
      folder,
      controllers: [runIssuer],
      onRefusedCrd: (refusal) => say(refusal.message),
    });
    describe(stateOf(cluster));
    await aborted(stopping.signal);
    say("stopping");
    await cluster.stop();
  } finally {
    stopped.resolve("stopped");
    control.close();
  }
  return 0;
}

async function status(): Promise<number> {
  const state = await ask(socketPath, "status");
  if (typeof state === "object") {
    describe(state);
    return 0;
  }
  say(state === "starting" ? "starting" : "not running");
  return 3;
}

async function stop(): Promise<number> {
  const state = await ask(socketPath, "stop");
  say(state === undefined ? "not running" : "stopped");
  return 0;
}

function describe(state: ClusterState): void {
  say(`Kubernetes API  ${state.server}  (process ${state.pid})`);
  say(`kubeconfig      ${state.kubeconfigPath}`);
  say(`logs            ${state.folder}/*.log`);
  say(`try             KUBECONFIG=${state.kubeconfigPath} ${state.kubectlPath} get nodes`);
  say("stop            npm run cluster -- stop");
}

function stateOf({ server, kubeconfigPath, kubectlPath, folder }: ControlPlane): ClusterState {
  return { pid: process.pid, server, kubeconfigPath, kubectlPath, folder };
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

function say(line: string): void {
  console.log(line);
}

import { existsSync } from "node:fs";
import { registerHooks } from "node:module";
import { fileURLToPath } from "node:url";

/*
 * The door to `@ngrok/webernetes` (0.3.5, pinned). Its dist imports without file extensions, which
 * neither Node nor TypeScript's nodenext resolution accepts: a resolve hook limited to that package
 * mends the first, and the few shapes used here are declared by hand for the second.
 */

export interface EtcdEntry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
  readonly mod_revision: string;
  readonly version: string;
}

interface EtcdRange {
  readonly header: { readonly revision: string };
  readonly kvs: readonly EtcdEntry[];
  readonly count: string;
  readonly more: boolean;
}

interface EtcdQuery {
  revision(revision: number): EtcdQuery;
  exec(): Promise<EtcdRange>;
}

interface EtcdWatcher {
  on(
    event: "put" | "delete",
    handler: (entry: EtcdEntry, previous?: EtcdEntry | null) => void,
  ): EtcdWatcher;
  on(event: "error", handler: (error: Error) => void): EtcdWatcher;
  cancel(): Promise<void>;
}

interface EtcdWatchBuilder {
  prefix(prefix: string): EtcdWatchBuilder;
  withPreviousKV(): EtcdWatchBuilder;
  startRevision(revision: string): EtcdWatchBuilder;
  watcher(): EtcdWatcher;
}

declare const operation: unique symbol;
interface EtcdOperation {
  readonly [operation]: true;
}

interface EtcdTransaction {
  // oxlint-disable-next-line unicorn/no-thenable -- the etcd3 client names it so
  then(operation: EtcdOperation): EtcdTransaction;
  commit(): Promise<{
    readonly succeeded: boolean;
    readonly header: { readonly revision: string };
  }>;
}

/** The multi-version store that webernetes' controllers and the facade share. */
export interface Etcd {
  get(key: string): EtcdQuery;
  getAll(): { prefix(prefix: string): EtcdQuery };
  put(key: string): { value(value: string): EtcdOperation };
  delete(): { key(key: string): EtcdOperation };
  if(key: string, column: "Mod" | "Version", comparator: "==", value: number): EtcdTransaction;
  watch(): EtcdWatchBuilder;
  readonly kv: { compact(request: { revision: number }): Promise<unknown> };
}

export interface EngineClock {
  nowMs(): number;
  isPaused(): boolean;
  pause(): void;
  resume(): void;
  step(ms: number): void;
  setTimeout(task: () => void, ms: number): number;
  clearTimeout(handle: number): void;
}

interface NamedRequest {
  readonly name: string;
  readonly namespace: string;
}

interface BodyRequest {
  readonly namespace: string;
  readonly body: unknown;
}

/** What of webernetes' in-process API the facade leaves to it: IP allocation and graceful deletion. */
interface EngineApi {
  readonly corev1: {
    createNamespacedService(request: BodyRequest): Promise<unknown>;
    replaceNamespacedService(request: BodyRequest & { readonly name: string }): Promise<unknown>;
    deleteNamespacedService(request: NamedRequest & { readonly body?: unknown }): Promise<unknown>;
    deleteNamespacedPod(
      request: NamedRequest & { readonly body?: unknown; readonly gracePeriodSeconds?: number },
    ): Promise<unknown>;
    deleteNamespace(request: { readonly name: string }): Promise<unknown>;
    createNamespacedEvent: (request: BodyRequest) => Promise<unknown>;
  };
}

interface EngineHttpProber {
  probe: (
    origin: unknown,
    request: { readonly url: URL },
    timeoutMs: number,
  ) => Promise<[result: string, output: string, error: Error | undefined]>;
}

/** The seams of a simulated kubelet where the facade adds or mends something. */
interface EngineKubelet {
  readonly statusManager: {
    setPodStatus: (pod: unknown, status: unknown) => Promise<[status: unknown, changed: boolean]>;
  };
  /** Probe results by container id; anything that prints as one will do. */
  readonly readinessManager: {
    get(containerId: { toString(): string }): "success" | "failure" | "unknown" | undefined;
  };
  readonly probeManager: { readonly prober: { readonly http: EngineHttpProber } };
  readonly containerRuntime: {
    syncPod: (context: unknown, pod: unknown, ...rest: unknown[]) => Promise<unknown>;
  };
  makeEnvironmentVariables(
    context: unknown,
    pod: unknown,
    container: unknown,
    podIP: string,
    podIPs: string[],
  ): Promise<[{ name: string; value: string }[], Error | undefined]>;
}

/** The process of a container, as an image's `exec` sees it. */
export interface ProcessContext {
  readonly argv: readonly string[];
  readonly container: {
    readonly id: string;
    readonly name: string;
    readonly command: readonly string[];
    readonly args: readonly string[];
    readonly ports: readonly { readonly containerPort: number }[];
  };
  listenHttp(port: number, handler: () => Promise<{ status: number; body: string }>): unknown;
  writeStderr(chunk: string): void;
  sleep(ms: number): Promise<void>;
  waitUntilKilled(): Promise<number>;
}

export interface EngineImage {
  readonly defaultCommand: readonly string[];
  exec(context: ProcessContext, argv: readonly string[]): Promise<number>;
}

export interface EngineImageClass {
  new (): EngineImage;
  readonly imageName: string;
  readonly imageVersion: string;
}

export interface Engine {
  readonly etcd: Etcd;
  readonly clock: EngineClock;
  readonly api: EngineApi;
  readonly servers: readonly { readonly name: string; readonly kubelet: EngineKubelet }[];
  registerImage(image: EngineImageClass): void;
  init(): Promise<void>;
  close(): Promise<void>;
}

interface EngineModule {
  readonly Cluster: new (options: { readonly nodes: number }) => Engine;
  /** The shell words (`true`, `sh -c`, `test -f`, ...) that probes and hooks execute. */
  readonly BaseImage: new () => EngineImage;
}

const ownFolder = "/@ngrok/webernetes/dist/";

/** Registering twice is harmless: the second hook finds nothing left to resolve. */
function resolveExtensionless(): void {
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier.startsWith(".") && context.parentURL?.includes(ownFolder) === true) {
        for (const suffix of [".js", "/index.js"]) {
          const url = new URL(specifier + suffix, context.parentURL);
          if (existsSync(fileURLToPath(url)))
            return { url: url.href, format: "module", shortCircuit: true };
        }
      }
      return next(specifier, context);
    },
  });
}

/** Loads webernetes: about 130 ms the first time in a process, nothing afterwards. */
export async function loadEngine(): Promise<EngineModule> {
  resolveExtensionless();
  // Not a literal: the compiler would follow it into declarations it cannot resolve.
  const specifier: string = "@ngrok/webernetes";
  const loaded: EngineModule = await import(specifier);
  return loaded;
}

/** Revisions kept per key before a watch or list from an older one is answered 410 Gone. */
const retainedRevisions = 200;

/**
 * webernetes keeps three revisions per key and, when a fourth arrives, counts everything older as
 * compacted: in a busy cluster every reconnecting watch would be 410. There is no public option.
 */
export function keepHistory(engine: Engine): void {
  const state: unknown = Reflect.get(engine.etcd, "stateRef");
  const options: unknown =
    typeof state === "object" && state !== null ? Reflect.get(state, "options") : undefined;
  if (typeof options !== "object" || options === null)
    throw new Error("webernetes' etcd has no stateRef.options");
  Reflect.set(options, "retainedRevisions", retainedRevisions);
}

/** When the engine's next timer is due, in its own milliseconds; its clock has no public way to ask. */
export function nextTimer(clock: EngineClock): number | undefined {
  const tasks: unknown = Reflect.get(clock, "tasks");
  if (!(tasks instanceof Map)) throw new Error("webernetes' clock has no tasks");
  let next: number | undefined;
  for (const task of tasks.values() as Iterable<{ dueAtMs: number; cancelled: boolean }>) {
    if (!task.cancelled && (next === undefined || task.dueAtMs < next)) next = task.dueAtMs;
  }
  return next;
}

/** Counts timers ever set, to notice activity. */
export function timersSet(clock: EngineClock): number {
  const count: unknown = Reflect.get(clock, "nextHandle");
  return typeof count === "number" ? count : 0;
}

import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Clock, systemClock } from "../../src/clock.ts";
import { type ApiClient, type ClusterFetch, connect } from "./api-client.ts";
import { type Binaries, findBinaries, type Program } from "./binaries.ts";
import {
  apiServerArguments,
  auditLog,
  auditPolicy,
  auditRules,
  controllerManagerArguments,
  etcdArguments,
  type Ports,
  schedulerArguments,
  servingCertificate,
  servingKey,
} from "./components.ts";
import { doccCrds, installCrds, isEstablished } from "./crds.ts";
import { type Credentials, kubeconfig, writeCredentials } from "./credentials.ts";
import { type Kubectl, kubectlFor } from "./kubectl.ts";
import { type Kubelet, type KubeletOptions, startKubelet } from "./kubelet.ts";
import { freePorts } from "./ports.ts";
import { type Service, startService, waitUntil } from "./process.ts";

/** What a rig controller (for example the stand-in certificate issuer) is given. */
interface ControllerContext {
  readonly server: string;
  readonly fetch: ClusterFetch;
  readonly clock: Clock;
  /** Aborts when the control plane stops; the controller then returns. */
  readonly signal: AbortSignal;
}

type Controller = (context: ControllerContext) => Promise<void>;

export interface ControlPlaneOptions {
  /** A folder to fill; removed on stop. By default a fresh temporary one. */
  readonly folder?: string;
  readonly binaries?: Binaries;
  readonly kubelet?: KubeletOptions;
  /** What runs beside the kubelets on the rig's credentials. */
  readonly controllers?: readonly Controller[];
  /** Told of a CRD that the server refuses; without it the start fails. */
  readonly onRefusedCrd?: (refusal: Error) => void;
}

/** A real Kubernetes API on loopback: etcd, kube-apiserver, controller manager and scheduler. */
export interface ControlPlane {
  /** An admin's kubeconfig: a token and the authority's certificate are inside. */
  readonly kubeconfigPath: string;
  /** `https://127.0.0.1:port`. */
  readonly server: string;
  /** The authority that signed the server's certificate, PEM. */
  readonly ca: string;
  /** The admin's bearer token (system:masters). */
  readonly token: string;
  /** The data folder; each program's log is `<program>.log` in it. */
  readonly folder: string;
  /** `http://127.0.0.1:port`: for what no request to the API server can bring about. */
  readonly etcd: string;
  /** The API server's audit log, a JSON event a line; see components.ts for who is in it. */
  readonly auditLogPath: string;
  readonly kubectlPath: string;
  readonly kubectl: Kubectl;
  /** To one of its programs: one that gets SIGSTOP must get SIGCONT before the stop. */
  signal(program: Program, signal: NodeJS.Signals): void;
  /** Ends everything and removes the data folder. */
  stop(): Promise<void>;
}

const startTimeoutMs = 60_000;
/** A port that was free when we chose it may be taken a moment later. */
const maxAttempts = 3;
const stopGraceMs = 10_000;

/**
 * Starts a control plane with fake nodes and returns when pods can run: every node free to take them,
 * the default service account there, every CRD served.
 */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const binaries = options.binaries ?? (await findBinaries());
  for (let attempt = 1; ; attempt += 1) {
    const folder = options.folder ?? (await mkdtemp(path.join(tmpdir(), "docc-cluster-")));
    await mkdir(folder, { recursive: true });
    const running = new Teardown();
    running.add(async () => rm(folder, { recursive: true, force: true }));
    try {
      return await start({ binaries, folder, options, running });
    } catch (error) {
      await running.run();
      if (attempt === maxAttempts || !String(error).includes("address already in use")) throw error;
    }
  }
}

interface Start {
  readonly binaries: Binaries;
  readonly folder: string;
  readonly options: ControlPlaneOptions;
  readonly running: Teardown;
}

async function start({ binaries, folder, options, running }: Start): Promise<ControlPlane> {
  const services: Service[] = [];
  const launch = async (program: Program, args: readonly string[]): Promise<void> => {
    const service = await startService({
      name: program,
      command: binaries.program[program],
      args,
      cwd: folder,
      logPath: path.join(folder, `${program}.log`),
    });
    services.push(service);
    running.add(async () => service.stop(stopGraceMs));
  };
  const until = async (what: string, check: () => Promise<boolean>): Promise<void> =>
    waitUntil(what, check, services, startTimeoutMs);

  const credentials = await writeCredentials(folder);
  await writeFile(path.join(folder, auditPolicy), JSON.stringify(auditRules));
  const ports = await choosePorts();
  await launch("etcd", etcdArguments(ports));
  await launch("kube-apiserver", apiServerArguments(ports));

  const server = `https://127.0.0.1:${ports.apiServer}`;
  const api = await connectWhenReady(server, folder, credentials.rig, until);
  running.add(async () => api.close());
  const ca = await readFile(path.join(folder, servingCertificate), "utf8");
  const kubeconfigPath = await writeKubeconfigs(folder, server, ca, credentials);
  await launch(
    "kube-controller-manager",
    controllerManagerArguments("controller-manager.kubeconfig"),
  );
  await launch("kube-scheduler", schedulerArguments("scheduler.kubeconfig"));

  const crds = await installAll(api, [...binaries.crds, ...(await doccCrds())], options);
  const kubelet = await startNodes(api, folder, options.kubelet ?? {});
  running.add(async () => kubelet.stop());
  running.add(runControllers(options.controllers ?? [], api));
  await until("the service account of namespace default", async () => hasServiceAccount(api));
  await until("every node's readiness", async () => kubelet.ready());
  for (const name of crds) await until(`CRD ${name}`, async () => isEstablished(api, name));

  const kubectlPath = binaries.program.kubectl;
  return {
    kubeconfigPath,
    server,
    ca,
    token: credentials.admin,
    folder,
    etcd: `http://127.0.0.1:${ports.etcdClient}`,
    auditLogPath: path.join(folder, auditLog),
    kubectlPath,
    kubectl: kubectlFor(kubectlPath, kubeconfigPath, path.join(folder, "kubectl-cache")),
    signal: (program, signal) => services.find(({ name }) => name === program)?.signal(signal),
    stop: async () => running.run(),
  };
}

/** Ends things in the reverse of their start, each at most once, the rest even if one fails. */
class Teardown {
  readonly #steps: (() => Promise<void>)[] = [];

  add(step: () => Promise<void>): void {
    this.#steps.push(step);
  }

  async run(): Promise<void> {
    const failures: unknown[] = [];
    for (let step = this.#steps.pop(); step !== undefined; step = this.#steps.pop()) {
      await step().catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0)
      throw new AggregateError(failures, "the control plane did not stop cleanly");
  }
}

async function choosePorts(): Promise<Ports> {
  const [etcdClient = 0, etcdPeer = 0, apiServer = 0] = await freePorts(3);
  return { etcdClient, etcdPeer, apiServer };
}

/** The server writes its certificate while it starts, so even trusting it has to wait. */
async function connectWhenReady(
  server: string,
  folder: string,
  token: string,
  until: (what: string, check: () => Promise<boolean>) => Promise<void>,
): Promise<ApiClient> {
  const file = path.join(folder, servingCertificate);
  const read = async (): Promise<string> => readFile(file, "utf8").catch(() => "");
  await until("the API server's certificate", async () => (await read()).includes("END CERT"));
  const api = connect(server, await read(), token);
  try {
    await until("the API server's readiness", async () =>
      api.request("GET", "/readyz").then(
        () => true,
        () => false,
      ),
    );
  } catch (error) {
    await api.close();
    throw error;
  }
  return api;
}

async function writeKubeconfigs(
  folder: string,
  server: string,
  ca: string,
  credentials: Credentials,
): Promise<string> {
  const write = async (name: string, token: string): Promise<string> => {
    const file = path.join(folder, name);
    await writeFile(file, kubeconfig(server, ca, token), { mode: 0o600 });
    return file;
  };
  await write("controller-manager.kubeconfig", credentials.controllerManager);
  await write("scheduler.kubeconfig", credentials.scheduler);
  return write("kubeconfig", credentials.admin);
}

/** The kubelets borrow the API server's own certificate: it is for 127.0.0.1, and nobody verifies it. */
async function startNodes(
  api: ApiClient,
  folder: string,
  options: KubeletOptions,
): Promise<Kubelet> {
  const [cert, key] = await Promise.all(
    [servingCertificate, servingKey].map(async (file) => readFile(path.join(folder, file), "utf8")),
  );
  return startKubelet(api, { cert: cert ?? "", key: key ?? "" }, options);
}

/** Installs the files' definitions, each file for itself: a refused one does not hide the others. */
async function installAll(
  api: ApiClient,
  files: readonly string[],
  { onRefusedCrd }: ControlPlaneOptions,
): Promise<string[]> {
  const names: string[] = [];
  for (const file of files) {
    try {
      names.push(...(await installCrds(api, file)));
    } catch (error) {
      const refusal = new Error(`${file} was refused: ${String(error)}`, { cause: error });
      if (onRefusedCrd === undefined) throw refusal;
      onRefusedCrd(refusal);
    }
  }
  return names;
}

/** Starts the controllers; the returned function ends them and surfaces what broke one. */
function runControllers(controllers: readonly Controller[], api: ApiClient): () => Promise<void> {
  const stop = new AbortController();
  const context = {
    server: api.server,
    fetch: api.fetch,
    clock: systemClock,
    signal: stop.signal,
  };
  const running = Promise.allSettled(controllers.map(async (controller) => controller(context)));
  return async () => {
    stop.abort();
    const broken = (await running).flatMap((one) =>
      one.status === "rejected" ? [one.reason] : [],
    );
    if (broken.length > 0) throw new AggregateError(broken, "a controller of the rig failed");
  };
}

async function hasServiceAccount(api: ApiClient): Promise<boolean> {
  return api.request("GET", "/api/v1/namespaces/default/serviceaccounts/default").then(
    () => true,
    () => false,
  );
}

import { type SandboxImage, sandboxImages } from "../images.ts";
import { type Activity, ClusterClock } from "./clock.ts";
import { aggregateEvents } from "./events.ts";
import { backendOf } from "./facade/backend.ts";
import { Catalogue } from "./facade/definitions.ts";
import { FacadeServer } from "./facade/http.ts";
import { Rest } from "./facade/rest.ts";
import type { Resource } from "./facade/resources.ts";
import { Store } from "./facade/store.ts";
import { Faults } from "./faults.ts";
import { imageClasses } from "./images.ts";
import { LogBook } from "./logs.ts";
import { mendHttpProbes } from "./probes.ts";
import { dropStaleReadiness } from "./readiness.ts";
import { resolveReferences } from "./references.ts";
import { keepRevisions } from "./revisions.ts";
import { type Engine, keepHistory, loadEngine } from "./webernetes.ts";

export interface EmbeddedOptions {
  /** What the cluster can pull; everything else is "not found". */
  readonly images?: readonly SandboxImage[];
  readonly nodes?: number;
  /** 0, the default, lets the system choose. */
  readonly port?: number;
}

/** A Kubernetes cluster inside this process, served over HTTP on loopback. */
export interface EmbeddedCluster {
  /** `http://127.0.0.1:port`. */
  readonly server: string;
  /** A kubeconfig for client-node and kubectl, as JSON (which is YAML). */
  readonly kubeconfig: string;
  readonly clock: ClusterClock;
  readonly faults: Faults;
  /** Forgets history: every older resourceVersion is 410 Gone from now on. */
  compact(): Promise<void>;
  /** Ends every open watch. */
  dropWatches(): void;
  stop(): Promise<void>;
}

/** Starts an embedded cluster; several may run side by side. */
export async function startEmbeddedCluster(
  options: EmbeddedOptions = {},
): Promise<EmbeddedCluster> {
  const { images = sandboxImages, nodes = 1, port = 0 } = options;
  const { Cluster, BaseImage } = await loadEngine();
  const engine = new Cluster({ nodes });
  keepHistory(engine);
  const activity = new LateActivity();
  const clock = new ClusterClock(engine.clock, activity);
  const logs = new LogBook();
  for (const image of imageClasses(images, BaseImage, clock, logs)) engine.registerImage(image);
  const store = new Store(engine.etcd);
  const catalogue = new Catalogue();
  aggregateEvents(engine, store, served(catalogue, "v1", "events"));
  resolveReferences(engine, store, catalogue);
  dropStaleReadiness(engine);
  mendHttpProbes(engine);
  await engine.init();
  const stopRevisions = await watchRevisions(store, catalogue);
  const faults = new Faults();
  const rest = new Rest(store, backendOf(store, engine), catalogue, clock);
  const facade = new FacadeServer(
    { store, rest, catalogue, clock, logs, watches: new Set() },
    faults,
  );
  activity.source = facade;
  const server = `http://127.0.0.1:${await facade.listen(port)}`;
  return {
    server,
    kubeconfig: kubeconfigFor(server),
    clock,
    faults,
    compact: async () => store.compact(),
    dropWatches: () => facade.dropWatches(),
    stop: async () => stop(facade, stopRevisions, engine, clock),
  };
}

/** The clock is needed before the server whose activity it watches. */
class LateActivity implements Activity {
  source: Activity | undefined;

  pulse(): number {
    return this.source?.pulse() ?? 0;
  }

  inFlight(): number {
    return this.source?.inFlight() ?? 0;
  }
}

async function watchRevisions(store: Store, catalogue: Catalogue): Promise<() => void> {
  const deployments = served(catalogue, "apps/v1", "deployments");
  const replicaSets = served(catalogue, "apps/v1", "replicasets");
  return keepRevisions(store, deployments, replicaSets, await store.revision());
}

function served(catalogue: Catalogue, apiVersion: string, plural: string): Resource {
  const resource = catalogue.find(apiVersion, plural);
  if (resource === undefined) throw new Error(`${apiVersion} ${plural} is not served`);
  return resource;
}

/** A paused clock would keep containers from ending. */
async function stop(
  facade: FacadeServer,
  stopRevisions: () => void,
  engine: Engine,
  clock: ClusterClock,
): Promise<void> {
  await facade.close();
  stopRevisions();
  clock.resume();
  await engine.close();
}

/** client-node refuses plain http unless TLS verification is off, although there is no TLS to verify. */
function kubeconfigFor(server: string): string {
  const name = "embedded";
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { server, "insecure-skip-tls-verify": true } }],
    users: [{ name, user: {} }],
    contexts: [{ name, context: { cluster: name, user: name, namespace: "default" } }],
    "current-context": name,
  });
}

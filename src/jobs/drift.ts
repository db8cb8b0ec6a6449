import { type Deployed, DriftTeller, type TellingPorts } from "../controller/drift-telling.ts";
import { lookForDrift, suspectsAmong } from "../controller/drifting.ts";
import type { ControllerPorts, Environment } from "../controller/ports.ts";
import type { KubernetesObject } from "../manifest/objects/objects.ts";
import { settled } from "../release/drift.ts";
import { objectsOf } from "../release/plan.ts";
import type { Application } from "../release/release.ts";
import type { Jobs } from "./jobs.ts";

interface DriftPorts extends TellingPorts, Pick<ControllerPorts, "leads" | "people"> {}

/**
 * Starts the leader's look for what was changed outside docc while nothing was deployed: each environment by
 * itself, so that one whose API server is away holds up no other.
 * @param every milliseconds between two looks; undefined: never
 */
export function startDriftWatch(ports: DriftPorts, every: number | undefined): Jobs {
  if (every === undefined) return { stop: () => Promise.resolve() };
  const teller = new DriftTeller(ports);
  const watches = [...ports.environments.values()].map(
    (env) => new DriftWatch(env, ports, teller, every),
  );
  return {
    stop: async () => {
      await Promise.all(watches.map((watch) => watch.stop()));
    },
  };
}

interface Watched extends Deployed {
  readonly objects: readonly KubernetesObject[];
}

class DriftWatch {
  readonly #env: Environment;
  readonly #ports: DriftPorts;
  readonly #teller: DriftTeller;
  readonly #every: number;
  #isStopped = false;
  #cancel: () => void = () => undefined;
  #telling: Promise<void> = Promise.resolve();

  constructor(env: Environment, ports: DriftPorts, teller: DriftTeller, every: number) {
    this.#env = env;
    this.#ports = ports;
    this.#teller = teller;
    this.#every = every;
    this.#wait();
  }

  /** Resolves when nothing is being told any more; a look that waits for its API server is left behind. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancel();
    // Whether it fails is whose look it is to say.
    await this.#telling.catch(() => undefined);
  }

  #wait(): void {
    if (!this.#isStopped) {
      this.#cancel = this.#ports.clock.after(this.#every, () => void this.#look());
    }
  }

  async #look(): Promise<void> {
    const { name } = this.#env;
    try {
      await this.#lookAtAll();
    } catch (error) {
      this.#ports.log.warn(
        { err: error, environment: name },
        "drift was not looked for; next time",
      );
    }
    this.#wait();
  }

  async #lookAtAll(): Promise<void> {
    const apps = this.#ports.cache.applications().flatMap((head) => this.#deployed(head) ?? []);
    const objects = apps.flatMap((app) => app.objects);
    const suspects = await suspectsAmong(objects, this.#env);
    for (const app of apps) {
      if (this.#isStopped) return;
      try {
        await this.#lookAt(app, suspects);
      } catch (error) {
        const { name } = app.head.metadata;
        this.#ports.log.warn({ err: error, application: name }, "its drift is told later");
      }
    }
  }

  async #lookAt(app: Watched, suspects: ReadonlySet<KubernetesObject>): Promise<void> {
    const { cache, people } = this.#ports;
    const close = app.objects.filter((object) => suspects.has(object));
    const drift = await lookForDrift(close, this.#env, people);
    if (drift === undefined || this.#isStopped || !this.#ports.leads()) return;
    // What a release has moved meanwhile is no drift.
    const now = this.#deployed(cache.application(app.head.spec.app, this.#env.name));
    if (now?.release.metadata.name !== app.release.metadata.name) return;
    await (this.#telling = this.#teller.tell(now, drift));
  }

  /** Undefined for what is not deployed here, moves, or cannot be read. */
  #deployed(head: Application | undefined): Watched | undefined {
    const { cache, log } = this.#ports;
    const name = head?.status?.applied?.release;
    if (head?.spec.environment !== this.#env.name || name === undefined) return undefined;
    const release = cache.release(name);
    const plan = settled(head.status, release);
    if (release === undefined || plan === undefined) return undefined;
    try {
      return { head, release, plan, objects: objectsOf(plan) };
    } catch (error) {
      log.warn({ err: error, release: name }, "a plan cannot be read, so its drift is not known");
      return undefined;
    }
  }
}

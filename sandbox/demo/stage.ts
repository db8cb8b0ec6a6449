import { setImmediate as nextTurn } from "node:timers/promises";
import { pods, releases } from "../../src/k8s/kinds.ts";
import type { Pod } from "../../src/k8s/kinds.ts";
import { createLogger } from "../../src/log.ts";
import { isTerminal, phaseOf } from "../../src/release/phases.ts";
import type { Release } from "../../src/release/release.ts";
import { namespaces, startCertifiedCluster } from "../certified-cluster.ts";
import type { EmbeddedCluster } from "../cluster/index.ts";
import type { FakeSlack } from "../slack/fake-slack.ts";
import { startFakeSlack } from "../slack/server.ts";
import type { World } from "../world.ts";
import { startWorld } from "../world.ts";

/** Real milliseconds after which waiting is given up. */
const patienceMs = 60_000;

/** Simulated milliseconds per step. */
const stepMs = 1_000;

/** Turns of the event loop without a word over Slack's wire that count as rest. */
const quietTurns = 4;

/** The whole system in one process, its time standing still unless it is stepped. */
export class Stage {
  readonly slack: FakeSlack;
  readonly #cluster: EmbeddedCluster;
  readonly #world: World;

  private constructor(slack: FakeSlack, cluster: EmbeddedCluster, world: World) {
    this.slack = slack;
    this.#cluster = cluster;
    this.#world = world;
  }

  static async open(logLevel: string): Promise<Stage> {
    const cluster = await startCertifiedCluster();
    const slack = await startFakeSlack({ clock: cluster.clock });
    const world = await startWorld({
      slack,
      clock: cluster.clock,
      cluster: { kubeconfig: { text: cluster.kubeconfig }, ...namespaces },
      rollout: { timeout: "2m", stable: "60s" },
      log: createLogger(logLevel),
    });
    cluster.clock.pause();
    return new Stage(slack, cluster, world);
  }

  async close(): Promise<void> {
    this.#cluster.clock.resume();
    await this.#world.stop();
    await this.#cluster.stop();
    await this.slack.stop();
  }

  /** Milliseconds since the epoch, simulated. */
  now(): number {
    return this.#cluster.clock.now();
  }

  /** Lets time pass until `read` finds something, and returns it. */
  async until<T>(what: string, read: () => Promise<T | undefined> | T | undefined): Promise<T> {
    const deadline = performance.now() + patienceMs;
    for (;;) {
      const found = await read();
      if (found !== undefined) return found;
      if (performance.now() > deadline) throw new Error(`waited in vain: ${what}`);
      await this.#cluster.clock.step(stepMs);
      await this.#rest();
    }
  }

  /** All Releases, as `kubectl get releases` would list them. */
  async releases(): Promise<readonly Release[]> {
    const { items } = await this.#world.api.listAll(releases, { namespace: namespaces.home });
    return items as readonly unknown[] as readonly Release[];
  }

  /** The one release that is not among `known`, once it has ended and its root message says so. */
  async ended(known: ReadonlySet<string>): Promise<Release> {
    const { slack } = this;
    let heard = -1;
    return this.until("a release to end", async () => {
      // docc says what it does: as long as it is silent there is nothing new to read.
      if (slack.calls().length === heard) return undefined;
      heard = slack.calls().length;
      const fresh = (await this.releases()).find(({ metadata }) => !known.has(metadata.name));
      const isOver = fresh !== undefined && isTerminal(phaseOf(fresh)) && this.#isTold(fresh);
      return isOver ? fresh : undefined;
    });
  }

  /** True when the root message and, for a failure, the thread have their last words. */
  #isTold({ status }: Release): boolean {
    const { channel = "", ts = "", told = [] } = status?.slack ?? {};
    const root = this.slack.workspace.message(channel, ts);
    const isSaid = status?.phase !== "failed" || told.includes("failed");
    return isSaid && root !== undefined && root.blocks.every(({ type }) => type !== "plan");
  }

  /** How many ready pods run each tag: what users get, whatever anybody says. */
  async serving(): Promise<Readonly<Record<string, number>>> {
    const { items } = await this.#world.api.listAll(pods, { namespace: namespaces.apps });
    const ready: Record<string, number> = {};
    for (const pod of items.filter(isReady)) {
      const tag = pod.spec?.containers[0]?.image?.split(":").at(-1) ?? "";
      ready[tag] = (ready[tag] ?? 0) + 1;
    }
    return ready;
  }

  /** The words said over Slack's wire come to rest before time goes on. */
  async #rest(): Promise<void> {
    const pulse = (): number => this.slack.calls().length + this.slack.deliveries().length;
    let before = pulse();
    for (let quiet = 0; quiet < quietTurns;) {
      await nextTurn();
      quiet = pulse() === before ? quiet + 1 : 0;
      before = pulse();
    }
  }
}

function isReady({ metadata, status }: Pod): boolean {
  const condition = status?.conditions?.find(({ type }) => type === "Ready");
  return metadata?.deletionTimestamp === undefined && condition?.status === "True";
}

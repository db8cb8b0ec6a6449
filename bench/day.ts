import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type EmbeddedCluster, startEmbeddedCluster } from "../sandbox/cluster/index.ts";
import type { FakeSlack } from "../sandbox/slack/fake-slack.ts";
import { startFakeSlack } from "../sandbox/slack/server.ts";
import { openWorld, type WorldCluster, worldConfig } from "../sandbox/world.ts";
import type { KubeApi } from "../src/k8s/api.ts";
import { releases } from "../src/k8s/kinds.ts";
import { asRelease } from "../src/k8s/records.ts";
import { isTerminal, phaseOf } from "../src/release/phases.ts";
import type { Release } from "../src/release/release.ts";
import { bundle } from "../test/chaos/docc.ts";
import { introduce } from "./apps.ts";
import { type DayAnswer, dayAnswer, type DayOrder } from "./day-orders.ts";
import { lean } from "./process.ts";

export interface DayOptions {
  readonly deploys: number;
  readonly apps: number;
  /** Told of each measurement as it is made: a day takes minutes. */
  readonly say: (line: string) => void;
}

const dayMs = 24 * 3_600_000;
const stepMs = 1_000;
/** Simulated: longest that a round of deploys, one per app, may take. */
const patienceMs = 900_000;
const kept = 10;

/**
 * A day's deploys in simulated time, back to back, one round of all apps after the other. docc is a process of its own on
 * a clock that is stepped from here; the embedded cluster and the fake Slack are in this process, so that
 * what is measured is docc's memory alone.
 */
export async function benchDay({ deploys, apps: count, say }: DayOptions): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "docc-bench-"));
  const cluster = await startEmbeddedCluster({ nodes: 3 });
  cluster.clock.pause();
  const slack = await startFakeSlack({ clock: cluster.clock });
  const place: WorldCluster = {
    kubeconfig: { text: cluster.kubeconfig },
    home: "docc-day",
    apps: "apps-day",
  };
  const world = await openWorld(place);
  const docc = await DayDocc.spawn(await bundle(folder, new URL("day-docc.ts", import.meta.url)));
  const apps = Array.from({ length: count }, (_, at) => `day-${at}`);
  const day = new Day({ cluster, slack, docc, api: world.api, home: place.home, apps });
  try {
    await docc.tell({
      type: "start",
      now: cluster.clock.now(),
      config: worldConfig({
        cluster: place,
        rollout: { timeout: "10m", stable: "60s" },
        // Its calendar is the wall's: often enough for a day that takes minutes.
        top: { retention: { releases: kept, schedule: "*/5 * * * * *" } },
      }),
      kubeconfig: cluster.kubeconfig,
      slack: {
        botToken: slack.credentials.botToken,
        appToken: slack.credentials.appToken,
        apiUrl: slack.apiUrl,
      },
    });
    say(await day.measure("ready, no app"));
    await introduce({ api: world.api, home: place.home, apps });
    await day.passUntilEnded();
    say(await day.measure(`${count} apps, each deployed once`));
    const rounds = Math.ceil(deploys / count);
    for (let round = 1; round <= rounds; round += 1) {
      await day.round(round);
      const isQuarter = round === rounds || round % Math.ceil(rounds / 4) === 0;
      if (isQuarter) say(await day.measure(`after ${round * count} more deploys`));
    }
    await day.passForDocc(dayMs);
    say(await day.measure("a day of docc's clock later"));
  } finally {
    await docc.stop();
    await world.stop();
    await slack.stop();
    await cluster.stop();
    await rm(folder, { recursive: true });
  }
}

interface DayParts {
  readonly cluster: EmbeddedCluster;
  readonly slack: FakeSlack;
  readonly docc: DayDocc;
  readonly api: KubeApi;
  readonly home: string;
  readonly apps: readonly string[];
}

class Day {
  readonly #parts: DayParts;
  /** By phase: what retention deletes stays counted. */
  readonly #ends = new Map<string, string>();

  constructor(parts: DayParts) {
    this.#parts = parts;
  }

  /** Deploys every app once and follows that to its ends. */
  async round(number: number): Promise<void> {
    const { slack, apps } = this.#parts;
    const tag = number % 2 === 0 ? "2016" : "2017";
    const typed = apps.map((app) =>
      slack.as("developer").command("#deploys", `/docc deploy ${app} tag=${tag}`),
    );
    for (const { ack } of await Promise.all(typed)) {
      if (!ack.ok) throw new Error(`not acknowledged: ${ack.error}`);
    }
    await this.passUntilEnded();
  }

  async passUntilEnded(): Promise<void> {
    const { cluster } = this.#parts;
    const giveUpAt = cluster.clock.now() + patienceMs;
    for (;;) {
      const all = await this.#releases();
      if (all.every((release) => isTerminal(phaseOf(release)))) return;
      if (cluster.clock.now() > giveUpAt) {
        const left = all.filter((release) => !isTerminal(phaseOf(release))).map(saySoFar);
        throw new Error(`a round does not end: ${left.join("; ")}`);
      }
      for (let steps = 0; steps < 5; steps += 1) await this.#pass(stepMs);
    }
  }

  /** Lets time pass for docc alone: a cluster's whole day of probes would take longer than the day's deploys. */
  async passForDocc(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 60_000) {
      await this.#parts.docc.tell({ type: "step", ms: 60_000 });
    }
  }

  /** One line: where we are, docc's memory, and what retention has left. */
  async measure(what: string): Promise<string> {
    const all = await this.#releases();
    const { rss, heapUsed, external, timers } = await this.#parts.docc.tell({ type: "measure" });
    const ends = Map.groupBy(this.#ends.values(), (phase) => phase);
    const said = [...ends].map(([phase, each]) => `${each.length} ${phase}`).join(", ");
    return (
      `${what.padEnd(34)}RSS ${mb(rss)}, heap ${mb(heapUsed)}, buffers ${mb(external)}, ` +
      `${timers} timers, ${all.length} records kept; so far ${said || "nothing"}`
    );
  }

  async #releases(): Promise<readonly Release[]> {
    const { api, home } = this.#parts;
    const { items } = await api.listAll(releases, { namespace: home });
    const all = items.map(asRelease);
    for (const release of all) this.#ends.set(release.metadata.name, phaseOf(release));
    return all;
  }

  /** Lets time pass everywhere, and a moment of the wall's for what travels between the processes. */
  async #pass(ms: number): Promise<void> {
    const { cluster, docc } = this.#parts;
    await Promise.all([cluster.clock.step(ms), docc.tell({ type: "step", ms })]);
    await pause(5);
  }
}

/** The process of bench/day-docc.ts; one order at a time. */
class DayDocc {
  readonly #child: ReturnType<typeof fork>;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(child: ReturnType<typeof fork>) {
    this.#child = child;
  }

  static async spawn(program: string): Promise<DayDocc> {
    const child = fork(program, {
      execArgv: ["--expose-gc", ...lean.flags],
      env: { ...lean.env, PATH: process.env["PATH"] },
    });
    await once(child, "spawn");
    return new DayDocc(child);
  }

  tell(order: DayOrder): Promise<DayAnswer> {
    const told = this.#turn.then(async () => {
      const gone = new AbortController();
      const exit = once(this.#child, "exit", { signal: gone.signal }).then(() => {
        throw new Error("docc is gone");
      });
      const answer = once(this.#child, "message", { signal: gone.signal });
      this.#child.send(order);
      try {
        const [message] = (await Promise.race([answer, exit])) as readonly unknown[];
        return dayAnswer.parse(message);
      } finally {
        gone.abort();
        await Promise.allSettled([exit, answer]);
      }
    });
    this.#turn = told.catch(() => undefined);
    return told;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const gone = once(this.#child, "exit");
    await this.tell({ type: "stop" }).catch(() => this.#child.kill("SIGKILL"));
    await gone;
  }
}

function mb(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

function saySoFar(release: Release): string {
  return `${release.metadata.name} ${phaseOf(release)} ${JSON.stringify(release.status)}`;
}

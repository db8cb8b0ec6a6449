import { setTimeout as pause } from "node:timers/promises";
import { Random } from "../../fuzz/random.ts";
import { installDocc } from "../../sandbox/install.ts";
import type { FakeSlack } from "../../sandbox/slack/fake-slack.ts";
import { startFakeSlack } from "../../sandbox/slack/server.ts";
import { systemClock } from "../../src/clock.ts";
import { createApi, type KubeApi } from "../../src/k8s/api.ts";
import { connect } from "../../src/k8s/connection.ts";
import { namespaces } from "../../src/k8s/kinds.ts";
import { isTerminal, phaseOf } from "../../src/release/phases.ts";
import type { Release } from "../../src/release/release.ts";
import { optionalScopes, scopes } from "../../src/slack/scopes.ts";
import type { Defect } from "./defects.ts";
import type { Failpoints } from "./failpoints.ts";
import { listHeads, listReleases, listRunning, listSaid } from "./gather.ts";
import type { Finding, History } from "./history.ts";
import { type Layout, layOut, workspaceOf } from "./installation.ts";
import { judge } from "./judge.ts";
import { People } from "./people.ts";
import { Seat } from "./seat.ts";

/** How long things may take. */
export interface Timing {
  /** Milliseconds for which a failpoint waits for its call before it takes any. */
  readonly patienceMs: number;
  /** Milliseconds in which everything must come to its end once nothing is killed any more. */
  readonly settleMs: number;
  /** How many milliseconds after its deadline a release may still be without an end. */
  readonly overdueMs: number;
  /** As docc.yaml writes it. */
  readonly rolloutTimeout: string;
}

/** What one installation is like. */
export interface LaneKind {
  /** Processes of docc at a time. */
  readonly replicas: number;
  /** Whether docc is granted the scopes to look for messages whose answer was lost. */
  readonly mayLook: boolean;
}

export interface LaneOptions extends LaneKind {
  /** A DNS label that no other lane on this cluster has. */
  readonly name: string;
  readonly kubeconfigPath: string;
  readonly folder: string;
  /** The bundle. */
  readonly program: string;
  readonly seed: number;
  /** Which part of the seed's numbers. */
  readonly index: number;
  readonly failpoints: Failpoints;
  readonly size: { readonly environments: number; readonly apps: number };
  readonly timing: Timing;
  readonly defect: Defect | undefined;
  /** Nobody is killed before every app has been deployed once. */
  readonly isWarm: boolean;
  /** Ends it early. */
  readonly signal: AbortSignal;
}

/** What one lane has to report. */
export interface LaneReport {
  readonly findings: readonly Finding[];
  readonly releases: number;
  /** Releases by their last phase. */
  readonly ends: Readonly<Record<string, number>>;
  /** Messages that were sent twice because docc died before its note. */
  readonly duplicates: number;
  /** What was killed where, by run, for whoever looks for a cause. */
  readonly story: readonly string[];
}

/** Requests of one app that may wait at a time. */
const mostWaiting = 2;
const lookMs = 250;
/** Longer than a first deploy that fails at its deadline and is asked for again. */
const warmUpMs = 60_000;

/**
 * One installation of docc with its people, its namespaces and its Slack: it dies again and again,
 * and in the end everything that was asked of it is compared with what became of it.
 */
export class Lane {
  readonly #options: LaneOptions;
  readonly #layout: Layout;
  readonly #random: Random;
  /** By channel and ts: which life sent a message. */
  readonly #senders = new Map<string, number>();
  readonly #story: string[] = [];
  readonly #findings: Finding[] = [];
  #lives = 0;

  constructor(options: LaneOptions) {
    this.#options = options;
    this.#layout = layOut(options.name, options.size);
    this.#random = new Random(options.seed, options.index);
  }

  /**
   * @param runs how often docc is killed
   * @param onRun told after each
   */
  async play(runs: number, onRun: () => void): Promise<LaneReport> {
    const { kubeconfigPath, mayLook, replicas } = this.#options;
    const slack = await startFakeSlack({
      clock: systemClock,
      // Dozens of lives in a minute, each with a budget of its own, would meet the limits all the time.
      rateLimits: "off",
      workspace: workspaceOf(this.#layout),
      scopes: mayLook ? [...scopes, ...optionalScopes] : scopes,
    });
    const connection = connect({ kubeconfigPath, clock: systemClock });
    const api = createApi(connection);
    const { home, environments } = this.#layout;
    const all = [home, ...environments.map(({ namespace }) => namespace)];
    const rig = { api, slack };
    const people = new People({ slack, api, home, random: this.#random });
    const seats = Array.from({ length: replicas }, (_, at) => this.#seat(at, rig));
    try {
      await installDocc(api, { namespaces: all, clock: systemClock });
      await Promise.all(seats.map((seat) => seat.open()));
      if (this.#options.isWarm) await this.#warmUp(seats, people, api);
      for (let run = 0; run < runs; run += 1) {
        this.#options.signal.throwIfAborted();
        await this.#run(run, seats, people, api);
        onRun();
      }
      return await this.#settle(seats, people, rig);
    } finally {
      await people.leave().catch(() => undefined);
      await Promise.all(seats.map((seat) => seat.close()));
      for (const name of all) await api.delete(namespaces, { name }).catch(() => undefined);
      await slack.stop();
      await connection.close();
    }
  }

  #seat(at: number, tools: Rig): Seat {
    const { name, timing, ...others } = this.#options;
    return new Seat({
      ...others,
      ...timing,
      name: `${name}-seat${at}`,
      layout: this.#layout,
      tools,
      nextLife: () => (this.#lives += 1),
      onSent: (address, life) => this.#senders.set(address, life),
    });
  }

  /** Every app is deployed once. @throws what was seen last when that takes longer than anything may */
  async #warmUp(seats: readonly Seat[], people: People, api: KubeApi): Promise<void> {
    const over = new AbortController();
    const busy = this.#keepBusy(Promise.resolve(true), over.signal, people, api);
    const { signal } = this.#options;
    const giveUpAt = performance.now() + warmUpMs;
    try {
      for (;;) {
        signal.throwIfAborted();
        // One that is refused at its start says why and ends by itself.
        for (const seat of seats) seat.start();
        const all = await listReleases(api, this.#layout);
        if (this.#isWarm(all)) return;
        if (performance.now() > giveUpAt) throw new Error(this.#sayCold(all, seats));
        await pause(lookMs);
      }
    } finally {
      over.abort();
      await busy;
    }
  }

  #isWarm(all: readonly Release[]): boolean {
    const done = all.filter((release) => phaseOf(release) === "succeeded");
    const places = new Set(done.map(({ spec }) => `${spec.environment} ${spec.app}`));
    return places.size === this.#layout.places.length;
  }

  #sayCold(all: readonly Release[], seats: readonly Seat[]): string {
    const phases = all.map((release) => `${release.metadata.name} ${phaseOf(release)}`);
    const logs = seats.map((seat) => seat.log().slice(-4_000));
    return [`not every app was live after ${warmUpMs} ms`, ...phases, ...logs].join("\n");
  }

  /** One life of docc, with work in flight, to its end at the failpoint. Its replicas go on, and are next. */
  async #run(run: number, seats: readonly Seat[], people: People, api: KubeApi): Promise<void> {
    const lives = seats.map((seat) => seat.start());
    const seat = seats[run % seats.length];
    const dying = lives[run % seats.length];
    if (seat === undefined || dying === undefined) throw new RangeError("a lane needs a seat");
    const point = this.#options.failpoints.next(this.#random);
    const over = new AbortController();
    const busy = this.#keepBusy(dying.ready, over.signal, people, api);
    const { story, byItself } = await seat.killAt(point);
    over.abort();
    await busy;
    this.#story.push(story);
    if (byItself !== undefined) {
      this.#findings.push({ fault: "stuck", about: story, what: `docc ended: ${byItself}` });
    }
  }

  /** Keeps two requests of every app waiting, and every decision made. */
  async #keepBusy(
    ready: Promise<boolean>,
    signal: AbortSignal,
    people: People,
    api: KubeApi,
  ): Promise<void> {
    const over = new Promise<void>((resolve) =>
      signal.addEventListener("abort", () => resolve(), { once: true }),
    );
    await Promise.race([ready, over]);
    while (!signal.aborted) {
      const all = await listReleases(api, this.#layout);
      for (const place of this.#layout.places) {
        const ofPlace = all.filter(
          ({ spec }) => spec.app === place.app && spec.environment === place.environment,
        );
        const waiting = ofPlace.filter((release) => !isTerminal(phaseOf(release))).length;
        const isFirst = !ofPlace.some((release) => phaseOf(release) === "succeeded");
        const most = isFirst ? 1 : mostWaiting;
        if (waiting < most && this.#random.int(1, 3) > 1) people.ask(place, { isFirst });
        if (!isFirst && this.#random.int(1, 200) === 1) people.lock(place);
      }
      this.#decide(people, { isOver: false });
      await Promise.race([over, pause(lookMs)]);
    }
  }

  #decide(people: People, when: { readonly isOver: boolean }): void {
    for (const { channel } of this.#layout.environments) people.decide(channel, when);
  }

  /** Last lives that nobody ends: everything must come to its end, and be told. */
  async #settle(seats: readonly Seat[], people: People, rig: Rig): Promise<LaneReport> {
    const { timing, signal } = this.#options;
    await Promise.all(seats.map((seat) => seat.calmDown()));
    const giveUpAt = performance.now() + timing.settleMs;
    for (;;) {
      signal.throwIfAborted();
      for (const seat of seats) seat.start();
      this.#decide(people, { isOver: true });
      await Promise.race([people.silent(), pause(lookMs)]);
      const history = await this.#gather(people, rig);
      const isOver = history.releases.every((release) => isTerminal(phaseOf(release)));
      const findings = [...this.#findings, ...people.findings, ...judge(history)];
      const isLate = performance.now() > giveUpAt;
      if (isLate) {
        this.#story.push(...seats.map((seat) => seat.log().slice(-4_000)));
        this.#story.push(...sayUnfinished(history, rig.slack));
      }
      if ((isOver && findings.length === 0) || isLate) return this.#report(history, findings);
      await pause(lookMs);
    }
  }

  #report(history: History, findings: readonly Finding[]): LaneReport {
    const ends = Map.groupBy(history.releases, (release) => phaseOf(release));
    const marked = history.said.filter(({ mark }) => mark !== undefined);
    return {
      findings,
      releases: history.releases.length,
      ends: Object.fromEntries([...ends].map(([phase, all]) => [phase, all.length])),
      duplicates: marked.length - new Set(marked.map(({ mark }) => mark)).size,
      story: this.#story,
    };
  }

  async #gather(people: People, { api, slack }: Rig): Promise<History> {
    const { mayLook, timing } = this.#options;
    // Messages first: what is told of a record is never newer than the record.
    const said = listSaid(slack, this.#layout, this.#senders);
    return {
      asked: people.asked,
      releases: await listReleases(api, this.#layout),
      heads: await listHeads(api, this.#layout),
      running: await listRunning(api, this.#layout),
      said,
      mayLook,
      now: Date.now(),
      patienceMs: timing.overdueMs,
    };
  }
}

interface Rig {
  readonly api: KubeApi;
  readonly slack: FakeSlack;
}

/** What is noted of those that have no end, and what people see of them. */
function sayUnfinished({ releases }: History, slack: FakeSlack): readonly string[] {
  const unfinished = releases.filter((release) => !isTerminal(phaseOf(release)));
  return unfinished.flatMap(({ metadata: { name }, status }) => {
    const { channel, ts } = status?.slack ?? {};
    const told = channel === undefined ? [] : slack.messages(channel);
    const root = told.find((message) => message.ts === ts);
    const noted = { transitions: status?.transitions, slack: status?.slack };
    const plan = `plan ${status?.plan?.number ?? 0} ${status?.plan?.digest ?? ""}`;
    return [`${name}: ${plan} ${JSON.stringify(noted)}`, `its root: ${JSON.stringify(root)}`];
  });
}

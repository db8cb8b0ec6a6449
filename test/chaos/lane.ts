import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { Random } from "../../fuzz/random.ts";
import { installDocc } from "../../sandbox/install.ts";
import type { FakeSlack } from "../../sandbox/slack/fake-slack.ts";
import { startFakeSlack } from "../../sandbox/slack/server.ts";
import { systemClock } from "../../src/clock.ts";
import { createApi, type KubeApi } from "../../src/k8s/api.ts";
import { connect } from "../../src/k8s/connection.ts";
import { applications, deployments, namespaces, releases } from "../../src/k8s/kinds.ts";
import { asApplication, asRelease } from "../../src/k8s/records.ts";
import { isTerminal, phaseOf } from "../../src/release/phases.ts";
import type { Release } from "../../src/release/release.ts";
import { type Call, kubernetes, slack as slackDialect } from "../support/proxy/calls.ts";
import { type FaultProxy, startFaultProxy } from "../support/proxy/fault-proxy.ts";
import { proxiedKubeconfig } from "../support/proxy/kubeconfig.ts";
import { type Installation, live, type Life } from "./docc.ts";
import { type Failpoint, type Failpoints, say } from "./failpoints.ts";
import type { Finding, History, Running, Said } from "./history.ts";
import { install, type Layout, layOut, workspaceOf } from "./installation.ts";
import { judge } from "./judge.ts";
import { People } from "./people.ts";
import { Trigger } from "./trigger.ts";

export interface LaneOptions {
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

/** How long a failpoint may wait for its call before it takes any. */
const patienceMs = 2_500;
/** How long everything may take to come to its end once nothing is killed any more. */
const settleMs = 150_000;
/** Requests of one app that may wait at a time. */
const mostWaiting = 2;

const posted = z.object({ channel: z.string(), ts: z.string() });

/**
 * One installation of docc with its people, its namespaces and its Slack: it dies again and again,
 * and in the end everything that was asked of it is compared with what became of it.
 */
export class Lane {
  readonly #options: LaneOptions;
  readonly #layout: Layout;
  readonly #random: Random;
  readonly #trigger: Trigger;
  /** By channel and ts: which life sent a message. */
  readonly #senders = new Map<string, number>();
  /** Messages on their way, which may arrive when their sender is dead. */
  readonly #sending = new Map<Call, number>();
  readonly #story: string[] = [];
  #life = 0;

  constructor(options: LaneOptions) {
    this.#options = options;
    this.#layout = layOut(options.name, options.size);
    this.#random = new Random(options.seed, options.index);
    this.#trigger = new Trigger(options.failpoints);
  }

  /**
   * @param runs how often docc is killed
   * @param onRun told after each
   */
  async play(runs: number, onRun: () => void): Promise<LaneReport> {
    const { kubeconfigPath } = this.#options;
    const slack = await startFakeSlack({
      clock: systemClock,
      workspace: workspaceOf(this.#layout),
    });
    const connection = connect({ kubeconfigPath, clock: systemClock });
    const api = createApi(connection);
    const { home, environments } = this.#layout;
    const all = [home, ...environments.map(({ namespace }) => namespace)];
    const proxies = await this.#openProxies(slack);
    try {
      await installDocc(api, { namespaces: all, clock: systemClock });
      const installation = await this.#install(slack, proxies);
      const people = new People({ slack, api, home, random: this.#random });
      for (let run = 0; run < runs; run += 1) {
        await this.#run(installation, people, api);
        onRun();
      }
      return await this.#settle(installation, people, { api, slack });
    } finally {
      for (const name of all) await api.delete(namespaces, { name }).catch(() => undefined);
      await Promise.all([proxies.kube.close(), proxies.slack.close()]);
      await slack.stop();
      await connection.close();
    }
  }

  async #openProxies(slack: FakeSlack): Promise<Proxies> {
    const kubeconfig = await proxiedKubeconfig({ path: this.#options.kubeconfigPath });
    const { before, after } = this.#trigger;
    const kube = await startFaultProxy({
      upstream: kubeconfig.upstream,
      dialect: kubernetes,
      remembers: 0,
      rule: before,
      after,
    });
    const slackProxy = await startFaultProxy({
      upstream: { url: slack.origin },
      dialect: slackDialect,
      remembers: 0,
      rewritesOrigin: true,
      rule: (call) => {
        if (isPost(call)) this.#sending.set(call, this.#life);
        return before(call);
      },
      after: async (call, { body }) => {
        if (isPost(call)) this.#sent(call, body);
        await after(call);
      },
    });
    return { kube, slack: slackProxy, kubeconfig: kubeconfig.through(kube.url) };
  }

  #sent(call: Call, body: string): void {
    const answer = posted.safeParse(JSON.parse(body));
    const life = this.#sending.get(call);
    this.#sending.delete(call);
    if (!answer.success || life === undefined) return;
    this.#senders.set(`${answer.data.channel} ${answer.data.ts}`, life);
  }

  #install(slack: FakeSlack, proxies: Proxies): Promise<Installation> {
    const { folder, program } = this.#options;
    const apiUrl = `${proxies.slack.url}/api/`;
    return install(this.#layout, {
      folder,
      program,
      kubeconfig: proxies.kubeconfig,
      slack,
      apiUrl,
    });
  }

  /** One life of docc, with work in flight, to its end at the failpoint. */
  async #run(installation: Installation, people: People, api: KubeApi): Promise<void> {
    this.#life += 1;
    const point = this.#options.failpoints.next(this.#random);
    const life = live(installation);
    const hit = this.#trigger.arm(point, () => life.kill());
    const busy = this.#keepBusy(life, people, api);
    const where = await Promise.race([
      hit.then(({ side, kind }) => `${side} ${kind}`),
      this.#impatience(point, life),
    ]);
    this.#trigger.disarm();
    await life.kill();
    await busy;
    this.#story.push(`life ${this.#life}: killed ${where} (aimed ${say(point)})`);
  }

  /** First another call will do, then none. */
  async #impatience(point: Failpoint, life: Life): Promise<string> {
    const started = await Promise.race([life.ready, pause(10_000, false)]);
    await Promise.race([life.gone, pause(patienceMs)]);
    this.#options.failpoints.missed(point);
    this.#trigger.loosen();
    await Promise.race([life.gone, pause(patienceMs)]);
    return started ? "between two calls" : `at its start: ${life.log().slice(-500)}`;
  }

  /** Keeps two requests of every app waiting, and every approval given. */
  async #keepBusy(life: Life, people: People, api: KubeApi): Promise<void> {
    await life.ready;
    let isOver = false;
    void life.gone.then(() => {
      isOver = true;
    });
    while (!isOver) {
      const all = await listReleases(api, this.#layout.home);
      for (const place of this.#layout.places) {
        const ofPlace = all.filter(
          ({ spec }) => spec.app === place.app && spec.environment === place.environment,
        );
        const waiting = ofPlace.filter((release) => !isTerminal(phaseOf(release))).length;
        const isFirst = !ofPlace.some((release) => phaseOf(release) === "succeeded");
        const most = isFirst ? 1 : mostWaiting;
        if (waiting < most && this.#random.int(1, 3) > 1) people.ask(place, { isFirst });
      }
      this.#approve(people);
      await Promise.race([life.gone, pause(250)]);
    }
  }

  #approve(people: People): void {
    for (const { channel } of this.#layout.environments.slice(0, 1)) people.approve(channel);
  }

  /** A last life that nobody ends: everything must come to its end, and be told. */
  async #settle(
    installation: Installation,
    people: People,
    rig: { readonly api: KubeApi; readonly slack: FakeSlack },
  ): Promise<LaneReport> {
    this.#life += 1;
    const life = live(installation);
    const giveUpAt = performance.now() + settleMs;
    try {
      await life.ready;
      for (;;) {
        this.#approve(people);
        await Promise.race([people.silent(), pause(500)]);
        const history = await this.#gather(people, rig);
        const isOver = history.releases.every((release) => isTerminal(phaseOf(release)));
        const findings = judge(history);
        const isLate = performance.now() > giveUpAt;
        if ((isOver && findings.length === 0) || isLate) return this.#report(history, findings);
        await pause(500);
      }
    } finally {
      await life.kill();
    }
  }

  #report(history: History, findings: readonly Finding[]): LaneReport {
    const ends = Map.groupBy(history.releases, (release) => phaseOf(release));
    const roots = history.said.filter(({ threadTs }) => threadTs === undefined);
    const told = history.releases.filter(({ status }) => status?.slack !== undefined);
    const replies = history.said.filter(({ threadTs }) => threadTs !== undefined);
    const distinct = new Set(
      replies.map(({ channel, threadTs, text }) => `${channel} ${threadTs ?? ""} ${text}`),
    );
    return {
      findings,
      releases: history.releases.length,
      ends: Object.fromEntries([...ends].map(([phase, all]) => [phase, all.length])),
      duplicates: roots.length - told.length + replies.length - distinct.size,
      story: this.#story,
    };
  }

  async #gather(
    people: People,
    { api, slack }: { readonly api: KubeApi; readonly slack: FakeSlack },
  ): Promise<History> {
    const { home, environments } = this.#layout;
    const heads = await api.listAll(applications, { namespace: home });
    const running = await Promise.all(
      environments.map(async ({ name, namespace }): Promise<Running[]> => {
        const { items } = await api.listAll(deployments, { namespace });
        return items.map(({ metadata, spec }) => ({
          environment: name,
          name: metadata.name,
          image: spec?.template.spec?.containers[0]?.image,
          release: metadata.annotations?.["docc.dev/release"],
          rollouts: Number(metadata.annotations?.["deployment.kubernetes.io/revision"] ?? 0),
        }));
      }),
    );
    return {
      asked: people.asked,
      releases: await listReleases(api, home),
      heads: heads.items.map(asApplication),
      running: running.flat(),
      said: environments.flatMap(({ channel }) => this.#saidIn(channel, slack)),
      now: Date.now(),
    };
  }

  #saidIn(channel: string, slack: FakeSlack): Said[] {
    return slack.workspace.messages(channel).map((message) => ({
      channel,
      ts: message.ts,
      threadTs: message.threadTs,
      text: slack.render(message),
      life: this.#senders.get(`${channel} ${message.ts}`),
    }));
  }
}

function isPost({ kind }: Call): boolean {
  return kind.startsWith("chat.postMessage");
}

interface Proxies {
  readonly kube: FaultProxy;
  readonly slack: FaultProxy;
  readonly kubeconfig: string;
}

async function listReleases(api: KubeApi, namespace: string): Promise<readonly Release[]> {
  const { items } = await api.listAll(releases, { namespace });
  return items.map(asRelease);
}

import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { type Call, kubernetes, slack as slackDialect } from "../support/proxy/calls.ts";
import type { Fate } from "../support/proxy/fates.ts";
import { type FaultProxy, startFaultProxy } from "../support/proxy/fault-proxy.ts";
import { proxiedKubeconfig } from "../support/proxy/kubeconfig.ts";
import type { Defect, Tools } from "./defects.ts";
import { type Installation, live, type Life } from "./docc.ts";
import { type Failpoint, type Failpoints, say } from "./failpoints.ts";
import { install, type Layout, longLease, shortLease } from "./installation.ts";
import { Trigger } from "./trigger.ts";

export interface SeatOptions {
  /** Unique in its lane. */
  readonly name: string;
  readonly layout: Layout;
  readonly kubeconfigPath: string;
  readonly folder: string;
  /** The bundle. */
  readonly program: string;
  readonly failpoints: Failpoints;
  readonly tools: Tools;
  /** As docc.yaml writes it. */
  readonly rolloutTimeout: string;
  /** How many milliseconds a failpoint may wait for its call before it takes any. */
  readonly patienceMs: number;
  readonly defect: Defect | undefined;
  /** The number of the next process. */
  readonly nextLife: () => number;
  readonly onSent: (address: string, life: number) => void;
}

/** How one life went. */
export interface Death {
  readonly story: string;
  /** What docc said last, when it failed and nobody killed it. */
  readonly byItself: string | undefined;
}

const startMs = 10_000;
const posted = z.object({ channel: z.string(), ts: z.string() });

/** A place where docc runs, behind proxies of its own: one process after the other. */
export class Seat {
  readonly #options: SeatOptions;
  readonly #trigger: Trigger;
  /** Messages on their way, which may arrive when their sender is dead. */
  readonly #sending = new Map<Call, number>();
  readonly #proxies: FaultProxy[] = [];
  #installation: Installation | undefined;
  #calm: Installation | undefined;
  #life: Life | undefined;
  #number = 0;

  constructor(options: SeatOptions) {
    this.#options = options;
    this.#trigger = new Trigger(options.failpoints);
  }

  async open(): Promise<void> {
    const { name, layout, folder, program, tools, kubeconfigPath, rolloutTimeout } = this.#options;
    const kubeconfig = await proxiedKubeconfig({ path: kubeconfigPath });
    const kube = await startFaultProxy({
      upstream: kubeconfig.upstream,
      dialect: kubernetes,
      remembers: 0,
      rule: (call) => this.#decide(call),
      after: this.#trigger.after,
    });
    this.#proxies.push(kube);
    const slack = await startFaultProxy({
      upstream: { url: tools.slack.origin },
      dialect: slackDialect,
      remembers: 0,
      rewritesOrigin: true,
      rule: (call) => {
        if (isPost(call)) this.#sending.set(call, this.#number);
        return this.#decide(call);
      },
      after: async (call, { body }) => {
        if (isPost(call)) this.#sent(call, body);
        await this.#trigger.after(call);
      },
    });
    this.#proxies.push(slack);
    const where = {
      folder,
      program,
      kubeconfig: kubeconfig.through(kube.url),
      slack: tools.slack,
      apiUrl: `${slack.url}/api/`,
      rolloutTimeout,
    };
    this.#installation = await install(layout, { ...where, name, lease: shortLease });
    this.#calm = await install(layout, { ...where, name: `${name}-calm`, lease: longLease });
  }

  /** The next process is the last, and nothing hurries it. */
  async calmDown(): Promise<void> {
    await this.kill();
    this.#installation = this.#calm;
  }

  /** The process of the moment; a new one when the last is gone. */
  start(): Life {
    if (this.#installation === undefined) throw new Error("this seat is not open");
    if (this.#life === undefined || this.#life.isGone()) {
      this.#number = this.#options.nextLife();
      this.#life = live(this.#installation);
    }
    return this.#life;
  }

  /** One life to its end at the failpoint, or at another call if that one does not come. */
  async killAt(point: Failpoint): Promise<Death> {
    const { patienceMs } = this.#options;
    const life = this.start();
    const hit = this.#trigger.arm(point, () => life.kill());
    const dies = async (ms: number): Promise<string | undefined> =>
      Promise.race([
        hit.then(({ side, kind }) => `${side} ${kind}`),
        life.gone.then(() => "by itself"),
        pause(ms, undefined),
      ]);
    await Promise.race([life.ready, hit, pause(startMs)]);
    let where = await dies(patienceMs);
    if (where === undefined) this.#trigger.loosen();
    where ??= await dies(patienceMs);
    this.#trigger.disarm();
    const byItself =
      where === "by itself" && life.hasFailed() ? life.log().slice(-2_000) : undefined;
    await life.kill();
    const story = `life ${this.#number}: killed ${where ?? "between two calls"} (aimed ${say(point)})`;
    return { story, byItself };
  }

  /** What the process of the moment said last. */
  log(): string {
    return this.#life?.log() ?? "";
  }

  async kill(): Promise<void> {
    await this.#life?.kill();
  }

  async close(): Promise<void> {
    await this.kill();
    await Promise.all(this.#proxies.map((proxy) => proxy.close()));
  }

  async #decide(call: Call): Promise<Fate> {
    const { defect, tools } = this.#options;
    const fate = await this.#trigger.before(call);
    return fate.type === "pass" && defect !== undefined ? defect.rule(call, tools) : fate;
  }

  #sent(call: Call, body: string): void {
    const answer = posted.safeParse(JSON.parse(body));
    const life = this.#sending.get(call);
    this.#sending.delete(call);
    if (!answer.success || life === undefined) return;
    this.#options.onSent(`${answer.data.channel} ${answer.data.ts}`, life);
  }
}

function isPost({ kind }: Call): boolean {
  return kind.startsWith("chat.postMessage");
}

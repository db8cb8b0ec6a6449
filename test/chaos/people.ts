import { setTimeout as pause } from "node:timers/promises";
import type { Random } from "../../fuzz/random.ts";
import type { FakeSlack } from "../../sandbox/slack/fake-slack.ts";
import type { KubeApi } from "../../src/k8s/api.ts";
import { releases } from "../../src/k8s/kinds.ts";
import { Deciders } from "./deciders.ts";
import type { Asked, Finding } from "./history.ts";
import { Locker } from "./locker.ts";

/** One app in one environment, with the channel that it is talked about in. */
export interface Place {
  readonly app: string;
  readonly environment: string;
  readonly channel: string;
}

interface Asking {
  readonly kind: "manifest" | "words" | "rollback" | "restart";
  readonly words: string;
}

export interface PeopleOptions {
  readonly slack: FakeSlack;
  /** For requests that do not come by Slack. */
  readonly api: KubeApi;
  /** docc's own namespace. */
  readonly home: string;
  readonly random: Random;
}

const repository = "registry.corp.example.com/demo/kubecon";

/** A manifest with or without a port: a Service comes and goes with it. */
function manifestOf(app: string, tag: string, listens: boolean): string {
  return JSON.stringify({
    application: app,
    scale: 1,
    containers: {
      [app]: { image: repository, image_tag: tag, ...(listens ? { ports: [8080] } : {}) },
    },
    maintainer: "maintainer@corp.example.com",
  });
}

/** Developers who keep asking, an approver and others who keep deciding, whether docc is there or not. */
export class People {
  readonly #options: PeopleOptions;
  readonly #asked: Asked[] = [];
  readonly #talking = new Set<Promise<void>>();
  readonly #deciders: Deciders;
  readonly #locker: Locker;
  #count = 0;

  constructor(options: PeopleOptions) {
    const { slack, api, home, random } = options;
    this.#options = options;
    this.#deciders = new Deciders(slack, random);
    this.#locker = new Locker(slack, api, home);
  }

  get asked(): readonly Asked[] {
    return this.#asked;
  }

  /** What they were promised and did not get. */
  get findings(): readonly Finding[] {
    return this.#locker.findings;
  }

  /** Asks for something about a place; the answer comes when it comes. */
  ask(place: Place, { isFirst }: { readonly isFirst: boolean }): void {
    this.#count += 1;
    const { app, environment } = place;
    const asked: Asked = { mark: `m${this.#count}`, app, environment, accepted: "unknown" };
    this.#asked.push(asked);
    const asking = isFirst ? this.#manifest() : this.#choose();
    const talk =
      asking.kind === "manifest" ? this.#store(asked, asking) : this.#type(place, asked, asking);
    this.#track(talk);
  }

  /** People at the buttons of a channel; in the end nothing is done there but to approve. */
  decide(channel: string, { isOver }: { readonly isOver: boolean }): void {
    for (const pressing of this.#deciders.look(channel, isOver)) this.#track(pressing);
  }

  /** Somebody locks an app for a moment. */
  lock(place: Place): void {
    this.#track(this.#locker.hold(place));
  }

  /** Resolves when nobody waits for an answer any more. */
  async silent(): Promise<void> {
    while (this.#talking.size > 0) await Promise.all(this.#talking);
  }

  /** They go: resolves when nobody waits any more. */
  async leave(): Promise<void> {
    this.#locker.leave();
    await this.silent();
  }

  #track(talk: Promise<void>): void {
    const tracked = talk.finally(() => this.#talking.delete(tracked));
    this.#talking.add(tracked);
  }

  #choose(): Asking {
    const { random } = this.#options;
    const dice = random.int(1, 100);
    if (dice <= 50) return { kind: "words", words: `tag=${random.int(2016, 2017)}` };
    if (dice <= 62) return { kind: "words", words: "tag=2018" };
    if (dice <= 72) return { kind: "words", words: `scale=${random.int(1, 2)}` };
    if (dice <= 82) return { kind: "rollback", words: "" };
    if (dice <= 90) return { kind: "restart", words: "" };
    return this.#manifest();
  }

  #manifest(): Asking {
    return { kind: "manifest", words: String(this.#options.random.int(2016, 2017)) };
  }

  /** As a terminal asks: the request itself is what is stored. */
  async #store(asked: Asked, { words: tag }: Asking): Promise<void> {
    const { api, home, random } = this.#options;
    const { app, environment, mark } = asked;
    await api.create(releases, {
      metadata: { name: `${app}-${mark.slice(1).padStart(12, "0")}`, namespace: home },
      spec: {
        app,
        environment,
        kind: "deploy",
        source: { type: "inline", manifest: manifestOf(app, tag, random.int(0, 1) === 1) },
        words: {},
        reason: mark,
        requester: { provider: "kubernetes", team: "", user: "ci" },
      },
    });
    asked.accepted = "yes";
  }

  /** By a command; sometimes Slack delivers it once more. */
  async #type({ app, environment, channel }: Place, asked: Asked, asking: Asking): Promise<void> {
    const { slack, random } = this.#options;
    const word = asking.kind === "words" ? "deploy" : asking.kind;
    const typed = `/docc ${word} ${app} in=${environment} ${asking.words} reason=${asked.mark}`;
    const before = slack.deliveries().length;
    const gesture = slack.as("developer").command(channel, typed);
    const delivery = slack.deliveries()[before];
    const { ack, shown } = await gesture;
    const said = JSON.stringify(shown ?? (ack.ok ? ack.payload : "")) ?? "";
    if (said.includes("Accepted:")) asked.accepted = "yes";
    else if (ack.ok || ack.error === "dispatch_failed") asked.accepted = "no";
    if (asked.accepted === "no" || random.int(1, 10) > 2) return;
    await pause(random.int(0, 1_500));
    await slack.redeliver(delivery?.id);
  }
}

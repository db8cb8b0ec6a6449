import { setTimeout as pause } from "node:timers/promises";
import type { Random } from "../../fuzz/random.ts";
import type { FakeSlack } from "../../sandbox/slack/fake-slack.ts";
import type { Message } from "../../sandbox/slack/types.ts";
import type { KubeApi } from "../../src/k8s/api.ts";
import { releases } from "../../src/k8s/kinds.ts";
import type { Asked } from "./history.ts";

/** One app in one environment, with the channel that it is talked about in. */
export interface Place {
  readonly app: string;
  readonly environment: string;
  readonly channel: string;
}

interface Asking {
  readonly kind: "manifest" | "words" | "rollback";
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

/** Developers who keep asking and an approver who keeps deciding, whether docc is there or not. */
export class People {
  readonly #options: PeopleOptions;
  readonly #asked: Asked[] = [];
  readonly #talking = new Set<Promise<void>>();
  readonly #pressed = new Map<string, number>();
  #count = 0;

  constructor(options: PeopleOptions) {
    this.#options = options;
  }

  get asked(): readonly Asked[] {
    return this.#asked;
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

  /** The approver presses Approve wherever it is offered, once a second while it stays. */
  approve(channel: string): void {
    const { slack } = this.#options;
    for (const message of slack.messages(channel)) {
      if (!offersApproval(message)) continue;
      const key = `${message.channel} ${message.ts}`;
      const last = this.#pressed.get(key) ?? -Infinity;
      if (performance.now() - last < 1_000) continue;
      this.#pressed.set(key, performance.now());
      this.#track(
        slack
          .as("approver")
          .click(message, "Approve")
          .then(() => undefined),
      );
    }
  }

  /** Resolves when nobody waits for an answer any more. */
  async silent(): Promise<void> {
    while (this.#talking.size > 0) await Promise.all(this.#talking);
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
    if (dice <= 85) return { kind: "rollback", words: "" };
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
    const word = asking.kind === "rollback" ? "rollback" : "deploy";
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

function offersApproval({ blocks }: Message): boolean {
  return JSON.stringify(blocks).includes('"text":"Approve"');
}

import { setTimeout as pause } from "node:timers/promises";
import type { FakeSlack } from "../../sandbox/slack/fake-slack.ts";
import type { KubeApi } from "../../src/k8s/api.ts";
import { applications } from "../../src/k8s/kinds.ts";
import { asApplication } from "../../src/k8s/records.ts";
import { applicationName } from "../../src/release/names.ts";
import type { Lock } from "../../src/release/release.ts";
import type { Finding } from "./history.ts";
import type { Place } from "./people.ts";

const answerMs = 4_000;
const heldMs = 1_500;
const againMs = 500;

/**
 * Somebody who locks an app for a moment, so that others are refused, and unlocks it again, whatever docc's
 * lives in between. A lock that docc has confirmed must be there, and no lock may stay.
 */
export class Locker {
  readonly #slack: FakeSlack;
  readonly #api: KubeApi;
  readonly #home: string;
  readonly #findings: Finding[] = [];
  #isBusy = false;
  #isOver = false;
  #count = 0;

  constructor(slack: FakeSlack, api: KubeApi, home: string) {
    this.#slack = slack;
    this.#api = api;
    this.#home = home;
  }

  get findings(): readonly Finding[] {
    return this.#findings;
  }

  /** Lets go of whatever is still locked. */
  leave(): void {
    this.#isOver = true;
  }

  /** Locks the app, or does nothing while another one is locked. Resolves when it is free again. */
  async hold(place: Place): Promise<void> {
    if (this.#isBusy || this.#isOver) return;
    this.#isBusy = true;
    try {
      this.#count += 1;
      await this.#lock(place, `l${this.#count}`);
      await pause(heldMs);
      while (!this.#isOver && (await this.#held(place)) !== undefined) {
        await this.#say(place, "unlock", "");
        await pause(againMs);
      }
    } finally {
      this.#isBusy = false;
    }
  }

  async #lock(place: Place, reason: string): Promise<void> {
    const answer = await this.#say(place, "lock", ` reason=${reason}`);
    if (!answer.includes("Locked") || (await this.#held(place))?.reason === reason) return;
    const about = `${applicationName(place.app, place.environment)} ${reason}`;
    this.#findings.push({ fault: "lost", about, what: "confirmed as locked, and it is not" });
  }

  /** @returns what the person is told; "" when docc died */
  async #say({ app, environment, channel }: Place, word: string, more: string): Promise<string> {
    const typed = `/docc ${word} ${app} in=${environment}${more}`;
    const { answer, ack } = await this.#slack.as("approver").command(channel, typed);
    if (!ack.ok) return "";
    return JSON.stringify(await answer(answerMs).catch(() => ""));
  }

  async #held({ app, environment }: Place): Promise<Lock | undefined> {
    const name = applicationName(app, environment);
    const head = await this.#api.find(applications, { namespace: this.#home, name });
    return head === undefined ? undefined : asApplication(head).status?.lock;
  }
}

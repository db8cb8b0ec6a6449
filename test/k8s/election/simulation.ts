import {
  type Ask,
  type Answer,
  type Candidate,
  hear,
  leads,
  type LeaseTimes,
  look,
  type Moment,
  type Next,
  release,
  type StoredLease,
} from "../../../src/k8s/election/rules.ts";

/** How one request fares; latencies in milliseconds of true time. */
export interface Fare {
  readonly thereMs: number;
  readonly backMs: number;
  /** The request never arrives, or its answer never does. */
  readonly lost: "no" | "request" | "answer";
  /** In [0, 1), for jitter. */
  readonly random: number;
}

export interface Replica {
  /** How fast its monotonic clock runs: 1 is true. */
  readonly rate: number;
  /** What its clocks show at the beginning. */
  readonly offset: number;
}

/** What befalls a replica at a moment of true time. */
export type Blow =
  | { readonly type: "pause"; readonly at: number; readonly who: number; readonly ms: number }
  | { readonly type: "kill"; readonly at: number; readonly who: number }
  /** A graceful stop: the lease is given up. */
  | { readonly type: "stop"; readonly at: number; readonly who: number }
  | { readonly type: "delete"; readonly at: number };

interface Node extends Replica {
  readonly index: number;
  candidate: Candidate;
  pausedUntil: number;
  dead: boolean;
  /** Numbers its asks: a late answer to one that timed out is nobody's. */
  asked: number;
}

interface Happening {
  /** True time. */
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/** A violation of what the election promises. */
export class TwoLeaders extends Error {}

/** Discrete events in true time: replicas with clocks of their own, one register, a bad network. */
export class Simulation {
  readonly #queue: Happening[] = [];
  readonly #fares: Iterator<Fare>;
  readonly #times: LeaseTimes;
  readonly nodes: Node[];
  /** True times at which somebody became leader who was none. */
  readonly won: { readonly at: number; readonly who: number }[] = [];
  #order = 0;
  #now = 0;
  #versions = 0;
  #lease: StoredLease | undefined;

  constructor(replicas: readonly Replica[], times: LeaseTimes, fares: Iterator<Fare>) {
    this.#fares = fares;
    this.#times = times;
    this.nodes = replicas.map((replica, index) => ({
      ...replica,
      index,
      candidate: { identity: `replica-${index}`, times },
      pausedUntil: 0,
      dead: false,
      asked: 0,
    }));
    for (const node of this.nodes) this.#at(node.index * 100, node, () => this.#look(node));
  }

  /** Lets true time pass until `end`, in milliseconds from the beginning. */
  run(end: number, blows: readonly Blow[] = []): void {
    for (const blow of blows) this.#push(blow.at, () => this.#strike(blow));
    for (;;) {
      const next = this.#queue.toSorted((a, b) => a.at - b.at || a.order - b.order)[0];
      if (next === undefined || next.at > end) break;
      this.#queue.splice(this.#queue.indexOf(next), 1);
      this.#now = Math.max(this.#now, next.at);
      next.run();
    }
    this.#now = end;
  }

  leaders(): readonly Node[] {
    return this.nodes.filter((node) => !node.dead && leads(node.candidate, this.#local(node)));
  }

  get lease(): StoredLease | undefined {
    return this.#lease;
  }

  #strike(blow: Blow): void {
    if (blow.type === "delete") {
      this.#lease = undefined;
      return;
    }
    const node = this.nodes[blow.who];
    if (node === undefined || node.dead) return;
    if (blow.type === "pause") node.pausedUntil = this.#now + blow.ms;
    else if (blow.type === "kill") node.dead = true;
    else this.#stop(node);
  }

  #stop(node: Node): void {
    const { candidate, ask } = release(node.candidate, this.#lease, this.#moment(node));
    node.candidate = candidate;
    node.dead = true;
    const { thereMs } = this.#fare();
    if (ask !== undefined) this.#push(this.#now + thereMs, () => void this.#serve(ask));
  }

  #look(node: Node): void {
    const turn = look(node.candidate, this.#moment(node));
    node.candidate = turn.candidate;
    this.#go(node, turn.next);
  }

  #go(node: Node, next: Next): void {
    if (next.type === "wait") {
      this.#at(this.#now + next.ms / node.rate, node, () => this.#look(node));
      return;
    }
    node.asked += 1;
    const number = node.asked;
    const sentAt = this.#local(node);
    const { thereMs, backMs, lost, random } = this.#fare();
    const hearOnce = (answer: Answer): void => {
      if (node.asked !== number) return;
      node.asked += 1;
      const led = leads(node.candidate, this.#local(node));
      const turn = hear(node.candidate, { ask: next, answer }, this.#moment(node), random);
      node.candidate = turn.candidate;
      this.#check(node, led);
      this.#go(node, turn.next);
    };
    const patience = this.#times.renewDeadline / 2 / node.rate;
    this.#at(this.#now + patience, node, () => hearOnce({ type: "failed" }));
    if (lost === "request") return;
    this.#push(this.#now + thereMs, () => {
      const answer = this.#serve(next);
      if (lost === "answer") return;
      const full = answer.type === "written" ? { ...answer, sentAt } : answer;
      this.#at(this.#now + backMs, node, () => hearOnce(full));
    });
  }

  /** The API server: one object, every replacement conditional. */
  #serve(ask: Ask): Answer {
    if (ask.type === "read") return { type: "found", lease: this.#lease };
    const fits =
      ask.type === "create" ? this.#lease === undefined : this.#lease?.version === ask.version;
    if (!fits) return { type: "failed" };
    this.#versions += 1;
    this.#lease = { ...ask.record, version: String(this.#versions) };
    return { type: "written", lease: this.#lease, sentAt: 0 };
  }

  #check(node: Node, led: boolean): void {
    const leaders = this.leaders();
    if (leaders.length > 1) {
      const who = leaders.map(({ candidate }) => candidate.identity).join(" and ");
      throw new TwoLeaders(`at ${this.#now} ms ${who} lead`);
    }
    if (!led && leaders.includes(node)) this.won.push({ at: this.#now, who: node.index });
  }

  #fare(): Fare {
    const { value, done } = this.#fares.next();
    if (done === true) throw new Error("the stream of fares ended");
    return value;
  }

  #local({ rate, offset }: Node): number {
    return offset + rate * this.#now;
  }

  /** Its clock for people may be off by as much as its monotonic one. */
  #moment(node: Node): Moment {
    const at = this.#local(node);
    return { at, wall: new Date(Math.floor(at)).toISOString() };
  }

  /** Runs in the process: not while it is paused, never when it is dead. */
  #at(at: number, node: Node, run: () => void): void {
    this.#push(at, () => {
      if (node.dead) return;
      if (node.pausedUntil > this.#now) this.#at(node.pausedUntil, node, run);
      else run();
    });
  }

  #push(at: number, run: () => void): void {
    this.#order += 1;
    this.#queue.push({ at, order: this.#order, run });
  }
}

import { isDeepStrictEqual } from "node:util";
import { KubeError } from "../../src/k8s/errors.ts";
import type { Records } from "../../src/k8s/records.ts";
import { samePerson } from "../../src/release/people.ts";
import { hasApplied, isTerminal, phaseOf } from "../../src/release/phases.ts";
import type { Application, Release, ReleaseStatus } from "../../src/release/release.ts";

type Stored = Release | Application;

/** A defect to plant: a model that finds none of them proves nothing. */
export type Defect =
  | "none"
  | "blind writes"
  | "approvals of any plan"
  | "approvals of the requester";

/** docc's records, changed by compare-and-swap, with the promises that hold at every write. */
export class Store {
  readonly #records = new Map<string, Stored>();
  readonly #listeners: ((record: Stored) => void)[] = [];
  readonly #now: () => number;
  readonly #isBlind: boolean;
  #version = 1;
  #revision = 0;

  constructor(now: () => number, isBlind: boolean) {
    this.#now = now;
    this.#isBlind = isBlind;
  }

  listen(listener: (record: Stored) => void): void {
    this.#listeners.push(listener);
  }

  release(name: string): Release | undefined {
    const found = this.#records.get(name);
    return found !== undefined && isRelease(found) ? found : undefined;
  }

  releases(): readonly Release[] {
    return [...this.#records.values()].filter(isRelease);
  }

  head(): Application | undefined {
    return [...this.#records.values()].find((each): each is Application => !isRelease(each));
  }

  /** @param sent when the requests were sent: what reaches the store late was decided in time */
  records(sent: number = this.#now()): Records {
    const unused = (): Promise<never> => Promise.reject(new Error("not of this model"));
    return {
      createRelease: (name, spec) => {
        if (this.#records.has(name)) return Promise.resolve(false);
        this.#put({ metadata: meta(name, new Date(this.#now()).toISOString()), spec });
        return Promise.resolve(true);
      },
      findRelease: (name) => Promise.resolve(this.release(name)),
      writeStatus: async (read, status) => this.#write(read, status, sent),
      writeThread: async ({ metadata: { name } }, slack) => {
        const now = this.release(name);
        if (now?.status === undefined) throw new KubeError("not-found", "It is not there.");
        return this.#put({ ...now, status: { ...now.status, slack } });
      },
      application: (name, spec) => {
        const found = this.head();
        return Promise.resolve(found ?? this.#put({ metadata: meta(name, ""), spec }));
      },
      writeApplication: async (read, status) => {
        this.#compare(read);
        return this.#put({ ...read, status });
      },
      writeWebhook: unused,
      deleteRelease: unused,
      isIdentityBound: unused,
      answerDecision: unused,
      answerCommand: unused,
    };
  }

  #compare({ metadata }: Stored): void {
    const known = this.#records.get(metadata.name)?.metadata.resourceVersion;
    if (!this.#isBlind && known !== metadata.resourceVersion) {
      throw new KubeError("conflict", "It moved.");
    }
  }

  #write(read: Release, status: ReleaseStatus, sent: number): Release {
    this.#compare(read);
    const before = this.release(read.metadata.name);
    if (before === undefined) throw new KubeError("not-found", "It is not there.");
    this.#judge(before, { ...before, status }, sent);
    return this.#put({ ...before, status });
  }

  #put<T extends Stored>(record: T): T {
    this.#version += 1;
    const metadata = { ...record.metadata, resourceVersion: String(this.#version) };
    const stored = { ...record, metadata };
    this.#records.set(metadata.name, stored);
    for (const listener of this.#listeners) listener(stored);
    return stored;
  }

  /** What must hold at every write, whoever writes. */
  #judge(before: Release, after: Release, sent: number): void {
    const [was, is] = [phaseOf(before), phaseOf(after)];
    const { slack: _before, ...old } = before.status ?? { phase: was, transitions: [] };
    const { slack: _after, ...now } = after.status ?? { phase: is, transitions: [] };
    if (isTerminal(was)) promise(isDeepStrictEqual(old, now), `${was} never changes`);
    promise(isTerminal(is) === (now.finishedAt !== undefined), "its end is one write");
    if (before.status?.revision !== undefined) {
      promise(now.revision === before.status.revision, "a revision stays");
    }
    if (is !== "applying" || was === "applying") return;
    this.#revision += 1;
    promise(now.revision === this.#revision, `revision ${now.revision} is ${this.#revision}`);
    const { plan, approvals = [] } = now;
    if (plan === undefined) throw new Error("broken promise: nothing is applied without a plan");
    const people = approvals.filter(
      ({ by }, at) =>
        !samePerson(by, after.spec.requester, []) &&
        !approvals.slice(0, at).some((other) => samePerson(other.by, by, [])),
    );
    const count = people.filter(({ digest }) => digest === plan.digest).length;
    promise(
      count >= plan.policy.approvals,
      `${count} of ${plan.policy.approvals} have approved it`,
    );
    promise(sent < Date.parse(plan.expiresAt ?? "9999-01-01"), "it has not expired");
    const others = this.releases().filter(
      (each) =>
        each.metadata.name !== after.metadata.name &&
        hasApplied(phaseOf(each)) &&
        !isTerminal(phaseOf(each)),
    );
    promise(others.length === 0, "one release of an app at a time");
  }
}

export function promise(holds: boolean, what: string): void {
  if (!holds) throw new BrokenPromise(what);
}

export class BrokenPromise extends Error {}

export function isRelease(record: Stored): record is Release {
  return "kind" in record.spec;
}

function meta(name: string, creationTimestamp: string) {
  return {
    name,
    namespace: "docc",
    uid: `uid of ${name}`,
    resourceVersion: "0",
    creationTimestamp,
  };
}

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SteppedClock } from "../../sandbox/clock.ts";
import { createOutbox } from "../../src/controller/outbox.ts";
import type { ControllerPorts, Delivery, Webhook } from "../../src/controller/ports.ts";
import { DoccError } from "../../src/errors.ts";
import { createLogger } from "../../src/log.ts";
import type { Notice } from "../../src/release/notices.ts";
import type { Phase, Release, WebhookNote } from "../../src/release/release.ts";
import { release } from "../release/releases.ts";

const delivered: Delivery = { state: "delivered" };
const broken: Delivery = { state: "failed", why: "HTTP 500" };
const minute = 60_000;
const day = 24 * 60 * minute;

/** Docc's records, which outlive its processes, and receivers that do as they are told. */
class Rig {
  readonly clock = new SteppedClock();
  readonly releases = new Map<string, Release>();
  /** `paging r1 failed`, in the order of arrival. */
  readonly arrived: string[] = [];
  readonly ids: string[] = [];
  /** Notes that the API server refuses before it takes one again. */
  refusedNotes = 0;
  writes = 0;
  #answer: (webhook: string, notice: Notice) => Delivery | Promise<Delivery> = () => delivered;

  answers(answer: (webhook: string, notice: Notice) => Delivery | Promise<Delivery>): void {
    this.#answer = answer;
  }

  /** The release enters a phase, as the controller would have written it. */
  enter(name: string, phase: Phase): void {
    const known = this.releases.get(name) ?? release();
    const { transitions = [], ...rest } = known.status ?? {};
    const at = new Date(this.clock.now()).toISOString();
    this.releases.set(name, {
      ...known,
      metadata: { ...known.metadata, name, uid: name },
      status: { ...rest, phase, transitions: [...transitions, { phase, at, actor: "docc" }] },
    });
  }

  note(name: string, webhook = "paging"): WebhookNote | undefined {
    return this.releases.get(name)?.status?.webhooks?.[webhook];
  }

  /** A process of docc. */
  start(names: readonly string[] = ["paging"]) {
    const ports = {
      clock: this.clock,
      leads: () => true,
      random: () => 1,
      log: createLogger("silent"),
      cache: {
        release: (name: string) => this.releases.get(name),
        releases: () => [...this.releases.values()],
        remember: () => undefined,
      },
      records: { writeWebhook: (...note: [string, string, WebhookNote]) => this.#write(...note) },
      webhooks: names.map((name) => this.#webhook(name)),
    };
    // Only what an outbox uses of the ports is there.
    return createOutbox(ports as unknown as ControllerPorts);
  }

  #write(name: string, webhook: string, note: WebhookNote): Promise<Release> {
    this.writes += 1;
    this.refusedNotes -= 1;
    const known = this.releases.get(name);
    if (this.refusedNotes >= 0 || known?.status === undefined) {
      return Promise.reject(new DoccError("unavailable", "The API is away."));
    }
    const webhooks = { ...known.status.webhooks, [webhook]: note };
    const written = { ...known, status: { ...known.status, webhooks } };
    this.releases.set(name, written);
    return Promise.resolve(written);
  }

  #webhook(name: string): Webhook {
    return {
      name,
      giveUpMs: day,
      wants: () => true,
      deliver: async (notice) => {
        const outcome = await this.#answer(name, notice);
        if (outcome.state === "delivered") {
          this.arrived.push(`${name} ${notice.data.release} ${notice.data.phase}`);
          this.ids.push(notice.id);
        }
        return outcome;
      },
    };
  }

  /** Lets time pass until nothing moves any more. */
  async pass(ms: number): Promise<void> {
    const end = this.clock.now() + ms;
    await settle();
    for (let due = this.clock.nextDue; due !== undefined && due <= end; due = this.clock.nextDue) {
      this.clock.step(due - this.clock.now());
      await settle();
    }
    this.clock.step(end - this.clock.now());
    await settle();
  }
}

/** Everything that is ready to run has run: nothing here waits for a socket. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe("the outbox", () => {
  it("delivers every event once, in order, and notes how far it has come", async () => {
    const rig = new Rig();
    const outbox = rig.start();
    for (const phase of ["accepted", "planned", "applying", "progressing", "succeeded"] as const) {
      rig.enter("r1", phase);
      outbox.touch("r1");
      await rig.pass(1_000);
    }
    expect(rig.arrived).toEqual(["paging r1 applying", "paging r1 succeeded"]);
    expect(rig.note("r1")?.through).toMatch(/\/succeeded$/);
    outbox.touch("r1");
    await rig.pass(day);
    expect(rig.arrived).toHaveLength(2);
    expect(rig.writes).toBe(2);
    await outbox.stop();
  });

  it("catches up with what happened while docc was down", async () => {
    const rig = new Rig();
    const first = rig.start();
    rig.enter("r1", "applying");
    first.touch("r1");
    await rig.pass(0);
    await first.stop();
    rig.enter("r1", "failed");
    const second = rig.start();
    second.touch("r1");
    await rig.pass(0);
    expect(rig.arrived).toEqual(["paging r1 applying", "paging r1 failed"]);
    await second.stop();
  });

  it("repeats an event under the same id after a crash between delivery and note", async () => {
    const rig = new Rig();
    rig.refusedNotes = Infinity;
    const first = rig.start();
    rig.enter("r1", "failed");
    first.touch("r1");
    await rig.pass(minute);
    expect(rig.arrived, "the note is tried again, never the event").toHaveLength(1);
    await first.stop();
    rig.refusedNotes = 0;
    const second = rig.start();
    second.touch("r1");
    await rig.pass(minute);
    expect(rig.ids).toEqual([rig.ids[0], rig.ids[0]]);
    expect(rig.note("r1")?.through).toMatch(/\/failed$/);
    await second.stop();
  });

  it("tries again later and later, and in order", async () => {
    const rig = new Rig();
    const tries: number[] = [];
    const start = rig.clock.now();
    rig.answers(() => {
      tries.push((rig.clock.now() - start) / 1_000);
      return tries.length < 6 ? broken : delivered;
    });
    const outbox = rig.start();
    rig.enter("r1", "applying");
    rig.enter("r1", "failed");
    outbox.touch("r1");
    await rig.pass(minute);
    expect(tries).toEqual([0, 1, 3, 7, 15, 31, 31]);
    expect(rig.arrived).toEqual(["paging r1 applying", "paging r1 failed"]);
    await outbox.stop();
  });

  it("is not hurried by what else happens to the release", async () => {
    const rig = new Rig();
    let tries = 0;
    rig.answers(() => {
      tries += 1;
      return broken;
    });
    const outbox = rig.start();
    rig.enter("r1", "applying");
    for (let touch = 0; touch < 100; touch += 1) {
      outbox.touch("r1");
      await rig.pass(5);
    }
    expect(tries).toBe(1);
    await outbox.stop();
  });

  it("gives an event up after a day, notes it, and goes on with the next", async () => {
    const rig = new Rig();
    rig.answers((_webhook, { data }) => (data.phase === "applying" ? broken : delivered));
    const outbox = rig.start();
    rig.enter("r1", "applying");
    outbox.touch("r1");
    await rig.pass(day / 2);
    rig.enter("r1", "succeeded");
    outbox.touch("r1");
    await rig.pass(day / 2 - minute);
    expect(rig.arrived, "order before speed").toEqual([]);
    await rig.pass(20 * minute);
    expect(rig.arrived).toEqual(["paging r1 succeeded"]);
    expect(rig.note("r1")).toMatchObject({ gaveUp: 1 });
    await outbox.stop();
  });

  it("does not tell a webhook that is new of what is older than its patience", async () => {
    const rig = new Rig();
    rig.enter("old", "failed");
    await rig.pass(day + 1);
    rig.enter("fresh", "failed");
    const outbox = rig.start();
    for (const name of ["old", "fresh"]) outbox.touch(name);
    await rig.pass(day);
    expect(rig.arrived).toEqual(["paging fresh failed"]);
    expect(rig.writes).toBe(1);
    await outbox.stop();
  });

  it("lets no dead webhook delay another one", async () => {
    const rig = new Rig();
    const never = new Promise<Delivery>(() => undefined);
    rig.answers((webhook) => (webhook === "dead" ? never : delivered));
    const outbox = rig.start(["dead", "paging"]);
    for (let at = 0; at < 20; at += 1) {
      rig.enter(`r${at}`, "failed");
      outbox.touch(`r${at}`);
    }
    await rig.pass(1_000);
    expect(rig.arrived).toHaveLength(20);
    expect(new Set(rig.arrived).size).toBe(20);
  });

  it("pauses a whole webhook for as long as it asks, an hour at most", async () => {
    const rig = new Rig();
    const tries: string[] = [];
    let retryAfterMs = 10 * minute;
    rig.answers((_webhook, { data }) => {
      tries.push(data.release);
      return { state: "failed", why: "HTTP 429", retryAfterMs };
    });
    const outbox = rig.start();
    rig.enter("r1", "failed");
    outbox.touch("r1");
    await rig.pass(minute);
    rig.enter("r2", "failed");
    outbox.touch("r2");
    await rig.pass(8 * minute);
    expect(tries).toEqual(["r1"]);
    retryAfterMs = 365 * day;
    await rig.pass(2 * minute);
    const before = tries.length;
    expect(before).toBeGreaterThan(1);
    await rig.pass(58 * minute);
    rig.answers(() => delivered);
    await rig.pass(15 * minute);
    expect(rig.arrived.toSorted()).toEqual(["paging r1 failed", "paging r2 failed"]);
    await outbox.stop();
  });

  it("leaves a webhook that is gone alone until the next start", async () => {
    const rig = new Rig();
    let tries = 0;
    rig.answers(() => {
      tries += 1;
      return { state: "gone" };
    });
    const first = rig.start();
    rig.enter("r1", "failed");
    first.touch("r1");
    await rig.pass(day / 2);
    rig.enter("r2", "failed");
    first.touch("r2");
    await rig.pass(minute);
    expect(tries).toBe(1);
    await first.stop();
    rig.answers(() => delivered);
    const second = rig.start();
    for (const name of ["r1", "r2"]) second.touch(name);
    await rig.pass(minute);
    expect(rig.arrived.toSorted()).toEqual(["paging r1 failed", "paging r2 failed"]);
    await second.stop();
  });

  it("forgets a release whose record was deleted", async () => {
    const rig = new Rig();
    rig.answers(() => broken);
    const outbox = rig.start();
    rig.enter("r1", "failed");
    outbox.touch("r1");
    await rig.pass(minute);
    rig.releases.delete("r1");
    await rig.pass(day);
    expect(rig.clock.pending).toBe(0);
    await outbox.stop();
  });

  it("has room for ten thousand waiting releases, and finds the others later", async () => {
    const rig = new Rig();
    let isUp = false;
    rig.answers(() => (isUp ? delivered : broken));
    const outbox = rig.start();
    const count = 10_050;
    for (let at = 0; at < count; at += 1) {
      rig.enter(`r${at}`, "failed");
      outbox.touch(`r${at}`);
    }
    expect(rig.clock.pending).toBeLessThanOrEqual(10_000);
    isUp = true;
    await rig.pass(0);
    while (rig.arrived.length < count) await settle();
    expect(new Set(rig.arrived).size).toBe(count);
    await outbox.stop();
  });

  it("keeps the order of every release, loses nothing and says nothing twice but after crashes", async () => {
    const outcomes = fc.infiniteStream(fc.constantFrom("ok", "ok", "fail", "busy"));
    const acts = fc.array(
      fc.record({
        release: fc.constantFrom("r1", "r2", "r3"),
        restart: fc.integer({ min: 0, max: 9 }).map((roll) => roll === 0),
        refused: fc.integer({ min: 0, max: 2 }),
        ms: fc.integer({ min: 0, max: 20_000 }),
      }),
      { minLength: 1, maxLength: 25 },
    );
    const path = ["awaiting-approval", "approved", "applying", "progressing", "succeeded"] as const;
    await fc.assert(
      fc.asyncProperty(acts, outcomes, async (steps, stream) => {
        const rig = new Rig();
        rig.answers(() => answerOf(stream.next().value));
        let outbox = rig.start(["paging", "chat"]);
        const reached = new Map<string, number>();
        let restarts = 0;
        for (const { release: name, restart, refused, ms } of steps) {
          rig.refusedNotes = refused;
          const at = reached.get(name) ?? 0;
          const phase = path[at];
          if (phase !== undefined) rig.enter(name, phase);
          reached.set(name, at + 1);
          outbox.touch(name);
          await rig.pass(ms);
          if (!restart) continue;
          restarts += 1;
          await outbox.stop();
          outbox = rig.start(["paging", "chat"]);
          for (const known of rig.releases.keys()) outbox.touch(known);
        }
        rig.answers(() => delivered);
        await rig.pass(15 * minute);
        await outbox.stop();
        for (const webhook of ["paging", "chat"]) {
          for (const [name, count] of reached) {
            const wanted = path.slice(0, count).filter((phase) => phase !== "progressing");
            const seen = rig.arrived.filter((each) => each.startsWith(`${webhook} ${name} `));
            const once = seen.filter((each, at) => each !== seen[at - 1]);
            expect(once).toEqual(wanted.map((phase) => `${webhook} ${name} ${phase}`));
            expect(seen.length - once.length).toBeLessThanOrEqual(restarts);
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});

function answerOf(roll: string | undefined): Delivery {
  if (roll === "ok") return delivered;
  return roll === "busy" ? { state: "failed", why: "HTTP 503", retryAfterMs: 5_000 } : broken;
}

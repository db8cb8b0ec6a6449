import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  backoffMs,
  budget,
  decide,
  emptyLedger,
  type Job,
  type Ledger,
  pause,
  record,
} from "../../src/slack/budget.ts";

const now = 1_000_000;
const edit = (id: number, more: Partial<Job> = {}): Job => ({
  id,
  kind: "edit",
  channel: "C1",
  asks: false,
  final: false,
  aside: false,
  opens: false,
  notBefore: 0,
  ...more,
});
const post = (id: number, more: Partial<Job> = {}): Job => edit(id, { kind: "post", ...more });
const editsAt = (count: number, at: number): Ledger => ({
  ...emptyLedger,
  edits: Array.from({ length: count }, () => at),
});

describe("the budget", () => {
  it("has nothing to do without jobs", () => {
    expect(decide([], emptyLedger, now)).toEqual({ type: "idle" });
  });

  it("sends what asks somebody before a backlog of verdicts", () => {
    const verdicts = [1, 2, 3].map((id) => edit(id, { final: true }));
    const asking = edit(4, { asks: true, notBefore: now - 1 });
    expect(decide([...verdicts, asking], emptyLedger, now)).toEqual({ type: "send", job: asking });
  });

  it("sends final states first, then what has waited longest", () => {
    const [late, early, verdict] = [
      edit(1, { notBefore: now - 5 }),
      edit(2, { notBefore: now - 9 }),
      edit(3, { final: true }),
    ];
    expect(decide([late, early, verdict], emptyLedger, now)).toEqual({
      type: "send",
      job: verdict,
    });
    expect(decide([late, early], emptyLedger, now)).toEqual({ type: "send", job: early });
  });

  it("begins a thread before it goes on with others", () => {
    const replies = [1, 2, 3].map((id) => post(id, { notBefore: now - 5 }));
    const root = post(4, { opens: true, notBefore: now - 1 });
    expect(decide([...replies, root], emptyLedger, now)).toEqual({ type: "send", job: root });
  });

  it("waits exactly until the first job may go", () => {
    const jobs = [edit(1, { notBefore: now + 700 }), edit(2, { notBefore: now + 300 })];
    expect(decide(jobs, emptyLedger, now)).toEqual({ type: "wait", until: now + 300 });
  });

  it("keeps part of the minute for final states", () => {
    const ledger = editsAt(budget.editsPerMinute - budget.leftByProgress, now - 10_000);
    expect(decide([edit(1)], ledger, now)).toEqual({ type: "wait", until: now + 50_000 });
    expect(decide([edit(1, { final: true })], ledger, now)).toMatchObject({ type: "send" });
  });

  it("keeps part of the minute for what asks somebody", () => {
    const ledger = editsAt(budget.editsPerMinute - budget.leftByFinal, now - 10_000);
    const verdict = edit(1, { final: true });
    expect(decide([verdict], ledger, now)).toEqual({ type: "wait", until: now + 50_000 });
    expect(decide([verdict, edit(2, { asks: true })], ledger, now)).toMatchObject({
      type: "send",
      job: { id: 2 },
    });
  });

  it.each([{ final: true }, { asks: true }])(
    "never spends more than the minute has: %j",
    (kind) => {
      const ledger = editsAt(budget.editsPerMinute, now - 10_000);
      expect(decide([edit(1, kind)], ledger, now)).toEqual({
        type: "wait",
        until: now + 50_000,
      });
    },
  );

  it("sends what is aside after all else, its last words first", () => {
    const jobs = [
      edit(1, { aside: true }),
      edit(2, { aside: true, final: true }),
      edit(3, { notBefore: now }),
    ];
    const order: number[] = [];
    for (let left = jobs; left.length > 0; left = left.filter(({ id }) => id !== order.at(-1))) {
      const decision = decide(left, emptyLedger, now);
      order.push(decision.type === "send" ? decision.job.id : Number.NaN);
    }
    expect(order).toEqual([3, 2, 1]);
  });

  it("sends nothing aside while half of the minute is spent, and last words while progress may go", () => {
    const aside = edit(1, { aside: true });
    const word = edit(2, { aside: true, final: true });
    const half = editsAt(budget.editsPerMinute - budget.leftByAside, now - 10_000);
    expect(decide([aside], half, now)).toEqual({ type: "wait", until: now + 50_000 });
    expect(decide([aside, word], half, now)).toMatchObject({ type: "send", job: { id: 2 } });
    const full = editsAt(budget.editsPerMinute - budget.leftByProgress, now - 10_000);
    expect(decide([aside, word], full, now)).toEqual({ type: "wait", until: now + 50_000 });
  });

  it("sends five asides of a minute at most, last words counted, and anything else meanwhile", () => {
    const aside = edit(9, { aside: true });
    let ledger = record(emptyLedger, edit(0), now - 50_000);
    for (let id = 1; id <= budget.asidesPerMinute; id += 1) {
      expect(decide([aside], ledger, now)).toMatchObject({ type: "send" });
      ledger = record(ledger, edit(id, { aside: true, final: id === 3 }), now - 30_000);
    }
    expect(decide([aside], ledger, now)).toEqual({ type: "wait", until: now + 30_000 });
    expect(decide([aside, edit(10)], ledger, now)).toMatchObject({ type: "send", job: { id: 10 } });
    const later = record(ledger, edit(11), now + 30_000);
    expect(later.asides).toEqual([]);
    expect(decide([aside], later, now + 30_000)).toMatchObject({ type: "send" });
  });

  it("posts once per second and channel", () => {
    const ledger = record(emptyLedger, post(1), now - 400);
    expect(decide([post(2)], ledger, now)).toEqual({ type: "wait", until: now + 600 });
    expect(decide([post(3, { channel: "C2" })], ledger, now)).toMatchObject({ type: "send" });
  });

  it("stops all edits after a 429 for one, and posts only in the channel that got it", () => {
    const edits = pause(emptyLedger, edit(1), now + 5_000, now);
    expect(decide([edit(2, { final: true })], edits, now)).toEqual({
      type: "wait",
      until: now + 5_000,
    });
    expect(decide([post(3)], edits, now)).toMatchObject({ type: "send" });
    const posts = pause(emptyLedger, post(1), now + 5_000, now);
    expect(decide([post(2)], posts, now)).toEqual({ type: "wait", until: now + 5_000 });
    expect(decide([post(2, { channel: "C2" })], posts, now)).toMatchObject({ type: "send" });
  });

  it("forgets what is too old to matter", () => {
    const old = record(record(emptyLedger, edit(1), now - 61_000), post(2), now - 61_000);
    const ledger = record(record(old, edit(3), now), post(4, { channel: "C2" }), now);
    expect(ledger.edits).toEqual([now]);
    expect([...ledger.posts.keys()]).toEqual(["C2"]);
  });

  it("backs off further with each failure, up to half a minute, never at once", () => {
    expect([0, 1, 2, 3].map((failures) => backoffMs(failures, 0))).toEqual([
      500, 1_000, 2_000, 4_000,
    ]);
    expect(backoffMs(50, 0.999)).toBeLessThanOrEqual(30_000);
  });

  const seed = Number(process.env["FC_SEED"] ?? Date.now() % 2 ** 31);
  it(`never sends more edits in any minute than planned, whatever comes (seed ${seed})`, () => {
    const arrivals = fc.array(
      fc.record({
        after: fc.nat(3_000),
        final: fc.boolean(),
        asks: fc.boolean(),
        aside: fc.boolean(),
      }),
      {
        maxLength: 200,
      },
    );
    fc.assert(
      fc.property(arrivals, (given) => {
        const sent = play(given);
        expect(sent).toHaveLength(given.length);
        for (const at of sent) {
          const window = sent.filter((other) => other > at - 60_000 && other <= at);
          expect(window.length).toBeLessThanOrEqual(budget.editsPerMinute);
        }
      }),
      { seed, numRuns: 50 },
    );
  });
});

/** Sends every job as soon as the budget lets it; gives the times. */
function play(
  arrivals: readonly (Pick<Job, "final" | "asks" | "aside"> & { readonly after: number })[],
): readonly number[] {
  let clock = 0;
  const due = arrivals.map(({ after, ...kind }, id) =>
    edit(id, { notBefore: (clock += after), ...kind }),
  );
  const sent: number[] = [];
  let ledger = emptyLedger;
  let waiting: readonly Job[] = due;
  let time = 0;
  for (
    let decision = decide(waiting, ledger, time);
    decision.type !== "idle";
    decision = decide(waiting, ledger, time)
  ) {
    if (decision.type === "wait") {
      time = decision.until;
      continue;
    }
    const { job } = decision;
    sent.push(time);
    ledger = record(ledger, job, time);
    waiting = waiting.filter(({ id }) => id !== job.id);
  }
  return sent;
}

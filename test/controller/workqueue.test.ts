import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SteppedClock } from "../../sandbox/clock.ts";
import { type Again, createWorkqueue } from "../../src/controller/workqueue.ts";

interface Options {
  workers?: number;
  random?: () => number;
  work?: (key: string) => Promise<Again>;
}

/** A queue on a clock that is stepped by hand, whose work each test ends itself. */
function start({ workers = 2, random = () => 1, work }: Options = {}) {
  const clock = new SteppedClock();
  const begun: string[] = [];
  const open: { key: string; end: (again?: Again) => void; fail: (error: Error) => void }[] = [];
  const errors: [string, unknown][] = [];
  const byHand = (key: string): Promise<Again> =>
    new Promise((resolve, reject) => {
      open.push({ key, end: (again = {}) => resolve(again), fail: reject });
    });
  const queue = createWorkqueue({
    clock,
    random,
    workers,
    work: (key) => {
      begun.push(key);
      return (work ?? byHand)(key);
    },
    onError: (key, error) => void errors.push([key, error]),
  });
  /** Steps the clock, then lets what was started come to rest. */
  const step = async (ms = 0): Promise<void> => {
    clock.step(ms);
    await settle();
  };
  const take = (key: string) => {
    const at = open.findIndex((each) => each.key === key);
    const [found] = at === -1 ? [] : open.splice(at, 1);
    if (found === undefined) throw new Error(`${key} is not being worked on`);
    return found;
  };
  const end = async (key: string, again?: Again): Promise<void> => {
    take(key).end(again);
    await settle();
  };
  const fail = async (key: string): Promise<void> => {
    take(key).fail(new Error(`${key} failed`));
    await settle();
  };
  return { clock, queue, begun, open, errors, step, end, fail };
}

/** Promises that are settled run their continuations before the next macrotask. */
async function settle(): Promise<void> {
  await new Promise<void>((resolve) => void setImmediate(resolve));
}

describe("a workqueue", () => {
  it("works on a key soon, and forgets it when nothing more is wanted", async () => {
    const { queue, begun, step, end } = start();
    queue.add("a");
    expect(queue.size).toBe(1);
    await step();
    expect(begun).toEqual(["a"]);
    await end("a");
    await step(1e9);
    expect(begun).toEqual(["a"]);
    expect(queue.size).toBe(0);
  });

  it("merges wishes for a waiting key", async () => {
    const { queue, begun, step, end } = start();
    for (let times = 0; times < 5; times += 1) queue.add("a");
    await step();
    await end("a");
    await step(1e9);
    expect(begun).toEqual(["a"]);
  });

  it("never works on one key twice at a time, and once more when it was wished meanwhile", async () => {
    const { queue, begun, open, step, end } = start({ workers: 8 });
    queue.add("a");
    await step();
    queue.add("a");
    queue.add("a");
    await step(1e6);
    expect(open).toHaveLength(1);
    await end("a");
    await step();
    expect(begun).toEqual(["a", "a"]);
    await end("a");
    await step(1e9);
    expect(begun).toEqual(["a", "a"]);
  });

  it("works on different keys at the same time, as many as it has workers, in order", async () => {
    const { queue, begun, step, end } = start({ workers: 2 });
    for (const key of ["a", "b", "c", "d"]) queue.add(key);
    await step();
    expect(begun).toEqual(["a", "b"]);
    await end("b");
    expect(begun).toEqual(["a", "b", "c"]);
    await end("a");
    expect(begun).toEqual(["a", "b", "c", "d"]);
  });

  it("looks again after the time that the work asks for, to the millisecond", async () => {
    const { queue, begun, step, end } = start();
    queue.add("a");
    await step();
    await end("a", { afterMs: 500 });
    await step(499);
    expect(begun).toHaveLength(1);
    await step(1);
    expect(begun).toHaveLength(2);
  });

  it("waits as long as was wished, and the earlier wish wins", async () => {
    const { queue, begun, step } = start();
    queue.add("a", 1_000);
    queue.add("a", 5_000);
    queue.add("b", 5_000);
    queue.add("b", 1_000);
    await step(999);
    expect(begun).toEqual([]);
    await step(1);
    expect(begun.toSorted()).toEqual(["a", "b"]);
  });

  it("takes the earlier of the work's own wish and another's meanwhile", async () => {
    const { queue, begun, step, end } = start();
    queue.add("a");
    await step();
    queue.add("a", 100);
    await end("a", { afterMs: 10_000 });
    await step(100);
    expect(begun).toHaveLength(2);
    queue.add("a", 10_000);
    await end("a", { afterMs: 50 });
    await step(50);
    expect(begun).toHaveLength(3);
  });

  it("comes back to a failing key later and later, at most 30 s, and says each failure", async () => {
    const { queue, begun, errors, step, fail } = start();
    const waits = [200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000, 30_000];
    queue.add("a");
    await step();
    for (const [at, wait] of waits.entries()) {
      await fail("a");
      expect(errors).toHaveLength(at + 1);
      await step(wait - 1);
      expect(begun, `before wait ${at}`).toHaveLength(at + 1);
      await step(1);
      expect(begun, `after wait ${at}`).toHaveLength(at + 2);
    }
    expect(errors[0]).toEqual(["a", new Error("a failed")]);
  });

  it("spreads failing keys by up to half of their wait", async () => {
    const { queue, begun, step, fail } = start({ random: () => 0 });
    queue.add("a");
    await step();
    await fail("a");
    await step(99);
    expect(begun).toHaveLength(1);
    await step(1);
    expect(begun).toHaveLength(2);
  });

  it("begins anew with short waits after a success", async () => {
    const { queue, begun, step, end, fail } = start();
    queue.add("a");
    await step();
    await fail("a");
    await step(200);
    await fail("a");
    await step(400);
    await end("a", { afterMs: 0 });
    await step();
    await fail("a");
    await step(200);
    expect(begun).toHaveLength(5);
  });

  it("lets a failing key stop no other, whether it rejects or throws", async () => {
    const { queue, begun, errors, step } = start({
      workers: 1,
      work: (key) => {
        if (key === "throws") throw new Error("at once");
        return key === "rejects" ? Promise.reject(new Error("later")) : Promise.resolve({});
      },
    });
    for (const key of ["throws", "rejects", "good"]) queue.add(key);
    await step();
    await step(10_000);
    expect(begun).toContain("good");
    expect(new Set(errors.map(([key]) => key))).toEqual(new Set(["throws", "rejects"]));
  });

  it("works on a failing key at once when something changed", async () => {
    const { queue, begun, step, fail } = start();
    queue.add("a");
    await step();
    await fail("a");
    queue.add("a");
    await step();
    expect(begun).toHaveLength(2);
  });

  describe("that is drained", () => {
    it("finishes the work in hand, starts no other, and then resolves", async () => {
      const { queue, begun, step, end } = start({ workers: 1 });
      queue.add("a");
      queue.add("b");
      queue.add("c", 100);
      await step();
      let drained = false;
      const draining = queue.drain().then(() => {
        drained = true;
      });
      await step(1_000);
      expect(drained).toBe(false);
      await end("a", { afterMs: 1 });
      await draining;
      queue.add("d");
      await step(1e6);
      expect(begun).toEqual(["a"]);
    });

    it("resolves when the last of several ends, also when it fails", async () => {
      const { queue, step, end, fail } = start();
      queue.add("a");
      queue.add("b");
      await step();
      let drained = false;
      void queue.drain().then(() => {
        drained = true;
      });
      await end("a");
      expect(drained).toBe(false);
      await fail("b");
      expect(drained).toBe(true);
    });

    it("resolves at once when nothing is in hand, and leaves no timer behind", async () => {
      const { clock, queue } = start();
      queue.add("a", 1_000);
      await queue.drain();
      await queue.drain();
      expect(clock.pending).toBe(0);
    });
  });

  it("keeps its promises whatever happens in whatever order", async () => {
    const key = fc.constantFrom("a", "b", "c");
    const act = fc.oneof(
      fc.record({ type: fc.constant("add" as const), key, ms: fc.constantFrom(0, 0, 50, 700) }),
      fc.record({ type: fc.constant("step" as const), ms: fc.constantFrom(0, 50, 500, 40_000) }),
      fc.record({ type: fc.constantFrom("end" as const, "again" as const, "fail" as const) }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(act, { maxLength: 40 }),
        fc.integer({ min: 1, max: 3 }),
        async (acts, workers) => {
          const { clock, queue, begun, open, step, end, fail } = start({ workers });
          const owed = new Set<string>();
          let seen = 0;
          const pay = (): void => {
            for (const done of begun.slice(seen)) owed.delete(done);
            seen = begun.length;
          };
          for (const each of acts) {
            const [first] = open;
            if (each.type === "add") {
              queue.add(each.key, each.ms);
              owed.add(each.key);
            } else if (each.type === "step") {
              await step(each.ms);
            } else if (first !== undefined && each.type === "fail") {
              owed.add(first.key);
              await fail(first.key);
            } else if (first !== undefined) {
              await end(first.key, each.type === "again" ? { afterMs: 5 } : {});
            }
            pay();
            const working = open.map((work) => work.key);
            expect(working.length).toBeLessThanOrEqual(workers);
            expect(new Set(working).size).toBe(working.length);
          }
          while (open.length > 0 || clock.pending > 0) {
            const [first] = open;
            if (first === undefined) await step(40_000);
            else await end(first.key);
            pay();
          }
          expect([...owed]).toEqual([]);
          expect(queue.size).toBe(0);
        },
      ),
      { numRuns: 150 },
    );
  });
});

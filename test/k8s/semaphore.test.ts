import { describe, expect, it } from "vitest";
import { createSemaphore } from "../../src/k8s/semaphore.ts";
import { watchOutcome } from "./target.ts";

const never = new AbortController().signal;
const settle = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("createSemaphore", () => {
  it("lets only so many in, the others in their order", async () => {
    const semaphore = createSemaphore(2);
    const [one] = await Promise.all([semaphore.acquire(never), semaphore.acquire(never)]);
    const third = watchOutcome(semaphore.acquire(never));
    const fourth = watchOutcome(semaphore.acquire(never));
    await settle();
    expect([third.settled, fourth.settled]).toEqual([false, false]);
    one?.();
    await settle();
    expect([third.settled, fourth.settled]).toEqual([true, false]);
  });

  it("does not multiply places when one is given back twice", async () => {
    const semaphore = createSemaphore(1);
    const leave = await semaphore.acquire(never);
    leave();
    leave();
    await semaphore.acquire(never);
    const next = watchOutcome(semaphore.acquire(never));
    await settle();
    expect(next.settled).toBe(false);
  });

  it("forgets who gave up waiting", async () => {
    const semaphore = createSemaphore(1);
    const leave = await semaphore.acquire(never);
    const abort = new AbortController();
    const gaveUp = watchOutcome(semaphore.acquire(abort.signal));
    abort.abort(new Error("enough"));
    const next = watchOutcome(semaphore.acquire(never));
    await settle();
    expect(gaveUp.error).toEqual(new Error("enough"));
    leave();
    await settle();
    expect(next.settled).toBe(true);
  });
});

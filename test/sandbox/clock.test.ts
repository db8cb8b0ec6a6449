import { describe, expect, it } from "vitest";
import { SteppedClock } from "../../sandbox/clock.ts";
import { sleep } from "../../src/clock.ts";

describe("a stepped clock", () => {
  it("stands still until it is stepped", () => {
    const clock = new SteppedClock(1_000);
    expect(clock.now()).toBe(1_000);
    clock.step(250);
    expect(clock.now()).toBe(1_250);
  });

  it("runs timers in the order of their due times, each seeing its own time", () => {
    const clock = new SteppedClock(0);
    const seen: [string, number][] = [];
    clock.after(20, () => seen.push(["late", clock.now()]));
    clock.after(10, () => seen.push(["first", clock.now()]));
    clock.after(10, () => seen.push(["second", clock.now()]));
    clock.step(15);
    expect(seen).toEqual([
      ["first", 10],
      ["second", 10],
    ]);
    expect([clock.pending, clock.nextDue]).toEqual([1, 20]);
  });

  it("runs timers that are set on the way when they come due within the step", () => {
    const clock = new SteppedClock(0);
    const seen: number[] = [];
    const tick = (): void => {
      seen.push(clock.now());
      clock.after(10, tick);
    };
    clock.after(10, tick);
    clock.step(35);
    expect(seen).toEqual([10, 20, 30]);
  });

  it("forgets a cancelled timer", () => {
    const clock = new SteppedClock(0);
    const cancel = clock.after(10, () => expect.unreachable());
    cancel();
    clock.step(100);
    expect(clock.pending).toBe(0);
  });

  it("wakes a sleeper", async () => {
    const clock = new SteppedClock(0);
    const slept = sleep(clock, 60_000);
    clock.step(60_000);
    await slept;
  });
});

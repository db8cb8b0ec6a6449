import { setTimeout as pause } from "node:timers/promises";

/** Resolves once `condition` holds; fails with `what` when it does not in `deadlineMs` of real time. */
export async function until(
  what: string,
  condition: () => boolean,
  deadlineMs = 20_000,
): Promise<void> {
  const giveUpAt = performance.now() + deadlineMs;
  while (!condition()) {
    if (performance.now() > giveUpAt) {
      throw new Error(`waited ${deadlineMs} ms in vain: ${what}`);
    }
    await pause(1);
  }
}

/** Asks again and again until there is a value; fails with `what` after `deadlineMs` of real time. */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | undefined>,
  deadlineMs = 20_000,
): Promise<T> {
  const giveUpAt = performance.now() + deadlineMs;
  for (;;) {
    const value = await ask();
    if (value !== undefined) {
      return value;
    }
    if (performance.now() > giveUpAt) {
      throw new Error(`waited ${deadlineMs} ms in vain: ${what}`);
    }
    await pause(20);
  }
}

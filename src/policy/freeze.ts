import { Cron } from "croner";
import type { Freeze } from "./rules.ts";

/** A freeze that is on. */
export interface Frozen {
  /** Milliseconds since the epoch. */
  readonly until: number;
  readonly reason: string;
}

/** The freeze that lasts longest of those that are on; undefined when changes are welcome. */
export function frozen(freezes: readonly Freeze[], now: number): Frozen | undefined {
  const on = freezes.flatMap((freeze) => {
    const until = endOf(freeze, now);
    return until === undefined ? [] : [{ until, reason: freeze.reason }];
  });
  return on.toSorted((a, b) => b.until - a.until)[0];
}

/** A freeze that begins again while it is on goes on from there, at most so many times. */
const mostBegins = 50;

function endOf({ from, lasts, zone }: Freeze, now: number): number | undefined {
  const schedule = new Cron(from, { timezone: zone, paused: true });
  let last: number | undefined;
  // croner looks for what comes after its argument, and takes milliseconds for one look in a zone.
  let begin = schedule.nextRun(new Date(now - lasts));
  for (let count = 0; begin !== null && begin.getTime() <= now && count < mostBegins; count += 1) {
    last = begin.getTime();
    begin = schedule.nextRun(begin);
  }
  return last === undefined ? undefined : last + lasts;
}

/** Why croner cannot read a schedule, or undefined when it can. */
export function isSchedule(from: string, zone: string): boolean {
  try {
    return new Cron(from, { timezone: zone, paused: true }).nextRun(new Date(0)) !== null;
  } catch {
    return false;
  }
}

import { distance, LONGEST_WORD } from "./nearest.ts";

/**
 * How well a name begins, goes on or holds what was typed so far; 0 is the name itself. Undefined where it does not
 * hold it: see {@link slipsTo}. Upper and lower case count as equal.
 */
export function rankOf(typed: string, name: string): number | undefined {
  const wanted = typed.toLowerCase();
  const given = name.toLowerCase();
  if (given === wanted) return 0;
  if (given.startsWith(wanted)) return 1;
  if (given.includes(`-${wanted}`)) return 2;
  return given.includes(wanted) ? 3 : undefined;
}

/**
 * How many slips lie between what was typed and a name, or the beginning of it that is as long; undefined for more
 * than about one in three letters, as `nearest` has it.
 */
export function slipsTo(typed: string, name: string): number | undefined {
  if (typed.length === 0 || typed.length > LONGEST_WORD) return undefined;
  const wanted = typed.toLowerCase();
  const given = name.toLowerCase();
  const enough = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  const slips = Math.min(
    distance(wanted, given, enough),
    distance(wanted, given.slice(0, wanted.length), enough),
  );
  return slips < enough ? slips : undefined;
}

import { cap } from "../../text/cap.ts";

const MOST_NAMES = 10;
const LONGEST_NAME = 63;

/** The first of some names, for a sentence: what people write can be long, and much. */
export function few(names: readonly (string | number)[], between = ", "): string {
  const shown = names.slice(0, MOST_NAMES).map((name) => cap(String(name), LONGEST_NAME));
  const surplus = names.length - shown.length;
  return `${shown.join(between)}${surplus > 0 ? ` and ${surplus} more` : ""}`;
}

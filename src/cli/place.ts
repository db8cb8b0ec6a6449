import { DoccError } from "../errors.ts";
import { quoted } from "../text/clean.ts";
import { compare } from "../text/compare.ts";
import { nearest } from "../text/nearest.ts";
import type { RecordList } from "./record-ports.ts";
import { usageError } from "./words.ts";

/**
 * The environment of an app where none is said: the only one that has it. A terminal does not know the operator's
 * default, and guesses none. Pure.
 * @throws DoccError `bad-input` where there are several, `not-found` where there is none
 */
export function onlyPlaceOf(app: string, { applications }: RecordList): string {
  const places = applications
    .filter(({ spec }) => spec.app === app)
    .map(({ spec }) => spec.environment)
    .toSorted(compare);
  const [first, ...others] = places;
  if (first === undefined) {
    const close = nearest(app, new Set(applications.map(({ spec }) => spec.app)));
    throw new DoccError("not-found", `docc has no ${quoted(app)} anywhere.`, {
      hint: close === undefined ? "docc list shows what it has." : `Did you mean ${close}?`,
    });
  }
  if (others.length > 0) {
    throw usageError(`${app} is in ${places.join(" and ")}.`, `Say which: in=${first}.`);
  }
  return first;
}

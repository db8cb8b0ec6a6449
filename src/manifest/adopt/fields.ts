import type { Path } from "../problem.ts";
import { at, isEmpty, isObject, isSame, type Json } from "./json.ts";
import type { Remarks, Subject } from "./remarks.ts";

/** What is to be thought of a field of a live object. */
export interface Field {
  /** The manifest says a value of this type, or who reads it lists that it cannot. */
  readonly said?: "string" | "number" | "boolean" | "object" | "list" | "any";
  /** Values that change nothing: what Kubernetes takes by itself. */
  readonly usual?: readonly Json[];
  /** Looked at one by one; unknown ones are listed. */
  readonly members?: Readonly<Record<string, Field>>;
  /** What the items of a list are. */
  readonly items?: Field;
  /** The sentence of the list, for what is below as well. */
  readonly why?: string;
}

const noWord = "A manifest has no word for this.";

/**
 * Lists what of a live object neither the manifest says, nor Kubernetes takes by itself, nor docc makes
 * as well. What nobody knows is listed, so that nothing is lost in silence.
 *
 * @param ours the same place of docc's own object; null where it has none
 */
export function leaveRest(
  subject: Subject,
  field: Field,
  ours: Json,
  to: Remarks,
  path: Path = [],
): void {
  const value = at(subject.value, ...path);
  const { said, usual = [], why } = field;
  const isNothing = isEmpty(value) || [ours, ...usual].some((each) => isSame(each, value));
  if (isNothing || said === "any" || said === typeOf(value)) {
    return;
  }
  const inner = innerFields(field, value);
  if (inner === undefined) {
    to.leave(subject, path, why ?? noWord);
    return;
  }
  const inherited = why === undefined ? {} : { why };
  for (const [step, member] of inner) {
    const below = typeof step === "number" ? null : at(ours, step);
    leaveRest(subject, { ...inherited, ...member }, below, to, [...path, step]);
  }
}

function typeOf(value: Json): string {
  return Array.isArray(value) ? "list" : typeof value;
}

/** The fields one level below; undefined where there is nothing to look into. */
function innerFields(
  { members, items }: Field,
  value: Json,
): readonly (readonly [string | number, Field])[] | undefined {
  if (Array.isArray(value) && items !== undefined) {
    return value.map((_: Json, index) => [index, items]);
  }
  return isObject(value) && members !== undefined
    ? Object.keys(value).map((key) => [key, known(members, key)])
    : undefined;
}

function known(members: Readonly<Record<string, Field>>, key: string): Field {
  return (Object.hasOwn(members, key) ? members[key] : undefined) ?? {};
}

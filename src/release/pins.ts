import { canonicalJson, isRecord } from "../manifest/canonical.ts";
import { cap } from "../text/cap.ts";
import { isAutoscaled } from "./comparable.ts";
import { owned, ownedFields } from "./managed-fields.ts";
import type { LiveObject, Target } from "./plan.ts";

/**
 * What a plan pins of one object: uid or absence, the conflicts, and hashes before and after over the fields
 * that docc sets or owns. Of an object that was not previewed `after` is what docc asks for.
 * @param hash hex SHA-256 of a text
 */
export function pin(target: Target, hash: (text: string) => string): object {
  const { desired, live, preview } = target;
  const fields = live === undefined ? {} : ownedFields(live);
  const autoscaled = isAutoscaled(desired);
  const hashed = (object: unknown): string =>
    hash(
      canonicalJson({
        set: alike(desired, object),
        owned: Object.keys(fields).length === 0 ? {} : owned(fields, object, { autoscaled }),
      }),
    );
  return {
    uid: live?.metadata.uid ?? "",
    conflicts: target.conflicts.map(canonicalJson).toSorted(),
    before: live === undefined ? "" : hashed(live),
    after: hashed(preview ?? desired),
    previewed: preview !== undefined,
  };
}

/** The {@link pin} of one object in a few bytes, as the plan keeps it: `sha256:` and 64 hex digits. */
export function pinOf(target: Target, hash: (text: string) => string): string {
  return `sha256:${hash(canonicalJson(pin(target, hash)))}`;
}

/** A field that an apply takes over, as the plan lists it. */
export function sayTakeover({ manager, field }: Target["conflicts"][number]): string {
  return cap(`${field} from ${manager}`, 500);
}

/** Whether a release of that name has put its stamps on an object: they come with all else, in one write. */
export function isAppliedBy({ metadata }: LiveObject, release: string): boolean {
  return metadata.annotations?.["docc.dev/release"] === release;
}

/** The part of `actual` that `shape` names: fields by key, list elements by their `name`. */
export function alike(shape: unknown, actual: unknown): unknown {
  if (Array.isArray(shape) && Array.isArray(actual)) return alikeList(shape, actual);
  if (!isRecord(shape) || !isRecord(actual)) return actual ?? null;
  return Object.fromEntries(Object.keys(shape).map((key) => [key, alike(shape[key], actual[key])]));
}

function alikeList(shape: readonly unknown[], actual: readonly unknown[]): unknown {
  if (!shape.every((each) => isRecord(each) && typeof each["name"] === "string")) return actual;
  const named = (name: unknown): unknown =>
    actual.find((each) => isRecord(each) && each["name"] === name);
  return shape.map((each) => (isRecord(each) ? alike(each, named(each["name"])) : each));
}

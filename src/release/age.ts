import type { Release } from "./release.ts";

/**
 * Sorts by the time of asking, as text: docc's own acceptance tells by the millisecond, the creation only by
 * the second; a name parts what is left.
 */
export function ageOf({ metadata, status }: Release): string {
  return `${status?.transitions[0]?.at ?? metadata.creationTimestamp} ${metadata.name}`;
}

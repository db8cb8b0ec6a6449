import { z } from "zod";
import type { FindingCode } from "../finding.ts";

/** What it means when a value of the right type is refused. */
export interface Note {
  readonly code: FindingCode;
  /** Completes the sentence: VALUE ... */
  readonly says: string;
  readonly hint: string | ((value: string) => string);
  /** The same for a list with too few entries, where that means something else. */
  readonly tooFew?: Note;
  /** The value may be a credential: no message shows it, and the hint must not. */
  readonly isPrivate?: boolean;
}

/** Notes by schema. */
export const notes = z.registry<Note>();

/** What a field becomes in the cluster, for docs/manifest.md. */
export interface Becoming {
  /** One or two sentences. */
  readonly becomes: string;
}

/** {@link Becoming} by schema. */
export const becomings = z.registry<Becoming>();

/** A list with room for `least` to `most` entries, and the note that says so. */
export function listOf<Item extends z.ZodType>(
  item: Item,
  most: number,
  least: 0 | 1 = 0,
): z.ZodArray<Item> {
  return z
    .array(item)
    .min(least)
    .max(most)
    .register(notes, {
      code: "too-many",
      says: `has more than ${most} entries`,
      hint: `Keep ${most} at most.`,
      tooFew: {
        code: "empty-list",
        says: "has no entry",
        hint: "Give at least one, or leave the key out.",
      },
    });
}

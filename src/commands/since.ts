import { z } from "zod";
import { parseDuration } from "../text/duration.ts";

const [shortest, longest] = [60_000, 7 * 24 * 60 * 60_000];

/** Milliseconds that a `since=` looks back; undefined when it is no such duration. */
export function lookBackOf(text: string): number | undefined {
  const ms = text.length > 12 ? undefined : parseDuration(text);
  return ms !== undefined && ms >= shortest && ms <= longest ? ms : undefined;
}

/** What a refused one is told, after `since=`. */
export const noLookBack = "takes a duration such as 30m or 2h, from 1m to 7d";

/** A `since=` that takes a duration alone. */
export const sinceArgument = z
  .string()
  .refine((text) => lookBackOf(text) !== undefined, noLookBack)
  .optional();

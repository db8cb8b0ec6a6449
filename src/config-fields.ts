import { z } from "zod";
import { parseDuration } from "./text/duration.ts";

/** A name that Kubernetes takes as a DNS label. */
export const label = z
  .string()
  .regex(
    /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
    "a DNS label: lower case letters, digits and -, at most 63",
  );

/** A duration as `docc.yaml` has it, read as milliseconds. */
export const duration = (fallback: string, meaning: string, least = "0s") =>
  text(fallback)
    .transform((given, context) => read(given, least, context))
    .describe(meaning);

/** The same, or `off`, which is undefined. */
export const durationOrOff = (fallback: string, meaning: string, least = "0s") =>
  text(fallback)
    .transform((given, context) => (given === "off" ? undefined : read(given, least, context)))
    .describe(meaning);

const text = (fallback: string) =>
  z.string('a duration in quotes, such as "60s", "10m" or "1h30m"').default(fallback);

function read(given: string, least: string, context: z.RefinementCtx): number {
  const ms = parseDuration(given);
  if (ms !== undefined && ms >= (parseDuration(least) ?? 0)) return ms;
  const message =
    ms === undefined ? 'a duration such as "60s", "10m" or "1h30m"' : `${least} or more`;
  context.addIssue({ code: "custom", message });
  return z.NEVER;
}

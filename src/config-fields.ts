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
  z
    .string('a duration in quotes, such as "60s", "10m" or "1h30m"')
    .default(fallback)
    .transform((text, context) => {
      const ms = parseDuration(text);
      if (ms !== undefined && ms >= (parseDuration(least) ?? 0)) return ms;
      const message =
        ms === undefined ? 'a duration such as "60s", "10m" or "1h30m"' : `${least} or more`;
      context.addIssue({ code: "custom", message });
      return z.NEVER;
    })
    .describe(meaning);

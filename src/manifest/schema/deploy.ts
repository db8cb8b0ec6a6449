import { z } from "zod";
import { parseDuration } from "../../text/duration.ts";
import { becomings, notes } from "./note.ts";

/** @param least and most as durations such as `10s` */
function duration(description: string, least: string, most: string) {
  const [from, to] = [parseDuration(least) ?? 0, parseDuration(most) ?? Infinity];
  return z
    .string()
    .refine((text) => {
      const ms = parseDuration(text);
      return ms !== undefined && ms >= from && ms <= to;
    })
    .describe(description)
    .register(notes, {
      code: "bad-duration",
      says: "is no such duration",
      hint: `Give one like "90s", "10m" or "1h30m", from ${least} to ${most}.`,
    });
}

export const deploy = z
  .strictObject({
    timeout: duration("the time that a rollout may take, like 10m", "10s", "2h")
      .meta({ examples: ["10m"] })
      .register(becomings, {
        becomes: "`progressDeadlineSeconds`, and the time after which a release has failed.",
      })
      .optional(),
    stable: duration("the time that all must stay well before it is a success", "0s", "1h")
      .meta({ examples: ["60s"] })
      .register(becomings, { becomes: "The stability window before the verdict." })
      .optional(),
    auto_rollback: z
      .boolean()
      .describe("true where a failed release goes back by itself, else false")
      .register(becomings, {
        becomes: "What docc does after a failure, in place of the environment's `auto_rollback`.",
      })
      .optional(),
  })
  .describe("an object with timeout, stable and auto_rollback")
  .meta({ examples: [{ timeout: "10m", stable: "60s" }] })
  .register(becomings, {
    becomes: "How its releases are judged, instead of the operator's defaults.",
  });

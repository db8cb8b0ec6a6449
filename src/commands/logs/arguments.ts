import { z } from "zod";
import { instantAt, parseInstant } from "../../text/instant.ts";
import { appArgument, environmentArgument } from "../environment.ts";
import type { LogQuery } from "../ports.ts";
import { lookBackOf, noLookBack } from "../since.ts";

const wholeNumber = "takes a whole number from 1 to 500";

/** The arguments of `logs`. */
export const logArguments = z.object({
  app: appArgument,
  container: z.string().min(1, "is empty").optional().describe("one container of the pods"),
  pod: z.string().min(1, "is empty").optional().describe("one pod, by its name or the end of it"),
  lines: z.coerce
    .number(wholeNumber)
    .int(wholeNumber)
    .min(1, wholeNumber)
    .max(500, wholeNumber)
    .optional()
    .describe("how many lines, 50 unless told"),
  since: z
    .string()
    .refine(
      (text) => lookBackOf(text) !== undefined || parseInstant(text) !== undefined,
      `${noLookBack}, or a time such as 2017-12-06T10:00:00Z`,
    )
    .optional()
    .describe("how far back, such as 10m, or from which time on"),
  until: z
    .string()
    .refine((text) => parseInstant(text) !== undefined, "takes a time such as 2017-12-06T10:00:00Z")
    .optional()
    .describe("until which time, with since="),
  previous: z
    .enum(["true", "false"], "takes true or false")
    .optional()
    .describe("the lines of the container before its last restart"),
  grep: z
    .string()
    .min(1, "is empty")
    .max(200, "has more than 200 characters")
    .optional()
    .describe("only lines that contain this text, in upper or lower case"),
  follow: z
    .enum(["true", "stop"], "takes true or stop")
    .optional()
    .describe("true: goes on in your direct messages for ten minutes at most; stop ends that"),
  share: z
    .string()
    .regex(/^[0-9a-f]{12}$/, "is what the Share button says; press that")
    .optional()
    .describe("what the Share button says: posts what it was shown with"),
  in: environmentArgument,
});

export type LogArguments = z.infer<typeof logArguments>;

/** Lines of each container that are searched, the last ones. */
const searched = 2_000;

/** How many lines are shown. */
export function shownOf({ lines = 50 }: LogArguments): number {
  return lines;
}

/** What the cluster is asked for. @param now milliseconds since the epoch */
export function queryOf(args: LogArguments, now: number): LogQuery {
  const { container, pod, since, until, previous, grep } = args;
  const back = since === undefined ? undefined : lookBackOf(since);
  const from = back === undefined ? parseInstant(since ?? "") : instantAt(now - back);
  const to = parseInstant(until ?? "");
  return {
    ...(container === undefined ? {} : { container }),
    ...(pod === undefined ? {} : { pod }),
    ...(from === undefined ? {} : { since: from }),
    ...(to === undefined ? {} : { until: to }),
    lines: grep === undefined ? shownOf(args) : searched,
    previous: previous === "true",
  };
}

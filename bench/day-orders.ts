import { z } from "zod";

/** What bench/day-docc.ts is told, and answers to each order. */
export const dayOrder = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("start"),
    /** Of its clock, milliseconds since the Unix epoch. */
    now: z.number(),
    /** The text of docc.yaml. */
    config: z.string(),
    kubeconfig: z.string(),
    slack: z.object({ botToken: z.string(), appToken: z.string(), apiUrl: z.string() }),
  }),
  z.object({ type: z.literal("step"), ms: z.number() }),
  z.object({ type: z.literal("measure") }),
  z.object({ type: z.literal("stop") }),
]);

export type DayOrder = z.infer<typeof dayOrder>;

/** Bytes; of `measure` after a garbage collection. */
export const dayAnswer = z.object({
  rss: z.number(),
  heapUsed: z.number(),
  external: z.number(),
  /** How many timers wait on its clock. */
  timers: z.number(),
});

export type DayAnswer = z.infer<typeof dayAnswer>;

import { z } from "zod";
import { becomings, notes } from "./note.ts";

const count = (description: string, least: number) =>
  z
    .int()
    .min(least)
    .describe(description)
    .register(notes, {
      code: "out-of-range",
      says: "is not a number of copies",
      hint: `Give a whole number, ${least} or more.`,
    });

const range = {
  min: count("the fewest copies, a whole number", 1)
    .meta({ examples: [2] })
    .register(becomings, { becomes: "`minReplicas`." }),
  max: count("the most copies, a whole number", 1)
    .meta({ examples: [10] })
    .register(becomings, { becomes: "`maxReplicas`." }),
  cpu: z
    .int()
    .min(1)
    .max(100)
    .describe("the cpu that copies should use, in % of what they ask for; 70 otherwise")
    .meta({ examples: [70] })
    .register(notes, {
      code: "out-of-range",
      says: "is no target in %",
      hint: "Give a whole number from 1 to 100.",
    })
    .register(becomings, {
      becomes: "The target of the autoscaler: average use of the cpu asked for.",
    })
    .optional(),
};

/** Target of the autoscaler in %, where the manifest does not say. */
export const defaultCpuTarget = 70;

const copies = count("how many copies run, a whole number", 0);

export const scale = z
  .union([copies, z.strictObject(range)])
  .describe("how many copies run, a whole number, or {min, max} for an autoscaler")
  .meta({ examples: [3, { min: 2, max: 10, cpu: 70 }] })
  .register(becomings, {
    becomes:
      "`replicas`, and from 2 on a PodDisruptionBudget that lets one go at a time; {min, max} a HorizontalPodAutoscaler, which then owns `replicas`.",
  });

/** What an environment says of it: what it leaves out is as in the rest of the manifest. */
export const partialScale = z
  .union([copies, z.strictObject(range).partial()])
  .describe("how many copies run there, or what differs of {min, max, cpu}")
  .meta({ examples: [1, { max: 20 }] })
  .register(becomings, { becomes: "`replicas` or the autoscaler, there." });

export type Scale = z.output<typeof scale>;

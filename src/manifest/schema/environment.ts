import { z } from "zod";
import { env } from "./env.ts";
import { hosts } from "./ingress.ts";
import { labelName } from "./names.ts";
import { becomings } from "./note.ts";
import { cpu, memory } from "./quantity.ts";
import { partialScale } from "./scale.ts";

const ofContainer = { env: env.optional(), cpu: cpu.optional(), memory: memory.optional() };

/**
 * What differs in one environment. The short forms mean the only container, the only ingress; the long
 * ones name which, as `CONTAINER.tag=` does.
 */
const difference = z
  .strictObject({
    scale: partialScale.optional(),
    ...ofContainer,
    hosts: hosts.optional(),
    containers: z
      .record(labelName("a container"), z.strictObject(ofContainer))
      .describe("an object of what differs by container, where there are several")
      .meta({ examples: [{ web: { memory: "256Mi" } }] })
      .register(becomings, { becomes: "Its env, cpu and memory, there." })
      .optional(),
    ingresses: z
      .record(labelName("an ingress"), z.strictObject({ hosts: hosts.optional() }))
      .describe("an object of the hosts by ingress, where there are several")
      .meta({ examples: [{ shop: { hosts: ["shop.staging.example.com"] } }] })
      .register(becomings, { becomes: "Its hosts, there." })
      .optional(),
  })
  .describe("an object with what differs there: scale, env, hosts, cpu, memory");

export const environments = z
  .record(labelName("an environment"), difference)
  .describe("an object of what differs by environment: scale, env, hosts, cpu, memory")
  .meta({ examples: [{ staging: { scale: 1, env: { LOG_LEVEL: "debug" } } }] })
  .register(becomings, {
    becomes:
      "Merged over the rest field by field, variables by name, when it goes to that environment.",
  });

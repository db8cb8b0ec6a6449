import { z } from "zod";
import { nearest } from "../../text/nearest.ts";
import { becomings, listOf, notes } from "./note.ts";

const MOST_PORTS = 50;
/** Kubernetes, IsValidPortName: an IANA service name. */
const portNamePattern = /^(?!.*--)(?=.*[a-z])[a-z0-9](?:[-a-z0-9]{0,13}[a-z0-9])?$/u;

/** @param description completes the sentence: PORT is ... */
export function port(description: string): z.ZodInt {
  return z.int().min(1).max(65_535).describe(description).register(notes, {
    code: "out-of-range",
    says: "is not a port number",
    hint: "A port is a whole number from 1 to 65535.",
  });
}

const protocols = ["TCP", "UDP"] as const;

const describedPort = z.strictObject({
  port: port("a number from 1 to 65535")
    .meta({ examples: [9090] })
    .register(becomings, { becomes: "`containerPort`, and the same port of the Service." }),
  name: z
    .string()
    .regex(portNamePattern)
    .describe("the name of the port, for the Service and for people")
    .meta({ examples: ["metrics"] })
    .register(notes, {
      code: "bad-name",
      says: "cannot name a port",
      hint: "Use at most 15 lower-case letters, digits and single hyphens, at least one letter among them.",
    })
    .register(becomings, { becomes: "`name`, in the container and in the Service." })
    .optional(),
  protocol: z
    .enum(protocols)
    .describe("TCP or UDP; TCP otherwise")
    .register(notes, {
      code: "bad-value",
      says: "is not a protocol",
      hint: (value) => {
        const meant = nearest(value.toUpperCase(), protocols);
        return meant === undefined ? "The protocols are TCP and UDP." : `Did you mean "${meant}"?`;
      },
    })
    .register(becomings, { becomes: "`protocol`. Ingresses and health checks want TCP." })
    .optional(),
});

export const ports = listOf(
  z
    .union([port("a number from 1 to 65535"), describedPort])
    .describe("a number from 1 to 65535, or an object with port, name and protocol"),
  MOST_PORTS,
)
  .describe("the list of ports the container listens on, like [8080]")
  .meta({ examples: [[8080], [8080, { port: 9090, name: "metrics" }]] })
  .register(becomings, {
    becomes:
      "`containerPorts`, and one Service named after the application with the ports of all containers. No ports, no Service.",
  });

import { z } from "zod";
import { nearest } from "../../text/nearest.ts";
import { hostHint, hostPattern, LONGEST_HOST } from "./host.ts";
import { labelName, objectName } from "./names.ts";
import { becomings, listOf, notes } from "./note.ts";
import { port } from "./port.ts";
import { urlPath } from "./url-path.ts";

const schemes = ["http", "https", "tls"] as const;
/** What a route of Gateway API takes: HTTPRouteSpec, `hostnames`. */
const MOST_HOSTS = 16;

export const hosts = listOf(
  z
    .string()
    .max(LONGEST_HOST)
    .regex(hostPattern)
    .describe("a host name like shop.example.com")
    .register(notes, { code: "bad-host", says: "is no host name", hint: hostHint }),
  MOST_HOSTS,
  1,
)
  .describe('the list of host names it answers to, like ["shop.example.com"]')
  .meta({ examples: [["shop.example.com"]] })
  .register(becomings, {
    becomes:
      "Rules of the Ingress or route. Without it `<name>.<operator's domain>`. In the team's domains, and nobody else's in the cluster.",
  });

const ingress = z
  .strictObject({
    scheme: z
      .enum(schemes)
      .describe("where TLS ends: nowhere (http), at the ingress (https) or in the container (tls)")
      .meta({ examples: ["https"] })
      .register(notes, {
        code: "bad-value",
        says: "is not a scheme",
        hint: (value) => {
          const meant = nearest(value, schemes);
          return meant === undefined
            ? `The schemes are ${schemes.join(", ")}.`
            : `Did you mean "${meant}"?`;
        },
      })
      .register(becomings, {
        becomes:
          "An Ingress with TLS for `https`, and for `tls` one that passes it through, which not every controller can; with Gateway API HTTPRoute and TLSRoute.",
      }),
    container_port: port("the port of a container that gets the traffic")
      .meta({ examples: [8080] })
      .register(becomings, { becomes: "The backend: that port of the Service." }),
    hosts: hosts.optional(),
    path: urlPath
      .describe("the path below which it answers, like /api; / otherwise")
      .meta({ examples: ["/api"] })
      .register(becomings, {
        becomes: "`pathType: Prefix`. Not for `tls`, which cannot see paths.",
      })
      .optional(),
    tls_secret: objectName("a Secret with a certificate")
      .meta({ examples: ["shop-wildcard"] })
      .register(becomings, {
        becomes:
          "The certificate, in place of an issued one. Needed for `https` and `tls` without `auto_tls`.",
      })
      .optional(),
  })
  .describe("an object with scheme and container_port");

/** Entries are counted by rules/counts.ts. */
export const ingresses = z
  .record(labelName("an ingress"), ingress)
  .describe("an object of ingresses by name, each with scheme and container_port")
  .meta({ examples: [{ shop: { scheme: "https", container_port: 8080 } }] })
  .register(becomings, {
    becomes:
      "One Ingress (or HTTPRoute, or TLSRoute) each, named after the application where the key equals it, else `<application>-<key>`.",
  });

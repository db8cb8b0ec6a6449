import { z } from "zod";
import { nearest } from "../../text/nearest.ts";
import type { FindingCode } from "../finding.ts";
import { LONGEST_REPOSITORY, repositoryHint, repositoryPattern, tagPattern } from "./image.ts";
import { maintainerHint, maintainerPattern } from "./maintainer.ts";

/**
 * The manifest: the one place where its fields are declared. A field's description completes the
 * sentence "NAME is ..." and serves hints as well as the JSON Schema; its note says what a refused
 * value means. Both stand on the innermost schema, before `default` and `transform`. Rules across
 * fields, and the operator's, are in rules.ts. The fields: the talk's, and manifest.md.
 */

/** What it means when a value of the right type is refused. */
export interface Note {
  readonly code: FindingCode;
  /** Completes the sentence: VALUE ... */
  readonly says: string;
  readonly hint: string | ((value: string) => string);
  /** The same for a list with too few entries, where that means something else. */
  readonly tooFew?: Note;
}

/** Notes by schema. */
export const notes = z.registry<Note>();

/** DNS-1035 label: Kubernetes, "Object Names and IDs". A Service needs one. */
const dns1035 = /^[a-z](?:[-a-z0-9]*[a-z0-9])?$/u;
/** DNS-1123 label: the same page. */
const dns1123 = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/u;

/** Leaves room for `-<ingress>` in the 63 characters of a DNS label. */
const LONGEST_APPLICATION = 50;
const LONGEST_LABEL = 63;

const badLabel = {
  code: "bad-name",
  hint: "Use lower-case letters, digits and hyphens, at most 63, with a letter or digit at both ends.",
} as const;

const port = z.int().min(1).max(65_535).describe("a number from 1 to 65535").register(notes, {
  code: "out-of-range",
  says: "is not a port number",
  hint: "A port is a whole number from 1 to 65535.",
});

const container = z
  .strictObject({
    image: z
      .string()
      .max(LONGEST_REPOSITORY)
      .regex(repositoryPattern)
      .describe("the repository of the image, without tag, like registry.example.com/team/app")
      .register(notes, { code: "bad-image", says: "is not a repository", hint: repositoryHint }),
    image_tag: z
      .string()
      .regex(tagPattern)
      .describe('the tag of the image, in quotes, like "2017"')
      .register(notes, {
        code: "bad-tag",
        says: "is not an image tag",
        hint: "A tag has letters, digits, _, . and -, at most 128, and does not start with . or -.",
      }),
    ports: z
      .array(port)
      .max(50)
      .describe("the list of ports the container listens on, like [8080]")
      .register(notes, {
        code: "too-many",
        says: "has more than 50 entries",
        hint: "Keep 50 at most.",
      })
      .default([]),
  })
  .describe("an object with image, image_tag and perhaps ports");

const schemes = ["http", "https", "tls"] as const;

const ingress = z
  .strictObject({
    scheme: z
      .enum(schemes)
      .describe("http, https (TLS ends at the ingress) or tls (TLS goes through to the container)")
      .register(notes, {
        code: "bad-value",
        says: "is not a scheme",
        hint: (value) => {
          const meant = nearest(value, schemes);
          return meant === undefined
            ? `The schemes are ${schemes.join(", ")}.`
            : `Did you mean "${meant}"?`;
        },
      }),
    container_port: port.describe("the port of a container that gets the traffic"),
  })
  .describe("an object with scheme and container_port");

const maintainer = z
  .string()
  .max(254)
  .regex(maintainerPattern)
  .describe("an e-mail address or a Slack user, usergroup or channel id")
  .register(notes, {
    code: "bad-maintainer",
    says: "is no e-mail address and no Slack id",
    hint: maintainerHint,
  });

export const manifestSchema = z.strictObject({
  $schema: z.string().describe("the address of the JSON Schema, for editors").optional(),
  application: z
    .string()
    .max(LONGEST_APPLICATION)
    .regex(dns1035)
    .describe("the name of the application, like kubecon-2017")
    .register(notes, {
      code: "bad-name",
      says: "cannot name an application",
      hint: `Use lower-case letters, digits and hyphens, at most ${LONGEST_APPLICATION}, with a letter first and no hyphen last.`,
    }),
  scale: z
    .int()
    .min(0)
    .describe("how many copies run, a whole number")
    .register(notes, {
      code: "out-of-range",
      says: "is not a number of copies",
      hint: "Give a whole number, 0 or more.",
    })
    .default(1),
  auto_tls: z
    .boolean()
    .describe("true for certificates by the operator's issuer, else false")
    .default(false),
  ingresses: z
    .record(
      z
        .string()
        .max(LONGEST_LABEL)
        .regex(dns1123)
        .register(notes, { ...badLabel, says: "cannot name an ingress" }),
      ingress,
    )
    .describe("an object of ingresses by name, each with scheme and container_port")
    .default({}),
  containers: z
    .record(
      z
        .string()
        .max(LONGEST_LABEL)
        .regex(dns1123)
        .register(notes, { ...badLabel, says: "cannot name a container" }),
      container,
    )
    .describe("an object of containers by name, each with image and image_tag"),
  maintainer: z
    .union([
      maintainer,
      z
        .array(maintainer)
        .min(1)
        .max(10)
        .register(notes, {
          code: "too-many",
          says: "names more than ten",
          hint: "Name a usergroup or a channel instead.",
          tooFew: {
            code: "bad-maintainer",
            says: "names nobody",
            hint: "Name one to ten who hear of the application's trouble.",
          },
        }),
    ])
    .describe("who owns it: an e-mail address or a Slack id, or a list of up to ten")
    .transform((given) => (typeof given === "string" ? [given] : given)),
});

type DeepReadonly<T> = T extends (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
    : T;

/** A checked manifest with its defaults filled in; `maintainer` is always a list. */
export type Manifest = DeepReadonly<Omit<z.output<typeof manifestSchema>, "$schema">>;
export type Container = Manifest["containers"][string];
export type Ingress = Manifest["ingresses"][string];

import { z } from "zod";
import { containers } from "./container.ts";
import { deploy } from "./deploy.ts";
import { environments } from "./environment.ts";
import { ingresses } from "./ingress.ts";
import { links } from "./links.ts";
import { maintainerHint, maintainerPattern } from "./maintainer.ts";
import { applicationName, teamName } from "./names.ts";
import { becomings, notes } from "./note.ts";
import { scale } from "./scale.ts";

/**
 * The manifest: the folder of this file is the one place where its fields are declared. A field's
 * description completes the sentence "NAME is ..." and serves hints, the JSON Schema and
 * docs/manifest.md; its note says what a refused value means; its becoming what it is in the cluster.
 * All stand on the innermost schema, before `default` and `transform`. Rules across fields, and the
 * operator's, are in rules/. The fields: the talk's, and manifest.md.
 */

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

const maintainers = z
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
  .meta({ examples: ["shop-team@example.com", ["S0123456789", "oncall@example.com"]] })
  .register(becomings, {
    becomes: "The annotation `docc.dev/maintainer`, and who hears by name when something is wrong.",
  });

const channel = z
  .string()
  .regex(/^[CG][A-Z0-9]{6,20}$/u)
  .describe("the id of the Slack channel where its releases are told, like C0123456789")
  .meta({ examples: ["C0123456789"] })
  .register(notes, {
    code: "bad-channel",
    says: "is no id of a channel",
    hint: "Give the id, like C0123456789, never the name; Slack shows it under the channel's details.",
  })
  .register(becomings, {
    becomes:
      "The channel of its releases' threads. Without it the environment's, else the one it was asked in.",
  });

export const manifestSchema = z
  .strictObject({
    $schema: z
      .string()
      .max(1_000)
      .describe("the address of the JSON Schema, for editors")
      .meta({ examples: ["../manifest.schema.json"] })
      .register(becomings, { becomes: "Nothing: docc passes over it." })
      .optional(),
    application: applicationName.register(becomings, {
      becomes: "The name of the objects, and the label `app.kubernetes.io/name`.",
    }),
    maintainer: maintainers.transform((given) => (typeof given === "string" ? [given] : given)),
    team: teamName
      .register(becomings, { becomes: "The label `docc.dev/team` of objects and pods." })
      .optional(),
    scale: scale.default(1),
    containers,
    ingresses: ingresses.default({}),
    auto_tls: z
      .boolean()
      .describe("true for certificates by the operator's issuer, else false")
      .register(becomings, {
        becomes:
          "A Certificate for each ingress with `https` or `tls` and without `tls_secret`; its Secret is mounted at `/etc/docc/tls/<key>/`.",
      })
      .default(false),
    environments: environments.optional(),
    links: links.optional(),
    channel: channel.optional(),
    deploy: deploy.optional(),
  })
  .describe("what one application needs, and who owns it");

type DeepReadonly<T> = T extends (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
    : T;

/**
 * A checked manifest. What docc would assume is filled in where the rest of docc needs it (`scale`,
 * `ports`, `ingresses`, `auto_tls`); `maintainer` is always a list. The rest is as it was written, so
 * that an operator's changed default reaches it at the next deploy.
 */
export type Manifest = DeepReadonly<Omit<z.output<typeof manifestSchema>, "$schema">>;
export type Container = Manifest["containers"][string];
export type Ingress = Manifest["ingresses"][string];
export type Difference = NonNullable<Manifest["environments"]>[string];

import { z } from "zod";
import { duration, label } from "./config-fields.ts";
import { readSecret } from "./external/webhook/signature.ts";
import { DoccError } from "./errors.ts";
import { noticedPhases } from "./release/notices.ts";

/** `localhost` and the addresses of the machine itself. */
const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/u;

const receiver = z
  .string()
  .max(2_000)
  .refine((text) => URL.canParse(text), "a URL such as https://hooks.example.com/docc")
  .refine((text) => {
    const url = URL.parse(text);
    return url === null || (url.username === "" && url.password === "");
  }, "a URL without user name and password: every event is signed instead");

const webhook = z
  .strictObject({
    url: receiver.describe(
      "Where events are sent, by HTTP POST. https; http is for this machine itself, or with `insecure`. Private addresses are fine.",
    ),
    events: z
      .array(z.enum(noticedPhases))
      .min(1)
      .max(noticedPhases.length)
      .optional()
      .describe(
        "What it hears of: phases of a release, as docs/webhooks.md explains them. Default: all.",
      ),
    environments: z
      .array(z.string().min(1).max(63))
      .min(1)
      .max(100)
      .optional()
      .describe("Environments that it hears of. Default: all."),
    retry_for: duration(
      "24h",
      "How long an event that is not taken is tried again before it is given up.",
      "1s",
    ),
    insecure: z
      .boolean()
      .default(false)
      .describe("Whether the URL may be http elsewhere. Everybody on the way can read it then."),
  })
  .superRefine(({ url, insecure }, context) => {
    const { protocol, hostname } = URL.parse(url) ?? {};
    if (protocol === undefined || protocol === "https:") return;
    if (protocol === "http:" && (insecure || loopback.test(hostname ?? ""))) return;
    context.addIssue({
      code: "custom",
      path: ["url"],
      message: "an https URL; http wants insecure: true",
    });
  });

/** As many as the record of a release has room for (deploy/crds). */
const mostWebhooks = 32;

/** The receivers of events in docc.yaml. */
export const webhooks = z
  .record(label.max(32), webhook)
  .refine((all) => Object.keys(all).length <= mostWebhooks, `at most ${mostWebhooks} webhooks`)
  .default({})
  .describe("Other systems that hear of releases, by names of yours (docs/webhooks.md).");

/** As many secrets as a rotation needs. */
const mostSecrets = 2;

/** `DOCC_WEBHOOK_SECRET_PAGING` of the webhook `paging`. */
export function secretVariable(name: string): string {
  return `DOCC_WEBHOOK_SECRET_${name.toUpperCase().replaceAll("-", "_")}`;
}

/**
 * The keys that sign a webhook's events.
 * @param value of its variable: one secret, or two with a space between while one is replaced
 * @throws DoccError `bad-config` that names the variable, never its value
 */
export function readWebhookKeys(name: string, value: string | undefined): readonly Uint8Array[] {
  const variable = secretVariable(name);
  const texts = (value ?? "").split(/\s+/u).filter((text) => text !== "");
  if (texts.length === 0) {
    throw new DoccError("bad-config", `${variable} is not set.`, {
      hint: `The webhook ${name} signs its events with it; docs/webhooks.md says how to make one.`,
    });
  }
  const keys = texts.map(readSecret).filter((key) => key !== undefined);
  if (keys.length !== texts.length || keys.length > mostSecrets) {
    throw new DoccError("bad-config", `${variable} holds something else than one or two secrets.`, {
      hint: "A secret is whsec_ and base64 of 24 to 64 random bytes.",
    });
  }
  return keys;
}

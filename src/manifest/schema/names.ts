import { z } from "zod";
import { notes } from "./note.ts";

/** DNS-1035 label: Kubernetes, "Object Names and IDs". A Service needs one. */
const dns1035 = /^[a-z](?:[-a-z0-9]*[a-z0-9])?$/u;
/** DNS-1123 label: the same page. */
const dns1123 = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/u;
/** DNS-1123 subdomain: the same page; names of Secrets and ConfigMaps. */
const subdomain = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/u;
/** A label's value: Kubernetes, "Labels and Selectors". */
const labelValue = /^[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?$/u;
/** C_IDENTIFIER, the names of variables that every shell can read. */
const variable = /^[A-Za-z_][A-Za-z0-9_]*$/u;

/** Leaves room for `-<ingress>` in the 63 characters of a DNS label. */
const LONGEST_APPLICATION = 50;
const LONGEST_LABEL = 63;
const LONGEST_SUBDOMAIN = 253;
const LONGEST_VARIABLE = 128;

export const applicationName = z
  .string()
  .max(LONGEST_APPLICATION)
  .regex(dns1035)
  .describe("the name of the application, like kubecon-2017")
  .meta({ examples: ["kubecon-2017"] })
  .register(notes, {
    code: "bad-name",
    says: "cannot name an application",
    hint: `Use lower-case letters, digits and hyphens, at most ${LONGEST_APPLICATION}, with a letter first and no hyphen last.`,
  });

/** The name of a part of the application, such as a container: a DNS-1123 label. */
export function labelName(what: string): z.ZodString {
  return z
    .string()
    .max(LONGEST_LABEL)
    .regex(dns1123)
    .register(notes, {
      code: "bad-name",
      says: `cannot name ${what}`,
      hint: `Use lower-case letters, digits and hyphens, at most ${LONGEST_LABEL}, with a letter or digit at both ends.`,
    });
}

/** The name of a Secret or ConfigMap that exists already. */
export function objectName(what: string): z.ZodString {
  return z
    .string()
    .max(LONGEST_SUBDOMAIN)
    .regex(subdomain)
    .describe(`the name of ${what} in the application's namespace`)
    .register(notes, {
      code: "bad-name",
      says: `cannot name ${what}`,
      hint: "Use lower-case letters, digits, hyphens and dots, with a letter or digit at both ends.",
    });
}

export const teamName = z
  .string()
  .max(LONGEST_LABEL)
  .regex(labelValue)
  .describe("the team that owns the application, like payments")
  .meta({ examples: ["payments"] })
  .register(notes, {
    code: "bad-name",
    says: "cannot name a team",
    hint: `Use letters, digits, -, _ and ., at most ${LONGEST_LABEL}, with a letter or digit at both ends.`,
  });

export const variableName = z
  .string()
  .max(LONGEST_VARIABLE)
  .regex(variable)
  .register(notes, {
    code: "bad-name",
    says: "cannot name a variable",
    hint: `Use letters, digits and _, at most ${LONGEST_VARIABLE}, and no digit first.`,
  });

/** A key of a Secret or ConfigMap: Kubernetes, IsConfigMapKey. */
export const dataKey = z
  .string()
  .max(LONGEST_SUBDOMAIN)
  .regex(/^(?!\.\.?$|\.\.)[-._A-Za-z0-9]+$/u)
  .describe("the key inside it")
  .register(notes, {
    code: "bad-name",
    says: "cannot be a key of a Secret or ConfigMap",
    hint: "Use letters, digits, -, _ and .",
  });

import { z } from "zod";
import { duration, label } from "./config-fields.ts";
import { isLink } from "./manifest/links.ts";
import { isCpu, isMemory } from "./manifest/schema/quantity.ts";
import { isSchedule as isFreezeSchedule } from "./policy/freeze.ts";
import { openRules } from "./policy/rules.ts";
import { parseDuration } from "./text/duration.ts";

export const channel = z
  .string()
  .regex(/^[CG][A-Z0-9]{6,}$/, "a Slack channel id such as C0123456789, never a name")
  .optional();

const ingress = z
  .strictObject({
    class: label.default("haproxy").describe("`ingressClassName` of every Ingress."),
    profile: z
      .enum(["haproxy", "traefik", "f5-nginx", "plain"])
      .default("haproxy")
      .describe("Which controller stands behind the class: it decides how `tls` passes through."),
  })
  .prefault({});

const issuer = z
  .strictObject({
    name: z.string().min(1).default("letsencrypt").describe("Name of the cert-manager issuer."),
    kind: z
      .enum(["ClusterIssuer", "Issuer"])
      .default("ClusterIssuer")
      .describe("Whether the issuer serves the whole cluster or its own namespace."),
    group: z
      .string()
      .min(1)
      .default("cert-manager.io")
      .describe("API group of the issuer; other groups are for external issuers."),
  })
  .prefault({});

const domain = z
  .string()
  .regex(/^([a-z0-9]([-a-z0-9]*[a-z0-9])?\.)+[a-z]{2,}$/, "a domain such as example.com");

const gateway = z.strictObject({
  name: label.describe("Name of the Gateway; it must let ListenerSets attach for https and tls."),
  namespace: label.describe("Its namespace."),
});

/** A default that an operator may take away with null. */
const quantity = (fallback: string, isOne: (text: string) => boolean, meaning: string) =>
  z
    .string('a quantity in quotes such as "500m" or "512Mi", or null for none')
    .refine(isOne, 'a quantity such as "500m" for cpu, "512Mi" for memory')
    .nullable()
    .default(fallback)
    .describe(meaning);

const defaults = z
  .strictObject({
    cpu: quantity("100m", isCpu, "Cpu that containers ask for which do not say; null: none."),
    memory: quantity(
      "512Mi",
      isMemory,
      "Memory that containers get which do not say, and not more; null: no limit.",
    ),
    read_only: z
      .boolean()
      .default(true)
      .describe("Whether containers may write only where their manifest says."),
  })
  .prefault({});

const rollout = z
  .strictObject({
    timeout: duration("10m", "A rollout that is not complete by then has failed.", "10s"),
    stable: duration(
      "60s",
      "How long all pods must stay ready before a release is called a success.",
    ),
  })
  .prefault({});

/** One person, or a group of people, outside of any app. */
const named = z
  .string()
  .max(300)
  .regex(
    /^([UW][A-Z0-9]{2,20}|S[A-Z0-9]{2,20}|[^\s@<>|]+@[^\s@<>|]+|kubernetes:\S+|operators|role:[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)$/,
    "an e-mail, a Slack user or usergroup id, kubernetes:NAME, operators or role:NAME",
  );
const namedOfAnApp = z
  .string()
  .max(300)
  .refine(
    (text) => text === "maintainers" || text === "team" || named.safeParse(text).success,
    "maintainers, team, operators, role:NAME, an e-mail, a Slack user or usergroup id, or kubernetes:NAME",
  );
export const people = z.array(named).max(100);
const peopleOfAnApp = z.array(namedOfAnApp).max(100);

const approval = z
  .strictObject({
    count: z
      .int()
      .min(0)
      .max(10)
      .default(openRules.approval.count)
      .describe("How many people must approve a plan before it is applied; 0: nobody is asked."),
    from: peopleOfAnApp
      .min(1)
      .default([...openRules.approval.from])
      .describe(
        "Who may approve: `maintainers` (of the app that is live), `team` (its owners in `teams`), `operators`, `role:NAME`, e-mails, Slack user and usergroup ids, `kubernetes:NAME`.",
      ),
    self: z
      .boolean()
      .default(openRules.approval.self)
      .describe("Whether who asks for a deploy may approve it."),
    expires: duration("4h", "How long a plan can be approved.", "1m"),
    rollbacks: z
      .boolean()
      .default(openRules.approval.rollbacks)
      .describe(
        "Whether rollbacks to a release that succeeded, and restarts, need approval as well.",
      ),
    outside_slack: z
      .boolean()
      .default(openRules.approval.outsideSlack)
      .describe("Whether at least one approval must come from a terminal, past Slack."),
  })
  .prefault({});

const freeze = z
  .strictObject({
    from: z.string().max(100).describe("When it begins, as cron: `0 18 * * FRI`."),
    lasts: z
      .string('a duration in quotes, such as "60h"')
      .transform((text, context) => {
        const ms = parseDuration(text);
        if (ms !== undefined && ms >= 60_000 && ms <= 366 * 24 * 60 * 60_000) return ms;
        context.addIssue({ code: "custom", message: 'a duration of 1m or more, such as "60h"' });
        return z.NEVER;
      })
      .describe("How long it lasts."),
    zone: z
      .string()
      .max(60)
      .default("UTC")
      .describe("The time zone of `from`, such as Europe/Berlin."),
    reason: z.string().max(200).default("").describe("Why; shown to whom it stops."),
  })
  .superRefine(({ from, zone }, context) => {
    if (!isFreezeSchedule(from, "UTC")) {
      const message = 'a cron schedule such as "0 18 * * FRI"';
      context.addIssue({ code: "custom", path: ["from"], message });
    } else if (!isFreezeSchedule(from, zone)) {
      const message = "a time zone such as Europe/Berlin";
      context.addIssue({ code: "custom", path: ["zone"], message });
    }
  });

/** As in an image's name: letters, digits, dots and hyphens, perhaps a port. */
const registryHost = z
  .string()
  .max(260)
  .regex(
    /^[A-Za-z0-9]([-.A-Za-z0-9]*[A-Za-z0-9])?(:[0-9]{1,5})?$/,
    "a host such as registry.example.com or registry.example.com:5000",
  );

const registry = z
  .strictObject({
    resolve: z
      .enum(["require", "prefer", "never"])
      .default("prefer")
      .describe(
        "Whether tags are looked up and deployed by digest. A registry that cannot be asked: `require` refuses the deploy, `prefer` warns and deploys the tag as it is. `never`: registries are not asked.",
      ),
    timeout: duration("5s", "How long the registries may take for one plan.", "100ms"),
    token_hosts: z
      .array(registryHost)
      .max(20)
      .default([])
      .describe("Hosts that issue tokens for registries of another domain."),
  })
  .prefault({});

/** A name for the API server; what begins with system: is the cluster's own. */
const clusterName = z
  .string()
  .max(253)
  .regex(/^(?!system:)[\x21-\x7e]+$/i, "a name without spaces that does not begin with system:");

const impersonate = z.strictObject({
  user_prefix: clusterName
    .default("slack:")
    .describe("User name of people without a Kubernetes identity: this, then TEAM/USER of Slack."),
  groups: z.array(clusterName).max(20).default([]).describe("Groups that everybody has."),
  own: clusterName
    .optional()
    .describe(
      "User name for what docc does by itself, such as automatic rollbacks. Default: docc does nothing by itself there.",
    ),
});

/** What stands in an operator's link for something of an application. */
const linkPlaceholders = ["app", "environment", "namespace"] as const;

const linkTemplate = z
  .string()
  .max(2_000)
  .refine(
    (text) => isLink(text, linkPlaceholders),
    "an https URL without user name and password, in which {app}, {environment} and {namespace} may stand behind the host",
  );

const linkName = z
  .string()
  .regex(
    /^(?!url$)[a-z][a-z0-9_-]{0,29}$/,
    "a name of at most 30 lower case letters, digits, _ and -, a letter first; url is the application's own address",
  );

/** As many as a manifest may have (manifest/rules/counts.ts): both find room in one message. */
const mostLinks = 20;

const links = z
  .record(linkName, linkTemplate)
  .refine((all) => Object.keys(all).length <= mostLinks, `at most ${mostLinks} links`)
  .default({});

export const environment = z.strictObject({
  context: z
    .string()
    .min(1)
    .optional()
    .describe("Context of the kubeconfig. Default: the current one, or the cluster docc runs in."),
  namespace: label.default("default").describe("Namespace of the applications."),
  channel: channel.describe(
    "Slack channel id where this environment's releases are told; one that is shared with another organisation is passed over. Default: where they were asked for.",
  ),
  domain: domain
    .default("example.com")
    .describe("Hosts without a name of their own are `<name>.<domain>`."),
  domains: z
    .array(domain)
    .max(100)
    .default([])
    .describe("Further domains that hosts of all applications may be in."),
  team_domains: z
    .record(z.string().min(1).max(63), z.array(domain).max(100))
    .default({})
    .describe("Further domains by the manifest's `team`, for that team alone."),
  ingress: ingress.describe("The ingress controller."),
  gateway: gateway
    .optional()
    .describe("Expose by Gateway API below this Gateway, instead of Ingress."),
  issuer: issuer.describe("Who issues certificates for auto_tls."),
  registries: z
    .array(z.string().min(1))
    .max(100)
    .optional()
    .describe(
      "Registry hosts that images may come from; these may be at private addresses. Default: all.",
    ),
  insecure_registries: z
    .array(registryHost)
    .max(20)
    .default([])
    .describe(
      "Registry hosts, with their port, that docc asks by plain HTTP, at private addresses too; for registries inside the cluster's network.",
    ),
  registry: registry.describe("How the images of a deploy are looked up."),
  pull_secrets: z
    .array(z.string().regex(/^[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?$/, "the name of a Secret"))
    .max(20)
    .default([])
    .describe("Secrets in the namespace that images are pulled and looked up with."),
  defaults: defaults.describe("What containers get that do not say."),
  allow_root: z
    .boolean()
    .default(false)
    .describe(
      "Whether manifests may say `run_as_root`. Root and Pod Security `restricted` exclude each other.",
    ),
  max_scale: z
    .int()
    .min(1)
    .max(10_000)
    .default(100)
    .describe("The largest `scale` of an application."),
  rollout: rollout.describe("How a rollout is judged."),
  approval: approval.describe("Who must say yes to a plan before it is applied."),
  deployers: peopleOfAnApp
    .optional()
    .describe(
      "Who may ask for deploys, updates, rollbacks and restarts. Default: everybody whom docc serves.",
    ),
  impersonate: impersonate
    .optional()
    .describe(
      "Releases change the cluster in their requester's name and with their rights (RBAC). Default: with docc's own.",
    ),
  freezes: z
    .array(freeze)
    .max(20)
    .default([])
    .describe("Times in which nothing is deployed but rollbacks, restarts and emergencies."),
  emergency: people
    .default([...openRules.emergency])
    .describe(
      'Who may deploy with `emergency="..."`, past approval, freezes, locks and `deployers`.',
    ),
  links: links.describe(
    "Buttons of `/docc open` for every application, https URLs by name, such as `dashboard: https://grafana.example.com/d/x?var-app={app}`. `{app}`, `{environment}` and `{namespace}` are filled in. A link of the same name in a manifest comes instead.",
  ),
  auto_rollback: z
    .boolean()
    .default(openRules.autoRollback)
    .describe("Whether a failed release is rolled back at once, where the manifest does not say."),
  supersede: z
    .boolean()
    .default(openRules.supersede)
    .describe("Whether a newer request for an app ends those that wait; else they queue."),
});

/** Environments that would write the same objects as one before them, with its name. */
export function sharing(
  all: Readonly<Record<string, z.output<typeof environment>>>,
): [string, string][] {
  const owners = new Map<string, string>();
  return Object.entries(all).flatMap(([name, { context, namespace }]) => {
    const place = JSON.stringify([context, namespace]);
    const other = owners.get(place);
    owners.set(place, other ?? name);
    return other === undefined ? [] : [[name, other]];
  });
}

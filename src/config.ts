import { validate as isSchedule } from "node-cron";
import { z } from "zod";
import { type Document, LineCounter, parseDocument } from "yaml";
import { duration, label } from "./config-fields.ts";
import { offsetOf, pathOf, sayIssue, type Shape } from "./config-issues.ts";
import { readWebhookKeys, secretVariable, webhooks } from "./config-webhooks.ts";
import { DoccError } from "./errors.ts";
import { jitterFactor, type LeaseTimes } from "./k8s/election/rules.ts";
import type { Platform } from "./manifest/platform.ts";
import { isCpu, isMemory } from "./manifest/schema/quantity.ts";
import { isSchedule as isFreezeSchedule } from "./policy/freeze.ts";
import { type EnvironmentRules, type Organisation, openRules } from "./policy/rules.ts";
import type { ActingRules } from "./release/acting.ts";
import { parseDuration } from "./text/duration.ts";

const channel = z
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
const people = z.array(named).max(100);
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

const environment = z.strictObject({
  context: z
    .string()
    .min(1)
    .optional()
    .describe("Context of the kubeconfig. Default: the current one, or the cluster docc runs in."),
  namespace: label.default("default").describe("Namespace of the applications."),
  channel: channel.describe(
    "Slack channel id where this environment's releases are told. Default: where they were asked for.",
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
function sharing(all: Readonly<Record<string, z.output<typeof environment>>>): [string, string][] {
  const owners = new Map<string, string>();
  return Object.entries(all).flatMap(([name, { context, namespace }]) => {
    const place = JSON.stringify([context, namespace]);
    const other = owners.get(place);
    owners.set(place, other ?? name);
    return other === undefined ? [] : [[name, other]];
  });
}

/** Who they are at the API server; what the cluster itself is called is nobody's name. */
const person = z.strictObject({
  slack: z
    .string()
    .regex(/^[UW][A-Z0-9]{6,}$/, "a Slack user id such as U0123456789, never a name")
    .describe("Slack user id."),
  kubernetes: z
    .string()
    .max(253)
    .regex(
      /^(?!system:)[\x21-\x7e]+$/,
      "a user name as `kubectl auth whoami` says it, and no system: account",
    )
    .describe("User name at the API server, as `kubectl auth whoami` says it."),
});

/** Places in the list whose identity stands before it already. */
function doubled(all: readonly z.output<typeof person>[]): [number, "slack" | "kubernetes"][] {
  const known = new Set<string>();
  return all.flatMap((each, at) =>
    (["slack", "kubernetes"] as const).flatMap((key): [number, typeof key][] => {
      const name = `${key} ${each[key]}`;
      const isKnown = known.has(name);
      known.add(name);
      return isKnown ? [[at, key]] : [];
    }),
  );
}

/** client-go's rules, see src/k8s/election/rules.ts. */
const lease = z
  .strictObject({
    duration: duration(
      "15s",
      "How long other replicas wait without a sign of the leader before one takes over; whole seconds.",
      "1s",
    ),
    renew_deadline: duration(
      "10s",
      "How long the leader acts on its last renewal; shorter than `duration`.",
      "500ms",
    ),
    retry_period: duration(
      "2s",
      "How often the lease is renewed or looked at; 1.2 of it are shorter than `renew_deadline`.",
      "100ms",
    ),
  })
  .superRefine(({ duration: whole, renew_deadline: deadline, retry_period: retry }, context) => {
    const refuse = (key: string, message: string): void =>
      context.addIssue({ code: "custom", path: [key], message });
    if (whole % 1_000 !== 0) refuse("duration", "whole seconds");
    if (deadline >= whole) refuse("renew_deadline", "less than duration");
    if (jitterFactor * retry >= deadline)
      refuse("retry_period", "1.2 of it less than renew_deadline");
  })
  .prefault({});

/**
 * `docc.yaml`, the operator's one file. It holds no secret: tokens come from the environment alone
 * (see {@link readSecrets}). docs/config.md is made from this schema's words.
 */
export const configSchema = z.strictObject({
  slack: z
    .strictObject({
      mode: z
        .enum(["socket", "http"])
        .default("socket")
        .describe("Socket Mode needs no public address; http wants SLACK_SIGNING_SECRET."),
      host: z.string().min(1).default("0.0.0.0").describe("Address to listen on in http mode."),
      port: z.int().min(0).max(65_535).default(3000).describe("Port to listen on in http mode."),
    })
    .prefault({})
    .describe("How docc talks to Slack."),
  home: z
    .strictObject({
      context: z
        .string()
        .min(1)
        .optional()
        .describe("Context of the cluster that keeps docc's records. Default: the current one."),
      namespace: label.default("docc").describe("Namespace of docc itself there."),
      lease: lease.describe("How the replicas of docc agree on the one that leads."),
    })
    .prefault({})
    .describe("Where docc keeps its records."),
  environments: z
    .record(label, environment)
    .refine((all) => Object.keys(all).length > 0, "at least one environment")
    .superRefine((all, context) => {
      for (const [name, other] of sharing(all)) {
        const message = `a context or namespace of its own: ${other} has the same, and their apps would overwrite each other`;
        context.addIssue({ code: "custom", path: [name], message });
      }
    })
    .describe(
      "The environments by name; the first one is the default, except that production is reached only by in=production.",
    ),
  people: z
    .array(person)
    .max(5_000)
    .superRefine((all, context) => {
      for (const [at, key] of doubled(all)) {
        const message = "an identity of its own: it stands in this list already";
        context.addIssue({ code: "custom", path: [at, key], message });
      }
    })
    .default([])
    .describe(
      "People who act in Slack and at the API server: both identities count as one person, so nobody approves their own request.",
    ),
  operators: people
    .default([])
    .describe("Who operates docc: they may decide on every app, and change who maintains one."),
  roles: z
    .record(label, people)
    .default({})
    .describe("Further groups of people by name, for `role:NAME`."),
  teams: z
    .record(z.string().min(1).max(63), people)
    .default({})
    .describe("Owners of applications by the manifest's `team`."),
  retention: z
    .strictObject({
      releases: z
        .int()
        .min(2)
        .max(100)
        .default(10)
        .describe("Applied releases kept per app and environment."),
      refused: duration("7d", "How long releases that applied nothing are kept."),
      schedule: z
        .string()
        .refine(isSchedule, 'a cron schedule such as "17 3 * * *"')
        .default("17 3 * * *")
        .describe("When to clean up, as cron in UTC."),
    })
    .prefault({})
    .describe("How long records are kept."),
  audit: z
    .strictObject({
      seal_after: duration("5m", "A record waits at most so long to be sealed.", "1m"),
      channel: channel.describe(
        "Slack channel id where the head of the sealed log is posted once a day. Default: nowhere.",
      ),
      archived: z
        .string()
        .regex(/^sha256:[0-9a-f]{64}$/, "sha256: and 64 hexadecimal digits")
        .optional()
        .describe("Hash of the last segment that was moved to an archive. Default: none was."),
    })
    .prefault({})
    .describe("The audit log (docs/audit.md)."),
  webhooks,
});

/** A role that does not exist would let nobody in, and say so only when it is too late. */
function refuseUnknownRoles(
  config: {
    readonly roles: Readonly<Record<string, readonly string[]>>;
    readonly teams: Readonly<Record<string, readonly string[]>>;
    readonly operators: readonly string[];
    readonly environments: Readonly<Record<string, z.output<typeof environment>>>;
  },
  context: z.RefinementCtx,
): void {
  const check = (names: readonly string[], path: readonly string[]): void => {
    for (const [at, name] of names.entries()) {
      if (!name.startsWith("role:") || Object.hasOwn(config.roles, name.slice(5))) continue;
      const message = `the name of a role in roles: there is no ${name.slice(5)}`;
      context.addIssue({ code: "custom", path: [...path, at], message });
    }
  };
  check(config.operators, ["operators"]);
  for (const [name, names] of Object.entries(config.roles)) check(names, ["roles", name]);
  for (const [name, names] of Object.entries(config.teams)) check(names, ["teams", name]);
  for (const [name, settings] of Object.entries(config.environments)) {
    const path = ["environments", name];
    check(settings.approval.from, [...path, "approval", "from"]);
    check(settings.deployers ?? [], [...path, "deployers"]);
    check(settings.emergency, [...path, "emergency"]);
  }
}

/** The first deploy of an app has no live maintainer or team: somebody else must be there to say yes. */
function refuseNobody(
  config: {
    readonly operators: readonly string[];
    readonly environments: Readonly<Record<string, z.output<typeof environment>>>;
  },
  context: z.RefinementCtx,
): void {
  for (const [name, { approval: rules }] of Object.entries(config.environments)) {
    const isOfApps = rules.from.every((who) => who === "maintainers" || who === "team");
    if (rules.count === 0 || !isOfApps || config.operators.length > 0) continue;
    const message =
      "somebody besides maintainers and team, who are nobody before the first deploy: name docc's operators, or add people here";
    context.addIssue({
      code: "custom",
      path: ["environments", name, "approval", "from"],
      message,
    });
  }
}

/** A webhook that waits for an environment that is not there would be silent for ever. */
function refuseUnknownPlaces(
  config: {
    readonly webhooks: z.output<typeof webhooks>;
    readonly environments: Readonly<Record<string, unknown>>;
  },
  context: z.RefinementCtx,
): void {
  for (const [name, { environments = [] }] of Object.entries(config.webhooks)) {
    for (const [at, wanted] of environments.entries()) {
      if (Object.hasOwn(config.environments, wanted)) continue;
      const path = ["webhooks", name, "environments", at];
      const message = `one of ${Object.keys(config.environments).join(", ")}`;
      context.addIssue({ code: "custom", path, message });
    }
  }
}

export type Config = z.output<typeof configSchema>;
export type EnvironmentConfig = Config["environments"][string];

/**
 * Reads `docc.yaml`.
 * @param file its name, for messages only
 * @throws DoccError `bad-config` that names the wrong key, its line, and the nearest right one
 */
export function parseConfig(text: string, file: string): Config {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [broken] = document.errors;
  if (broken !== undefined) {
    const { line } = lines.linePos(broken.pos[0]);
    const what = broken.code === "DUPLICATE_KEY" ? "gives a key twice" : "is not valid YAML";
    throw new DoccError("bad-config", `${file} line ${line} ${what}.`);
  }
  const parsed = configSchema
    .superRefine(refuseUnknownRoles)
    .superRefine(refuseNobody)
    .superRefine(refuseUnknownPlaces)
    .safeParse(plainData(document, file) ?? {});
  if (parsed.success) return parsed.data;
  const shape = z.toJSONSchema(configSchema, { io: "input" }) as Shape;
  const said = parsed.error.issues.slice(0, 5).map((issue) => {
    const { line } = lines.linePos(offsetOf(document, pathOf(issue)));
    return `${file} line ${line}: ${sayIssue(issue, shape)}`;
  });
  throw new DoccError("bad-config", said.join("\n"), {
    hint: "docs/config.md explains every key.",
  });
}

function plainData(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch {
    throw new DoccError("bad-config", `${file} uses YAML aliases; write values out instead.`);
  }
}

/** How the replicas elect the one that leads. */
export function leaseTimesOf({ home: { lease: given } }: Config): LeaseTimes {
  return {
    duration: given.duration,
    renewDeadline: given.renew_deadline,
    retryPeriod: given.retry_period,
  };
}

/** The environment of commands that do not say `in=`: production only when there is no other. */
export function defaultEnvironment(config: Config): string {
  const names = Object.keys(config.environments);
  return names.find((name) => name !== "production") ?? names[0] ?? "production";
}

/**
 * What the translation must know of an environment.
 * @param all names of all environments, so that a manifest cannot mistake one
 */
export function platformOf(
  name: string,
  environment: EnvironmentConfig,
  all: readonly string[],
): Platform {
  const { registries, gateway: givenGateway, defaults: given } = environment;
  return {
    environment: name,
    environments: all,
    namespace: environment.namespace,
    domain: environment.domain,
    domains: environment.domains,
    teamDomains: environment.team_domains,
    ingress: { className: environment.ingress.class, profile: environment.ingress.profile },
    ...(givenGateway === undefined ? {} : { gateway: givenGateway }),
    issuer: environment.issuer,
    ...(registries === undefined ? {} : { registries }),
    pullSecrets: environment.pull_secrets,
    defaults: {
      ...(given.cpu === null ? {} : { cpu: given.cpu }),
      ...(given.memory === null ? {} : { memory: given.memory }),
      readOnly: given.read_only,
    },
    allowRoot: environment.allow_root,
    maxScale: environment.max_scale,
    progressDeadlineSeconds: Math.ceil(environment.rollout.timeout / 1_000),
  };
}

/** What an environment's settings mean for who may do what, and when. */
export function rulesOf(environment: EnvironmentConfig): EnvironmentRules {
  const { approval: given, deployers, freezes, emergency } = environment;
  const { outside_slack: outsideSlack, ...rest } = given;
  return {
    approval: { ...rest, outsideSlack },
    deployers,
    freezes,
    emergency,
    autoRollback: environment.auto_rollback,
    supersede: environment.supersede,
  };
}

/** In whose name releases change an environment's cluster. */
export function actingOf({ impersonate: given }: EnvironmentConfig): ActingRules | undefined {
  if (given === undefined) return undefined;
  const { user_prefix: userPrefix, groups, own } = given;
  return { userPrefix, groups, own };
}

/** The people whom the configuration names. */
export function organisationOf({ operators, roles, teams }: Config): Organisation {
  return { operators, roles, teams };
}

/** What only the process environment may hold. */
export interface Secrets {
  readonly botToken: string;
  readonly appToken: string | undefined;
  readonly signingSecret: string | undefined;
}

export interface ProcessSettings {
  readonly configFile: string;
  readonly kubeconfig: string | undefined;
  /** Undefined: Slack itself. */
  readonly slackApiUrl: string | undefined;
  readonly logLevel: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The process's settings, tokens apart. The only reader of the environment in src/. */
export function readProcessSettings(env: Environment = process.env): ProcessSettings {
  // An empty variable is how shells and manifests leave one out.
  const given = (name: string): string | undefined => (env[name] === "" ? undefined : env[name]);
  return {
    configFile: given("DOCC_CONFIG") ?? "docc.yaml",
    kubeconfig: given("KUBECONFIG"),
    slackApiUrl: given("SLACK_API_URL"),
    logLevel: given("LOG_LEVEL") ?? "info",
  };
}

/**
 * The tokens that a mode of docc.yaml needs.
 * @throws DoccError `bad-config` that names a missing or mistaken variable, never its value
 */
export function readSecrets(
  mode: Config["slack"]["mode"],
  env: Environment = process.env,
): Secrets {
  const take = (name: string, prefix: string): string => {
    // A Secret made from a file often ends with a newline, which no header may hold.
    const value = env[name]?.trim();
    if (value === undefined || value === "") {
      throw new DoccError("bad-config", `${name} is not set.`, {
        hint: "docs/install.md says where to find it.",
      });
    }
    if (!value.startsWith(prefix)) {
      throw new DoccError(
        "bad-config",
        `${name} does not start with ${prefix}: it holds something else.`,
      );
    }
    return value;
  };
  return {
    botToken: take("SLACK_BOT_TOKEN", "xoxb-"),
    appToken: mode === "socket" ? take("SLACK_APP_TOKEN", "xapp-") : undefined,
    signingSecret: mode === "http" ? take("SLACK_SIGNING_SECRET", "") : undefined,
  };
}

/**
 * The keys that sign the events of each webhook, by its name.
 * @throws DoccError `bad-config` that names a missing or mistaken variable, never its value
 */
export function readAllWebhookKeys(
  config: Pick<Config, "webhooks">,
  env: Environment = process.env,
): ReadonlyMap<string, readonly Uint8Array[]> {
  const names = Object.keys(config.webhooks);
  return new Map(names.map((name) => [name, readWebhookKeys(name, env[secretVariable(name)])]));
}

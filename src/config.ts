import { validate as isSchedule } from "node-cron";
import { z } from "zod";
import { type Document, LineCounter, parseDocument } from "yaml";
import { channel, environment, people, sharing } from "./config-environment.ts";
import { duration, durationOrOff, label } from "./config-fields.ts";
import { offsetOf, pathOf, sayIssue, type Shape } from "./config-issues.ts";
import { readWebhookKeys, secretVariable, webhooks } from "./config-webhooks.ts";
import { DoccError } from "./errors.ts";
import { jitterFactor, type LeaseTimes } from "./k8s/election/rules.ts";
import type { Platform } from "./manifest/platform.ts";
import type { EnvironmentRules, Organisation } from "./policy/rules.ts";
import type { ActingRules } from "./release/acting.ts";

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
      answered: duration(
        "30d",
        "How long decisions and commands from outside Slack are kept once docc has answered them; the audit log has them longer.",
      ),
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
  drift: z
    .strictObject({
      every: durationOrOff(
        "10m",
        "How often docc looks for changes outside docc, while nothing is deployed, and tells of them once; `off`: never.",
        "1s",
      ),
    })
    .prefault({})
    .describe("What others change of what docc has deployed."),
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

import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  defaultEnvironment,
  parseConfig,
  platformOf,
  readAllWebhookKeys,
  readProcessSettings,
  readSecrets,
} from "../src/config.ts";
import { DoccError } from "../src/errors.ts";
import { defaultPlatform } from "../src/manifest/platform.ts";
import { configKeys, configReference, example } from "./config-reference.ts";

function refusalOf(act: () => unknown): DoccError {
  try {
    act();
  } catch (error) {
    if (error instanceof DoccError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

const parse = (text: string) => parseConfig(text, "docc.yaml");

const withWebhook = (name: string, settings: string): string =>
  `environments: { staging: {} }\nwebhooks:\n  ${name}: ${settings}\n`;
const url = "url: https://hooks.example.com";
const webhookMistakes = (
  [
    ["a webhook without a URL", "paging", "{}", 'paging.url" is missing.'],
    [
      "no URL",
      "paging",
      "{ url: hooks }",
      'paging.url" takes a URL such as https://hooks.example.com/docc.',
    ],
    [
      "a URL with a password",
      "paging",
      '{ url: "https://docc:hunter2@hooks.example.com" }',
      'paging.url" takes a URL without user name and password: every event is signed instead.',
    ],
    [
      "plain http",
      "paging",
      '{ url: "http://hooks.example.com" }',
      'paging.url" takes an https URL; http wants insecure: true.',
    ],
    [
      "a host that only begins like this machine",
      "paging",
      '{ url: "http://localhost.example.com" }',
      'paging.url" takes an https URL; http wants insecure: true.',
    ],
    [
      "another protocol, however insecure",
      "paging",
      '{ url: "ftp://hooks.example.com", insecure: true }',
      'paging.url" takes an https URL; http wants insecure: true.',
    ],
    [
      "an event that is none",
      "paging",
      `{ ${url}, events: [failed, paged] }`,
      'paging.events.1" takes one of awaiting-approval, approved, applying, succeeded, failed, unknown, superseded, refused, rejected, expired, cancelled.',
    ],
    ["no events", "paging", `{ ${url}, events: [] }`, 'paging.events" takes 1 or more.'],
    [
      "an environment that is none",
      "paging",
      `{ ${url}, environments: [staging, prod] }`,
      'paging.environments.1" takes one of staging.',
    ],
    ["no patience", "paging", `{ ${url}, retry_for: 0s }`, 'paging.retry_for" takes 1s or more.'],
    [
      "a webhook's name that is no variable's",
      "Paging",
      `{ ${url} }`,
      'Paging" takes a DNS label: lower case letters, digits and -, at most 63.',
    ],
    [
      "a secret in the file",
      "paging",
      `{ ${url}, secret: whsec_x }`,
      'paging.secret" is not a key of docc.yaml.',
    ],
  ] as const
).map(([what, name, settings, message]): [string, string, string] => [
  what,
  withWebhook(name, settings),
  `docc.yaml line 3: "webhooks.${message}`,
]);

describe("docc.yaml", () => {
  it("needs an environment and nothing else", () => {
    expect(parse("environments: { staging: {} }")).toEqual({
      slack: { mode: "socket", host: "0.0.0.0", port: 3000 },
      home: {
        namespace: "docc",
        lease: { duration: 15_000, renew_deadline: 10_000, retry_period: 2_000 },
      },
      environments: {
        staging: {
          namespace: "default",
          domain: "example.com",
          domains: [],
          team_domains: {},
          ingress: { class: "haproxy", profile: "haproxy" },
          issuer: { name: "letsencrypt", kind: "ClusterIssuer", group: "cert-manager.io" },
          insecure_registries: [],
          registry: { resolve: "prefer", timeout: 5_000, token_hosts: [] },
          pull_secrets: [],
          defaults: { cpu: "100m", memory: "512Mi", read_only: true },
          allow_root: false,
          max_scale: 100,
          rollout: { timeout: 600_000, stable: 60_000 },
          approval: {
            count: 0,
            from: ["maintainers"],
            self: false,
            expires: 14_400_000,
            rollbacks: false,
            outside_slack: false,
          },
          freezes: [],
          emergency: ["operators"],
          links: {},
          auto_rollback: false,
          supersede: false,
        },
      },
      people: [],
      operators: [],
      roles: {},
      teams: {},
      retention: {
        releases: 10,
        refused: 604_800_000,
        answered: 2_592_000_000,
        schedule: "17 3 * * *",
      },
      audit: { seal_after: 300_000 },
      drift: { every: 600_000 },
      webhooks: {},
    });
  });

  const withLinks = (links: string): string => `environments:\n  staging:\n    links: ${links}\n`;

  it("may have links for every app of an environment", () => {
    const dashboard = "https://grafana.example.com/d/x?app={app}&ns={namespace}&env={environment}";
    expect(
      parse(withLinks(`{ dashboard: "${dashboard}" }`)).environments["staging"]?.links,
    ).toEqual({ dashboard });
  });

  it.each([
    "http://grafana.example.com",
    "https://docc:hunter2@grafana.example.com",
    "https://{app}.example.com",
    "https://grafana.example.com/{pod}",
    "https://grafana.example.com/a b",
    "grafana",
  ])("has no link such as %s", (link) => {
    expect(refusalOf(() => parse(withLinks(`{ dashboard: "${link}" }`))).message).toBe(
      'docc.yaml line 3: "environments.staging.links.dashboard" takes an https URL without user name and password, in which {app}, {environment} and {namespace} may stand behind the host.',
    );
  });

  it.each(["url", "Logs"])("has no link of the name %s", (name) => {
    const { message } = refusalOf(() => parse(withLinks(`{ ${name}: "https://example.com" }`)));
    expect(message).toContain(
      `"environments.staging.links.${name}" takes a name of at most 30 lower case letters, digits, _ and -, a letter first; url is the application's own address.`,
    );
  });

  it("may look for drift never, or now and then", () => {
    const every = (value: string): number | undefined =>
      parse(`{ environments: { staging: {} }, drift: { every: ${value} } }`).drift.every;
    expect(every("off")).toBeUndefined();
    expect(every("1h")).toBe(3_600_000);
    expect(() => every("500ms")).toThrow("1s or more");
  });

  it("is read as it is documented", () => {
    const { environments, retention } = parse(example);
    expect(Object.keys(environments)).toEqual(["staging", "production"]);
    expect(environments["production"]).toMatchObject({
      channel: "C0123456789",
      registries: ["registry.example.com"],
      rollout: { timeout: 900_000, stable: 120_000 },
    });
    expect(retention.releases).toBe(20);
  });

  const inStaging = (settings: string): string => `environments:\n  staging:\n    ${settings}\n`;
  const inPeople = (...people: string[]): string =>
    ["environments: { a: {} }", "people:", ...people.map((each) => `  - ${each}`)].join("\n");
  const where = 'docc.yaml line 3: "environments.staging';
  it.each<[name: string, text: string, message: string]>([
    ["an empty file", "", 'docc.yaml line 1: "environments" is missing.'],
    ["a text", "hello", "docc.yaml line 1: the file takes keys with values."],
    ["a list", "- a", "docc.yaml line 1: the file takes keys with values."],
    ["no YAML", "a: [1", "docc.yaml line 1 is not valid YAML."],
    ["a tab", "environments:\n\tstaging: {}", "docc.yaml line 2 is not valid YAML."],
    ["two documents", "a: 1\n---\nb: 2", "docc.yaml line 2 is not valid YAML."],
    ["a key twice", "environments:\n  a: {}\n  a: {}", "docc.yaml line 3 gives a key twice."],
    ["an alias", "x: &x 1\ny: *x", "docc.yaml uses YAML aliases; write values out instead."],
    [
      "an unknown section",
      "environments: { a: {} }\nslak: {}",
      'docc.yaml line 2: "slak" is not a key of docc.yaml. Did you mean slack?',
    ],
    [
      "an unknown key",
      inStaging("domian: example.com"),
      `${where}.domian" is not a key of docc.yaml. Did you mean domain?`,
    ],
    [
      "an unknown key far from any",
      inStaging("colour: red"),
      `${where}.colour" is not a key of docc.yaml.`,
    ],
    [
      "an unknown nested key",
      inStaging("rollout: { timeot: 10m }"),
      `${where}.rollout.timeot" is not a key of docc.yaml. Did you mean timeout?`,
    ],
    [
      "a token",
      "slack: { bot_token: xoxb-secret }\nenvironments: { a: {} }",
      'docc.yaml line 1: "slack.bot_token" is not a key of docc.yaml.',
    ],
    ...["", "every day", "61 * * * *", "* * * *"].map((schedule): [string, string, string] => [
      `the schedule ${JSON.stringify(schedule)}`,
      `environments: { a: {} }\nretention: { schedule: ${JSON.stringify(schedule)} }`,
      'docc.yaml line 2: "retention.schedule" takes a cron schedule such as "17 3 * * *".',
    ]),
    ...(
      [
        ["approval: { count: 1, from: [role:sre] }", "approval.from.0"],
        ["approval: { count: 1, from: [operators, role:sre] }", "approval.from.1"],
        ["deployers: [role:sre]", "deployers.0"],
        ["emergency: [role:sre]", "emergency.0"],
      ] as const
    ).map(([rule, key]): [string, string, string] => [
      `a role that does not exist in ${rule}`,
      `environments:\n  staging:\n    ${rule}\nroles: { leads: [UANNA] }\noperators: [UANNA]`,
      `${where}.${key}" takes the name of a role in roles: there is no sre.`,
    ]),
    ...(
      [
        "operators: [role:sre]",
        "teams: { shop: [role:sre] }",
        "roles: { leads: [role:sre] }",
      ] as const
    ).map((rule): [string, string, string] => [
      `a role that does not exist in ${rule}`,
      `environments: { staging: {} }\n${rule}`,
      `docc.yaml line 2: "${/^(\w+): (?:\{ (\w+))?/u.exec(rule)?.slice(1).filter(Boolean).join(".") ?? ""}.0" takes the name of a role in roles: there is no sre.`,
    ]),
    ...["", ", from: [maintainers]", ", from: [team, maintainers]"].map(
      (from): [string, string, string] => [
        `approvals that nobody could give to a first deploy: count: 1${from}`,
        inStaging(`approval: { count: 1${from} }`),
        `${where}.approval.from" takes somebody besides maintainers and team, who are nobody before the first deploy: name docc's operators, or add people here.`,
      ],
    ),
    ...["every Friday", "61 * * * *", ""].map((from): [string, string, string] => [
      `a freeze that begins ${JSON.stringify(from)}`,
      inStaging(`freezes: [{ from: ${JSON.stringify(from)}, lasts: 2h }]`),
      `${where}.freezes.0.from" takes a cron schedule such as "0 18 * * FRI".`,
    ]),
    [
      "a freeze in a zone that is nowhere",
      inStaging('freezes: [{ from: "0 18 * * FRI", lasts: 2h, zone: Europe/Atlantis }]'),
      `${where}.freezes.0.zone" takes a time zone such as Europe/Berlin.`,
    ],
    ...(
      [
        ["duration: 1500ms, renew_deadline: 1s, retry_period: 100ms", "duration", "whole seconds"],
        ["duration: 500ms", "duration", "1s or more"],
        ["renew_deadline: 15s", "renew_deadline", "less than duration"],
        ["duration: 5s", "renew_deadline", "less than duration"],
        ["retry_period: 9s", "retry_period", "1.2 of it less than renew_deadline"],
      ] as const
    ).map(([lease, key, why]): [string, string, string] => [
      `the lease { ${lease} }`,
      `environments: { a: {} }\nhome:\n  lease: { ${lease} }`,
      `docc.yaml line 3: "home.lease.${key}" takes ${why}.`,
    ]),
    [
      "no environments",
      "environments: {}",
      'docc.yaml line 1: "environments" takes at least one environment.',
    ],
    [
      "environments as a list",
      "environments: [staging]",
      'docc.yaml line 1: "environments" takes keys with values.',
    ],
    [
      "an environment without settings",
      "environments:\n  staging:\n",
      'docc.yaml line 2: "environments.staging" is empty.',
    ],
    [
      "a bad environment name",
      "environments: { Bad_Name: {} }",
      'docc.yaml line 1: "environments.Bad_Name" takes a DNS label: lower case letters, digits and -, at most 63.',
    ],
    [
      "a number as a duration",
      inStaging("rollout: { timeout: 600 }"),
      `${where}.rollout.timeout" takes a duration in quotes, such as "60s", "10m" or "1h30m".`,
    ],
    [
      "words as a duration",
      inStaging("rollout: { stable: a while }"),
      `${where}.rollout.stable" takes a duration such as "60s", "10m" or "1h30m".`,
    ],
    [
      "no time at all",
      inStaging("rollout: { timeout: 0s }"),
      `${where}.rollout.timeout" takes 10s or more.`,
    ],
    [
      "a channel's name",
      inStaging('channel: "#deploys"'),
      `${where}.channel" takes a Slack channel id such as C0123456789, never a name.`,
    ],
    [
      "a domain with a scheme",
      inStaging("domain: https://example.com"),
      `${where}.domain" takes a domain such as example.com.`,
    ],
    [
      "an unknown controller",
      inStaging("ingress: { profile: nginx }"),
      `${where}.ingress.profile" takes one of haproxy, traefik, f5-nginx, plain.`,
    ],
    ["a scale of nothing", inStaging("max_scale: 0"), `${where}.max_scale" takes 1 or more.`],
    [
      "a scale beyond reason",
      inStaging("max_scale: 10001"),
      `${where}.max_scale" takes at most 10000.`,
    ],
    ["half a pod", inStaging("max_scale: 1.5"), `${where}.max_scale" takes a whole number.`],
    [
      "one registry without a list",
      inStaging("registries: ghcr.io"),
      `${where}.registries" takes a list.`,
    ],
    [
      "a registry without a name",
      inStaging('registries: [ghcr.io, ""]'),
      `${where}.registries.1" is empty.`,
    ],
    [
      "a quoted port",
      'slack: { port: "3000" }\nenvironments: { a: {} }',
      'docc.yaml line 1: "slack.port" takes a number.',
    ],
    ...webhookMistakes,
    [
      "two environments in one place",
      "environments:\n  staging: {}\n  production: {}",
      'docc.yaml line 3: "environments.production" takes a context or namespace of its own: staging has the same, and their apps would overwrite each other.',
    ],
    [
      "a group that may do everything",
      inStaging("impersonate: { groups: [system:masters] }"),
      `${where}.impersonate.groups.0" takes a name without spaces that does not begin with system:.`,
    ],
    [
      "an empty name for docc's own acts",
      inStaging('impersonate: { own: "" }'),
      `${where}.impersonate.own" takes a name without spaces that does not begin with system:.`,
    ],
    [
      "a person by name",
      inPeople("{ slack: '@developer', kubernetes: developer }"),
      'docc.yaml line 3: "people.0.slack" takes a Slack user id such as U0123456789, never a name.',
    ],
    [
      "a service account as a person",
      inPeople("{ slack: UDEVELOPER, kubernetes: 'system:serviceaccount:ci:ci' }"),
      'docc.yaml line 3: "people.0.kubernetes" takes a user name as `kubectl auth whoami` says it, and no system: account.',
    ],
    [
      "a person without a second identity",
      inPeople("{ slack: UDEVELOPER }"),
      'docc.yaml line 3: "people.0.kubernetes" is missing.',
    ],
    [
      "a Slack identity of two people",
      inPeople(
        "{ slack: UDEVELOPER, kubernetes: developer }",
        "{ slack: UDEVELOPER, kubernetes: approver }",
      ),
      'docc.yaml line 4: "people.1.slack" takes an identity of its own: it stands in this list already.',
    ],
    [
      "a Kubernetes identity of two people",
      inPeople(
        "{ slack: UDEVELOPER, kubernetes: developer }",
        "{ slack: UAPPROVER, kubernetes: developer }",
      ),
      'docc.yaml line 4: "people.1.kubernetes" takes an identity of its own: it stands in this list already.',
    ],
  ])("refuses %s", (_name, text, message) => {
    const refusal = refusalOf(() => parse(text));
    expect({ reason: refusal.reason, message: refusal.message }).toEqual({
      reason: "bad-config",
      message,
    });
    expect(refusal.message).not.toMatch(/xoxb|hunter2/);
  });

  it.each([
    "https://hooks.example.com/docc?team=a",
    "https://10.0.0.7:8443/",
    "http://localhost:8080/",
    "http://127.0.0.1/",
    "http://[::1]/",
  ])("sends events to %s", (receiver) => {
    const { paging } = parse(withWebhook("paging", `{ url: "${receiver}" }`)).webhooks;
    expect(paging).toEqual({
      url: receiver,
      insecure: false,
      retry_for: 24 * 3_600_000,
    });
  });

  it("sends events by plain http where the operator says so", () => {
    const text = withWebhook("paging", '{ url: "http://hooks.internal", insecure: true }');
    expect(parse(text).webhooks["paging"]?.url).toBe("http://hooks.internal");
  });

  it("says five mistakes at once, each with its line", () => {
    const text = `environments:\n${Array.from({ length: 7 }, (_, at) => `  e${at}: { x: 1 }\n`).join("")}`;
    const lines = refusalOf(() => parse(text)).message.split("\n");
    expect(lines).toHaveLength(5);
    expect(lines[4]).toBe('docc.yaml line 6: "environments.e4.x" is not a key of docc.yaml.');
  });

  it("lets two environments share a namespace's name in different clusters", () => {
    const text = "environments: { a: { context: one }, b: { context: two } }";
    expect(Object.keys(parse(text).environments)).toEqual(["a", "b"]);
  });
});

describe("the reference of docc.yaml", () => {
  it.each(configKeys().map(({ path, schema }) => [path, schema.description ?? ""]))(
    "explains %s in a sentence",
    (_path, description) => {
      expect(description).toMatch(/^[A-Z`].+\.$/);
    },
  );

  it("is docs/config.md (UPDATE=1 writes it)", () => {
    const file = new URL("../docs/config.md", import.meta.url);
    if (process.env["UPDATE"] === "1") writeFileSync(file, configReference());
    expect(readFileSync(file, "utf8")).toBe(configReference());
  });
});

describe("the default environment", () => {
  const of = (...names: readonly string[]): string =>
    defaultEnvironment(
      parse(
        names.reduce(
          (text, name) => `${text}  ${name}: { namespace: ${name} }\n`,
          "environments:\n",
        ),
      ),
    );

  it.each([
    ["is the first one", ["staging", "production"], "staging"],
    ["is never production while there is another", ["production", "staging", "test"], "staging"],
    ["is production when it is the only one", ["production"], "production"],
    ["is the only one", ["qa"], "qa"],
  ])("%s", (_name, names, expected) => {
    expect(of(...names)).toBe(expected);
  });
});

describe("the platform of an environment", () => {
  it("is what its settings say", () => {
    const text = `environments:
  staging:
    namespace: apps
    domain: staging.example.com
    domains: [example.org]
    team_domains: { payments: [pay.example.net] }
    ingress: { class: public, profile: traefik }
    gateway: { name: edge, namespace: gateways }
    issuer: { name: ca, kind: Issuer }
    registries: [registry.example.com]
    pull_secrets: [registry-pull]
    defaults: { cpu: 50m, memory: null, read_only: false }
    allow_root: true
    max_scale: 5
    rollout: { timeout: 90s500ms }
`;
    const { staging } = parse(text).environments;
    if (staging === undefined) throw new Error("no staging");
    expect(platformOf("staging", staging, ["staging", "production"])).toEqual({
      environment: "staging",
      environments: ["staging", "production"],
      namespace: "apps",
      domain: "staging.example.com",
      domains: ["example.org"],
      teamDomains: { payments: ["pay.example.net"] },
      ingress: { className: "public", profile: "traefik" },
      gateway: { name: "edge", namespace: "gateways" },
      issuer: { name: "ca", kind: "Issuer", group: "cert-manager.io" },
      registries: ["registry.example.com"],
      pullSecrets: ["registry-pull"],
      defaults: { cpu: "50m", readOnly: false },
      allowRoot: true,
      maxScale: 5,
      progressDeadlineSeconds: 91,
    });
  });

  it("allows all registries, and exposes by Ingress, where nothing else is said", () => {
    const { a } = parse("environments: { a: {} }").environments;
    if (a === undefined) throw new Error("no a");
    const platform = platformOf("a", a, ["a"]);
    expect(platform).not.toHaveProperty("registries");
    expect(platform).not.toHaveProperty("gateway");
  });

  it("is the built-in one for an environment of which nothing is said", () => {
    const { production } = parse("environments: { production: {} }").environments;
    if (production === undefined) throw new Error("no production");
    expect(platformOf("production", production, ["production"])).toEqual({
      ...defaultPlatform,
      environments: ["production"],
      domains: [],
      teamDomains: {},
      pullSecrets: [],
    });
  });
});

describe("the process's environment", () => {
  const bot = "xoxb-1-bot-secret";
  const app = "xapp-1-app-secret";

  it("has defaults, also for empty variables", () => {
    const defaults = {
      configFile: "docc.yaml",
      kubeconfig: undefined,
      slackApiUrl: undefined,
      logLevel: "info",
    };
    expect(readProcessSettings({})).toEqual(defaults);
    const empty = { DOCC_CONFIG: "", KUBECONFIG: "", SLACK_API_URL: "", LOG_LEVEL: "" };
    expect(readProcessSettings(empty)).toEqual(defaults);
  });

  it("says where everything is", () => {
    const env = { DOCC_CONFIG: "a", KUBECONFIG: "b", SLACK_API_URL: "c", LOG_LEVEL: "debug" };
    expect(readProcessSettings(env)).toEqual({
      configFile: "a",
      kubeconfig: "b",
      slackApiUrl: "c",
      logLevel: "debug",
    });
  });

  it("gives the tokens that the mode needs, and only these", () => {
    const env = { SLACK_BOT_TOKEN: bot, SLACK_APP_TOKEN: app, SLACK_SIGNING_SECRET: "s" };
    expect(readSecrets("socket", env)).toEqual({
      botToken: bot,
      appToken: app,
      signingSecret: undefined,
    });
    expect(readSecrets("http", env)).toEqual({
      botToken: bot,
      appToken: undefined,
      signingSecret: "s",
    });
  });

  const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  const { webhooks } = parse(withWebhook("on-call", `{ ${url} }`));

  it("gives the keys of webhooks, two while one is replaced", () => {
    const key = new Uint8Array(Buffer.from(secret.slice("whsec_".length), "base64"));
    const read = (value: string) =>
      readAllWebhookKeys({ webhooks }, { DOCC_WEBHOOK_SECRET_ON_CALL: value }).get("on-call");
    const bytes = (value: string) => read(value)?.map((each) => new Uint8Array(each));
    expect(bytes(secret)).toEqual([key]);
    expect(bytes(`${secret} ${secret}\n`)).toEqual([key, key]);
  });

  it.each([
    ["nothing", undefined, "DOCC_WEBHOOK_SECRET_ON_CALL is not set."],
    ["blanks", " \n", "DOCC_WEBHOOK_SECRET_ON_CALL is not set."],
    ...["hunter2", "whsec_hunter2", `${secret} hunter2`, `${secret} ${secret} ${secret}`].map(
      (value): [string, string, string] => [
        value,
        value,
        "DOCC_WEBHOOK_SECRET_ON_CALL holds something else than one or two secrets.",
      ],
    ),
  ])("takes %s for no secret of a webhook, and does not repeat it", (_name, value, message) => {
    const env = { DOCC_WEBHOOK_SECRET_ON_CALL: value };
    const refusal = refusalOf(() => readAllWebhookKeys({ webhooks }, env));
    expect(refusal).toMatchObject({ reason: "bad-config", message });
    expect(`${refusal.message} ${refusal.hint ?? ""}`).not.toMatch(/hunter2|MfKQ9r8G/);
  });

  it("forgives the newline at the end of a file", () => {
    expect(
      readSecrets("http", { SLACK_BOT_TOKEN: `${bot}\n`, SLACK_SIGNING_SECRET: "s\n" }),
    ).toMatchObject({
      botToken: bot,
      signingSecret: "s",
    });
  });

  it.each<["socket" | "http", Record<string, string>, string]>([
    ["socket", {}, "SLACK_BOT_TOKEN is not set."],
    ["socket", { SLACK_BOT_TOKEN: "" }, "SLACK_BOT_TOKEN is not set."],
    ["socket", { SLACK_BOT_TOKEN: " \n" }, "SLACK_BOT_TOKEN is not set."],
    [
      "socket",
      { SLACK_BOT_TOKEN: app },
      "SLACK_BOT_TOKEN does not start with xoxb-: it holds something else.",
    ],
    ["socket", { SLACK_BOT_TOKEN: bot }, "SLACK_APP_TOKEN is not set."],
    [
      "socket",
      { SLACK_BOT_TOKEN: bot, SLACK_APP_TOKEN: bot },
      "SLACK_APP_TOKEN does not start with xapp-: it holds something else.",
    ],
    ["http", { SLACK_BOT_TOKEN: bot }, "SLACK_SIGNING_SECRET is not set."],
    [
      "http",
      { SLACK_BOT_TOKEN: bot, SLACK_SIGNING_SECRET: " " },
      "SLACK_SIGNING_SECRET is not set.",
    ],
  ])("in %s mode with %j is refused without its values", (mode, env, message) => {
    const refusal = refusalOf(() => readSecrets(mode, env));
    expect(refusal).toMatchObject({ reason: "bad-config", message });
    expect(`${refusal.message} ${refusal.hint ?? ""}`).not.toContain("secret");
  });
});

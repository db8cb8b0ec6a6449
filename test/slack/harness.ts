import { createHash } from "node:crypto";
import { z } from "zod";
import { SteppedClock } from "../../sandbox/clock.ts";
import type { FakeSlack } from "../../sandbox/slack/fake-slack.ts";
import { startFakeSlack } from "../../sandbox/slack/server.ts";
import { defineCommand, type Command } from "../../src/commands/define.ts";
import type { AuditLine } from "../../src/commands/dispatch.ts";
import { listedApp } from "../../src/commands/list-apps.ts";
import type { Ports } from "../../src/commands/ports.ts";
import { DoccError } from "../../src/errors.ts";
import { defaultPlatform } from "../../src/manifest/platform.ts";
import { releasesOf } from "../../src/release/rollback.ts";
import type { Application, Release, ReleaseSpec } from "../../src/release/release.ts";
import { createSlackEdge, type SlackEdge, type Voice } from "../../src/slack/app.ts";
import { homeOpened } from "../../src/slack/listeners.ts";
import { mentionEvent } from "../../src/slack/mention.ts";
import { scopes } from "../../src/slack/scopes.ts";
import type { SlackSettings } from "../../src/slack/settings.ts";
import { readingOf, unanswered } from "../commands/ports.ts";

/** docc's Slack edge, with commands of its own for the tests, at an emulated Slack. */
export interface Harness {
  readonly slack: FakeSlack;
  readonly edge: SlackEdge & Pick<Voice, "messenger">;
  readonly clock: SteppedClock;
  readonly audits: readonly AuditLine[];
  readonly stored: ReadonlyMap<string, ReleaseSpec>;
  readonly logged: readonly string[];
  /** Holds the store of requests back once it is reached, until it is released. */
  holdStore(): { readonly reached: Promise<void>; readonly release: () => void };
  stop(): Promise<void>;
}

export interface HarnessOptions {
  readonly mode: SlackSettings["mode"];
  readonly environments?: readonly string[];
  /** The commands of the tests' own unless told. */
  readonly registry?: readonly Command[];
  /** What docc knows. */
  readonly applications?: readonly Application[];
  readonly releases?: readonly Release[];
  /** What commands stand on, in the place of the tests' own. */
  readonly ports?: Omit<Ports, "files" | "namesOf">;
}

const inArgument = z.string().optional().describe("the environment");

const deploy = defineCommand({
  name: "deploy",
  summary: "Deploy an app",
  needs: "deploy",
  who: "Everybody.",
  answers: "ack",
  positional: ["app"],
  args: z.object({ app: z.string().optional(), in: inArgument }),
  rest: "words",
  examples: ["deploy web"],
  run: async ({ app, in: environment }, request, ports, words) => {
    const form = { command: "deploy", ...(app === undefined ? {} : { app }) } as const;
    if (request.manifest === undefined && app === undefined) {
      return { text: "Give a manifest.", form: { ...form, open: true } };
    }
    if (app === "unknown" && request.manifest === undefined) {
      return {
        text: "docc does not know unknown yet.",
        form: { ...form, open: false },
        reason: "not-found",
      };
    }
    if (request.manifest?.type === "inline" && !request.manifest.text.includes("application")) {
      const finding = {
        severity: "error",
        code: "missing-key",
        message: "application is missing.",
        path: "",
        line: 1,
        column: 1,
        hint: "Add it.",
      } as const;
      return {
        text: "Not accepted: 1 error in the manifest.",
        findings: [finding],
        reason: "bad-input",
      };
    }
    await ports.releases.create(`${app ?? "upload"}-${ports.hash(request.delivery).slice(0, 12)}`, {
      ...(app === undefined ? {} : { app }),
      environment: environment ?? ports.defaultEnvironment,
      kind: "deploy",
      source: request.manifest?.type === "slack-file" ? request.manifest : { type: "stored" },
      words,
      requester: request.requester,
      ...(request.channel === undefined ? {} : { channel: request.channel }),
    });
    return { text: `Accepted: ${app ?? "your manifest"}. Its thread tells the rest.` };
  },
});

const logs = defineCommand({
  name: "logs",
  summary: "Show the log",
  needs: "read",
  answers: "later",
  positional: ["app"],
  args: z.object({ app: z.string(), in: inArgument }),
  examples: ["logs web"],
  run: ({ app }) =>
    Promise.resolve({ text: `The log of ${app}.`, snippet: { title: "log", text: "<!channel>" } }),
});

const validate = defineCommand({
  name: "validate",
  summary: "Check a manifest",
  needs: "read",
  answers: "later",
  positional: [],
  args: z.object({ in: inArgument }),
  examples: ["validate"],
  run: async (_args, { manifest }, ports) => {
    if (manifest === undefined)
      return { text: "Give one.", form: { command: "validate", open: true } };
    if (manifest.type === "inline") return { text: "The text is valid." };
    const { name, text } = await ports.files.read(manifest.file);
    return { text: `${name} has ${text.byteLength} bytes.` };
  },
});

const refuse = defineCommand({
  name: "refuse",
  summary: "Refuse",
  needs: "read",
  answers: "ack",
  positional: [],
  args: z.object({}),
  examples: ["refuse"],
  run: () =>
    Promise.reject(new DoccError("conflict", "web is locked.", { hint: "Ask its owner." })),
});

const ownRegistry: readonly Command[] = [deploy, logs, validate, refuse];

export async function startHarness(options: HarnessOptions): Promise<Harness> {
  const clock = new SteppedClock();
  const slack = await startFakeSlack({
    clock,
    scopes,
    events: [homeOpened, mentionEvent],
  });
  const audits: AuditLine[] = [];
  const logged: string[] = [];
  const store = new Store();
  const log = (level: string) => (fields: object, message: string) => {
    logged.push(`${level} ${message} ${JSON.stringify(fields)}`);
  };
  const edge = await createSlackEdge({
    settings: settingsOf(slack, options.mode),
    registry: options.registry ?? ownRegistry,
    ports: options.ports ?? portsOf(clock, store, options),
    clock,
    random: () => 0.5,
    logger: { debug: log("debug"), info: log("info"), warn: log("warn"), error: log("error") },
    people: [],
    audit: (line) => audits.push(line),
  });
  const voice = edge.openVoice(() => undefined);
  await edge.start();
  const port = edge.port();
  slack.deliverTo(port === undefined ? undefined : `http://127.0.0.1:${port}/slack/events`);
  return {
    slack,
    edge: { ...edge, messenger: voice.messenger },
    clock,
    audits,
    logged,
    stored: store.releases,
    holdStore: () => store.hold(),
    stop: async () => {
      // The fake clock moves only by steps, so each stage's grace has to pass by one.
      const ticking = setInterval(() => clock.step(1_000), 20);
      await edge.stopIntake(3_000);
      await voice.messenger.flush(3_000);
      voice.close();
      clearInterval(ticking);
      await slack.stop();
    },
  };
}

export function settingsOf(slack: FakeSlack, mode: SlackSettings["mode"]): SlackSettings {
  return { mode, apiUrl: slack.apiUrl, ...slack.credentials, port: 0, host: "127.0.0.1" };
}

class Store {
  readonly releases = new Map<string, ReleaseSpec>();
  #gate: () => Promise<void> = () => Promise.resolve();

  hold(): ReturnType<Harness["holdStore"]> {
    const reached = Promise.withResolvers<void>();
    const open = Promise.withResolvers<void>();
    this.#gate = () => {
      reached.resolve();
      return open.promise;
    };
    return { reached: reached.promise, release: open.resolve };
  }

  async create(name: string, spec: ReleaseSpec): Promise<boolean> {
    await this.#gate();
    if (this.releases.has(name)) return false;
    this.releases.set(name, spec);
    return true;
  }
}

function portsOf(
  clock: SteppedClock,
  store: Store,
  { applications = [], environments = ["production"], releases = [] }: HarnessOptions,
): Omit<Ports, "files" | "namesOf"> {
  return {
    clock,
    environments: new Map(
      environments.map((name) => [
        name,
        {
          name,
          platform: { ...defaultPlatform, environment: name },
          freezes: [],
          links: {},
          health: () => Promise.resolve(undefined),
          logs: () => Promise.resolve(readingOf([])),
          events: () => Promise.resolve([]),
          inspect: () => Promise.resolve(unanswered),
          drift: () => Promise.resolve([]),
          adoptable: () => Promise.reject(new DoccError("not-found", "There is none.")),
        },
      ]),
    ),
    audit: { read: () => Promise.resolve({ records: [] }) },
    defaultEnvironment: environments[0] ?? "production",
    preferences: {
      subjectOf: () => undefined,
      of: () => ({}),
      state: "known",
      change: () => Promise.resolve({ before: {}, after: {} }),
    },
    releases: {
      create: (name, spec) => store.create(name, spec),
      find: (name) => Promise.resolve(releases.find(({ metadata }) => metadata.name === name)),
      kept: (name) => releases.find(({ metadata }) => metadata.name === name),
      of: (app, environment) => releasesOf(releases, app, environment),
      unfinished: () => [],
      all: () => [],
    },
    heldUp: () => undefined,
    ownersOfTeam: () => [],
    decide: () => Promise.reject(new DoccError("not-found", "There is no such release.")),
    mayApprove: () => Promise.resolve(false),
    locks: {
      lock: () => Promise.resolve({ refused: "not-allowed" }),
      unlock: () => Promise.resolve({ refused: "not-locked" }),
    },
    apps: {
      find: (app, environment) =>
        applications.find(({ spec }) => spec.app === app && spec.environment === environment),
      list: () => applications,
      listed: listedApp,
      ready: true,
    },
    hash: (text) => createHash("sha256").update(text).digest("hex"),
  };
}

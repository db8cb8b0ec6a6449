import { createHash } from "node:crypto";
import { type Clock, systemClock } from "./clock.ts";
import { registry } from "./commands/registry.ts";
import { type Config, leaseTimesOf, organisationOf } from "./config.ts";
import { createController } from "./controller/controller.ts";
import { DriftNotes } from "./controller/drift-notes.ts";
import type { ControllerPorts } from "./controller/ports.ts";
import { ThreadNotes } from "./controller/thread-notes.ts";
import { openClusters } from "./docc/clusters.ts";
import { commandPorts } from "./docc/command-ports.ts";
import { startCommands, startDecisions } from "./docc/answering.ts";
import { openEnvironments, openRegistries, publishedEnvironments } from "./docc/environments.ts";
import { type Leading, startLeading } from "./docc/leader.ts";
import { openAuditLog } from "./jobs/audit-log.ts";
import { openWebhooks } from "./docc/webhooks.ts";
import { startDriftWatch } from "./jobs/drift.ts";
import { startJobs } from "./jobs/jobs.ts";
import { startPublishing } from "./jobs/publishing.ts";
import { openElection, type Term } from "./k8s/election/elector.ts";
import { onlyWhile } from "./k8s/election/fence.ts";
import { createAskedStore } from "./k8s/asked-store.ts";
import { openRecordCache } from "./k8s/record-cache.ts";
import { openPreferences } from "./k8s/preference-store.ts";
import { publish } from "./k8s/published-store.ts";
import { createRecords } from "./k8s/records.ts";
import type { Logger } from "./log.ts";
import { createSlackEdge } from "./slack/app.ts";
import type { SlackSettings } from "./slack/settings.ts";

export interface DoccOptions {
  readonly config: Config;
  readonly slack: SlackSettings;
  /** File of the kubeconfig, or its text; without either, the pod's own service account. */
  readonly kubeconfig: { readonly path?: string; readonly text?: string };
  /** The keys that sign what each webhook of the configuration gets, by its name. */
  readonly webhookKeys: ReadonlyMap<string, readonly Uint8Array[]>;
  /** Decides by it; requests keep the time of the wall. */
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  /** Unique to this process among all replicas there ever are: the lease's holder. */
  readonly identity: string;
  readonly log: Logger;
}

/** Of the Lease in docc's own namespace. */
const leaseName = "docc";
/** How long a start waits for what people prefer. */
const preferencesPatienceMs = 5_000;

export interface Docc {
  /** True while Slack and the home cluster are there for us: a standby answers commands, too. */
  ready(): boolean;
  /** True while this process is the one that lets releases move. */
  leads(): boolean;
  /** In http mode the port that was taken. */
  port(): number | undefined;
  /**
   * Finishes what is in hand, at most so many milliseconds, and lets another replica lead at once.
   * Whatever is left goes on there, or at the next start.
   */
  stop(graceMs: number): Promise<void>;
}

/**
 * Puts the house together and opens it: resolves when commands are answered. Releases move in the
 * replica that leads, and a lease that nobody holds is taken before this resolves.
 */
export async function startDocc(options: DoccOptions): Promise<Docc> {
  const { config, clock, random, log } = options;
  const { home, retention } = config;
  const mayWrite = onlyWhile(() => election.leads());
  const clusters = openClusters(options, mayWrite);
  const election = openElection({
    api: clusters.apart(home.context, home.lease.renew_deadline / 2),
    namespace: home.namespace,
    name: leaseName,
    identity: options.identity,
    times: leaseTimesOf(config),
    clock: systemClock,
    monotonic: () => performance.now(),
    random,
    log,
  });
  const records = createRecords(clusters.at(home.context), home.namespace);
  const registries = openRegistries(options, clusters.at);
  const webhooks = openWebhooks(options);
  const environments = openEnvironments(options, clusters.led, registries.of);
  // Whoever leads before it lists has no need to list again.
  await election.looked();
  const openedIn = election.term();
  let leading: Leading | undefined;
  const cache = openRecordCache({
    api: clusters.at(home.context),
    namespace: home.namespace,
    clock: systemClock,
    random,
    onError: (error) => log.warn({ err: error }, "the records cannot be read; trying again"),
    // Until everything is known the controller would take a running release for a waiting one.
    onRelease: (name) => (cache.synced ? leading?.touch(name) : undefined),
  });
  const preferences = openPreferences({
    api: clusters.at(home.context),
    namespace: home.namespace,
    clock: systemClock,
    random,
    onError: (error) => log.warn({ err: error }, "preferences cannot be read; trying again"),
  });
  const hash = (text: string): string => createHash("sha256").update(text).digest("hex");
  const rules = { organisation: organisationOf(config), people: config.people };
  const auditLog = openAuditLog({
    api: clusters.at(home.context),
    namespace: home.namespace,
    clock,
    random,
    hash,
    log,
  });
  const preferred: ControllerPorts["preferences"] = (kind, id) =>
    preferences.of({ kind, team: edge.teamId, id });
  const shared = { ...rules, cache, environments, clock, log };
  const parts = { config, preferences, preferred, hash, audit: auditLog, slack: () => edge };
  const ports = commandPorts({ ...shared, ...parts, records });
  const edge = await createSlackEdge({
    settings: options.slack,
    registry,
    ports,
    clock,
    random,
    logger: log,
    people: config.people,
    audit: (line, error) => auditLog.record(line, error),
  }).catch(async (error: unknown) => {
    // A replica that Slack refuses must not keep the others waiting for its lease to expire.
    await election.stop(0);
    throw error;
  });
  const { seal_after: sealAfter, channel, archived } = config.audit;
  const led = createRecords(clusters.led(home.context), home.namespace);
  const published = publishedEnvironments(config);
  const asked = { api: clusters.led(home.context), namespace: home.namespace };
  const notes = new ThreadNotes({ records: led, cache });
  const drifts = new DriftNotes({ records: led, cache });
  const lead = (term: Term): Leading => {
    const voice = edge.openVoice(mayWrite);
    const { messenger } = voice;
    const tell = (to: string, sentence: string): Promise<void> => edge.announce(to, sentence);
    const leaders: ControllerPorts = {
      ...shared,
      leads: () => election.leads(),
      random,
      hash,
      records: led,
      directory: edge.directory,
      preferences: preferred,
      files: edge.files,
      messenger,
      notes,
      webhooks,
    };
    leading = startLeading({
      cache,
      isFresh: term === openedIn,
      voice,
      createController: () => createController(leaders),
      startJobs: () => [
        startDriftWatch({ ...leaders, drifts }, config.drift.every),
        startJobs(
          { clock, records: led, cache, asked: createAskedStore(asked.api, asked.namespace), log },
          retention,
        ),
        startPublishing({
          publish: () => publish(asked.api, asked.namespace, published),
          clock,
          random,
          log,
        }),
        auditLog.startSealing({ cache, tell }, { sealAfter, channel, archived }),
        startDecisions({ ...leaders, audit: (line) => auditLog.record(line) }, asked),
        startCommands(
          {
            ...leaders,
            registry,
            ports: {
              ...commandPorts({ ...shared, ...parts, records: led }),
              files: edge.files,
              namesOf: edge.namesOf,
            },
            audit: (line, error) => auditLog.record(line, error),
          },
          asked,
        ),
      ],
      log,
    });
    return leading;
  };
  const stop = async (graceMs: number): Promise<void> => {
    // Nothing new comes in and what runs is answered; meanwhile the leader ends its steps, says what they
    // have to say, and gives its lease up.
    await Promise.all([edge.stopIntake(graceMs), election.stop(graceMs)]);
    await auditLog.stop(graceMs);
    edge.close();
    await Promise.all([cache.stop(), preferences.stop()]);
    await Promise.all([...environments.values()].map(({ cluster }) => cluster.stop()));
    await Promise.all([registries.close(), ...webhooks.map((webhook) => webhook.close())]);
    await clusters.close();
  };
  try {
    // A convenience keeps nobody from leading: until preferences are known, commands need their in=.
    const known = preferences.settled(preferencesPatienceMs);
    await Promise.all([edge.start(), cache.waitUntilSynced(), known]);
  } catch (error) {
    await stop(0);
    throw error;
  }
  election.serve(lead);
  return {
    ready: () => edge.connected() && cache.synced,
    leads: () => election.leads(),
    port: () => edge.port(),
    stop,
  };
}

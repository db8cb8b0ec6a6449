import { App, LogLevel } from "@slack/bolt";
import type { Clock } from "../clock.ts";
import type { Command } from "../commands/define.ts";
import type { AuditLine } from "../commands/dispatch.ts";
import type { Ports } from "../commands/ports.ts";
import type { Address, ManifestFiles, Messenger } from "../controller/messenger.ts";
import type { Directory } from "../controller/ports.ts";
import { DoccError } from "../errors.ts";
import type { People } from "../release/people.ts";
import { createAddressing } from "./addressing.ts";
import { emptyLedger } from "./budget.ts";
import { type Clients, clientOptions, createClients } from "./clients.ts";
import { Desk } from "./desk.ts";
import { createDirectory } from "./directory.ts";
import { failureOf } from "./failures.ts";
import { createManifestFiles } from "./files.ts";
import { Follows } from "./follows.ts";
import { HomeTab } from "./home.ts";
import { Door, type Workspace } from "./identity.ts";
import { Intake } from "./intake.ts";
import { listen } from "./listeners.ts";
import { boltLogger, describeError, type Logger } from "./logger.ts";
import { createLookout } from "./lookout.ts";
import { createMessenger } from "./messenger.ts";
import { createNaming } from "./naming.ts";
import { createPeople } from "./people.ts";
import { type SlackSettings, trustedFileOrigin } from "./settings.ts";
import { createTell } from "./tell.ts";
import { createTransport, type Transport } from "./transport.ts";
import type { Message } from "./message.ts";
import { createUploads } from "./uploads.ts";
import { announcement } from "./views/announcement.ts";
import { permittedWire, webWire } from "./wire.ts";
import { type Book, MessageWriter } from "./writer.ts";

export interface SlackEdgeOptions {
  readonly settings: SlackSettings;
  readonly registry: readonly Command[];
  /** The edge itself reads files, and knows what people are called. */
  readonly ports: Omit<Ports, "files" | "namesOf">;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly logger: Logger;
  readonly audit: (line: AuditLine, error?: unknown) => void;
  /** Identities that are one person. */
  readonly people: People;
}

export interface SlackEdge {
  /** Resolves when Slack can reach docc: at the first connection, or when the port listens. */
  start(): Promise<void>;
  /** Takes nothing new, and finishes the commands that run, within `graceMs`. */
  stopIntake(graceMs: number): Promise<void>;
  connected(): boolean;
  /** Sends nothing any more by {@link announce}. */
  close(): void;
  /**
   * Posts one sentence of a command, once, by the replica that took it; rejects as
   * {@link Messenger.open} does. Everything that goes on is told by the leader's voice.
   * @param named Slack ids that stand in it as `@U0123`
   */
  announce(to: string, sentence: string, named?: readonly string[]): Promise<void>;
  /** The TCP port in http mode, once started. */
  port(): number | undefined;
  /** A voice in the channels, for as long as `permit` does not throw: only the leader has one. */
  openVoice(permit: () => void): Voice;
  readonly files: ManifestFiles;
  readonly namesOf: Ports["namesOf"];
  readonly directory: Directory;
  readonly botUserId: string;
  readonly teamId: string;
}

/** Who tells of releases. */
export interface Voice {
  readonly messenger: Messenger;
  /** Sends nothing any more; what waits is refused as `unavailable`. Flush the messenger first. */
  close(): void;
}

/**
 * Slack's side of docc: Bolt for what comes in, the one writer for what goes out.
 * @throws DoccError `bad-config` when Slack refuses the token, `unavailable` when it cannot be asked
 */
export async function createSlackEdge(options: SlackEdgeOptions): Promise<SlackEdge> {
  const { settings, clock, random, logger } = options;
  const clients = createClients(settings, logger);
  const installation = await identify(clients);
  const transport = createTransport({ settings, clock, random, logger });
  const files = createFiles(options, clients);
  const wire = webWire(clients.progress);
  // Slack counts the edits of both writers together: what is followed leaves room for the voice's by this.
  const book: Book = { ledger: emptyLedger };
  const announcements = new MessageWriter({ wire, book, clock, random, logger });
  const tell = createTell(clients.interactive, logger);
  const people = createPeople(clients.reads, clock, logger);
  const { teamId, botUserId } = installation;
  const addressing = createAddressing(people, (id) =>
    ports.preferences.of({ kind: "person", team: teamId, id }),
  );
  const lookout = createLookout(clients.reads, botUserId, logger);
  const door = new Door(clients.interactive, installation, clock);
  const joined = options.people;
  const directory = createDirectory({
    client: clients.reads,
    people,
    door,
    clock,
    teamId,
    joined,
  });
  const namesOf = createNaming({ people, directory, joined, logger });
  const ports = { ...options.ports, files, namesOf };
  const desk = new Desk({ ...options, ports });
  const post = async (channel: string, message: Message): Promise<void> => {
    await door.mayTell(channel);
    await announcements.post({ channel }, message);
  };
  const client = clients.interactive;
  const uploads = createUploads({ client, clock, ...trusted(settings) });
  const follows = new Follows({
    desk,
    direct: (user, message) => tell.directly(user, message),
    writer: announcements,
    remove: async ({ channel, ts }) => void (await client.chat.delete({ channel, ts })),
    clock,
    logger,
  });
  const home = new HomeTab({ client, door, joined, ports, clock, logger });
  const intake = new Intake({
    desk,
    door,
    home,
    uploads,
    follows,
    post,
    client,
    clock,
    logger,
    random,
  });
  const app = await createApp(options, transport, installation);
  const trustedOrigin = trustedFileOrigin(settings);
  listen(app, {
    intake,
    desk,
    door,
    client,
    tell,
    logger,
    workspace: installation,
    trustedOrigin,
  });
  return {
    start: () => transport.start(),
    stopIntake: async (graceMs) => {
      // Last words that Slack does not take must not use up the time in which the rest of docc ends.
      await Promise.all([stopIntake({ desk, transport }, graceMs), follows.close(graceMs / 2)]);
    },
    connected: () => transport.connected(),
    close: () => announcements.stop(),
    announce: async (channel, sentence, named) => {
      await post(channel, announcement(sentence, named));
    },
    port: () => transport.port(),
    openVoice: (permit) => {
      const permitted = permittedWire(wire, permit);
      const writer = new MessageWriter({ wire: permitted, book, clock, random, logger });
      const direct = async (user: string, message: Message): Promise<Address> => {
        permit();
        return tell.directly(user, message);
      };
      return {
        messenger: createMessenger({
          writer,
          logger,
          people,
          addressing,
          directory,
          lookout,
          door,
          direct,
        }),
        close: () => writer.stop(),
      };
    },
    files,
    namesOf,
    directory,
    botUserId,
    teamId,
  };
}

interface Installation extends Workspace {
  readonly botId: string;
}

async function identify({ interactive }: Clients): Promise<Installation> {
  const found = await interactive.auth.test().catch((cause: unknown) => {
    const failure = failureOf(cause);
    if (failure.kind === "permanent") {
      throw new DoccError("bad-config", `Slack refused the bot token (${failure.code}).`, {
        cause,
      });
    }
    throw new DoccError("unavailable", "Slack could not be asked who docc is.", { cause });
  });
  const { bot_id: botId, team_id: teamId, user_id: botUserId, enterprise_id: enterpriseId } = found;
  if (botId === undefined || teamId === undefined || botUserId === undefined) {
    throw new DoccError("bad-config", "The Slack token is no bot token.");
  }
  return { botId, teamId, botUserId, ...(enterpriseId === undefined ? {} : { enterpriseId }) };
}

function createFiles(
  { settings, clock, random }: SlackEdgeOptions,
  { reads }: Clients,
): ManifestFiles {
  return createManifestFiles({
    client: reads,
    botToken: settings.botToken,
    clock,
    random,
    ...trusted(settings),
  });
}

function trusted(settings: SlackSettings): { readonly trustedOrigin?: string } {
  const trustedOrigin = trustedFileOrigin(settings);
  return trustedOrigin === undefined ? {} : { trustedOrigin };
}

/** The ids are known already, so Bolt need not ask Slack for them again. */
async function createApp(
  { settings, logger }: SlackEdgeOptions,
  transport: Transport,
  { botId, botUserId }: Installation,
): Promise<App> {
  const app = new App({
    receiver: transport.receiver,
    token: settings.botToken,
    botId,
    botUserId,
    tokenVerificationEnabled: false,
    deferInitialization: true,
    convoStore: false,
    extendedErrorHandler: true,
    logger: boltLogger(logger),
    logLevel: LogLevel.INFO,
    clientOptions: clientOptions(settings, logger, 5_000),
  });
  app.error(async ({ error }: { readonly error: Error }) => {
    logger.error(describeError(error), "a slack listener failed");
    return Promise.resolve();
  });
  await app.init();
  return app;
}

async function stopIntake(
  { desk, transport }: { desk: Desk; transport: Transport },
  graceMs: number,
): Promise<void> {
  // An acknowledgement needs the connection it came through, so running work goes first.
  await desk.drained(graceMs / 2);
  await transport.stop();
  await desk.drained(graceMs / 2);
}

import type { Clock } from "../../src/clock.ts";
import type { Core } from "./core.ts";
import type { Dispatch } from "./dispatch.ts";
import type { Faults } from "./faults.ts";
import type { JsonObject } from "./json.ts";
import { Payloads } from "./payloads.ts";
import { Person } from "./person.ts";
import type { Renderable } from "./render.ts";
import { renderText } from "./render.ts";
import type { Seed } from "./seed.ts";
import type { DisconnectReason, Sockets } from "./sockets.ts";
import type { Names } from "./text.ts";
import type { Ack, Call, Delivery, Ephemeral, Message, View } from "./types.ts";
import type { WebApi } from "./web-api.ts";
import type { Workspace } from "./workspace.ts";

export interface FakeSlackOptions {
  /** Times acks, triggers, response URLs, rate limits and retries. */
  readonly clock: Clock;
  /** From 0 up to, not including, 1: picks the connection for each payload. */
  readonly random?: () => number;
  readonly workspace?: Seed;
  /** 0, the default, lets the system choose. */
  readonly port?: number;
  /** The granted bot scopes; all that are modelled unless told. */
  readonly scopes?: readonly string[];
  /** The subscribed events; all that are modelled unless told. */
  readonly events?: readonly string[];
  /** `home_tab_enabled` of the app; on unless told. */
  readonly homeTab?: boolean;
  /** The registered slash commands; `/docc` unless told. */
  readonly commands?: readonly string[];
  /**
   * The rate tiers are enforced, as Slack does, unless told otherwise: by a clock of their own where the app lives
   * faster than the fake does, or not at all.
   */
  readonly rateLimits?: Clock | "off";
}

/** The machinery of a running fake, put together by `startFakeSlack`. */
export interface Machinery {
  readonly core: Core;
  readonly sockets: Sockets;
  readonly dispatch: Dispatch;
  readonly api: WebApi;
  readonly credentials: Credentials;
  readonly commands: readonly string[];
  readonly settings: Settings;
  /** Closes the server and every connection. */
  readonly stop: () => Promise<void>;
}

/** What the operator of a real app would copy from Slack's pages. None of it is a secret here. */
export interface Credentials {
  readonly botToken: string;
  readonly appToken: string;
  readonly signingSecret: string;
}

/** What can change while the fake runs. */
export interface Settings {
  /** Where payloads go over HTTP; `undefined` sends them over Socket Mode. */
  requestUrl: string | undefined;
}

/** An emulated Slack workspace with one installed app: what people do in it, and what they see. */
export class FakeSlack {
  readonly credentials: Credentials;
  readonly workspace: Workspace;
  readonly faults: Faults;
  readonly #machinery: Machinery;
  readonly #payloads: Payloads;
  readonly #people = new Map<string, Person>();

  constructor(machinery: Machinery) {
    const { core, credentials } = machinery;
    this.#machinery = machinery;
    this.credentials = credentials;
    this.workspace = core.workspace;
    this.faults = core.faults;
    this.#payloads = new Payloads(core.workspace, core.origin);
  }

  /** `http://127.0.0.1:port`, without a slash. */
  get origin(): string {
    return this.#machinery.core.origin;
  }

  /** For `slackApiUrl` of the Bolt app and of its receiver. */
  get apiUrl(): string {
    return `${this.origin}/api/`;
  }

  /**
   * Delivers payloads over signed HTTP to this URL from now on, as to the request URLs of an app
   * without Socket Mode; `undefined` goes back to Socket Mode.
   */
  deliverTo(requestUrl: string | undefined): void {
    this.#machinery.settings.requestUrl = requestUrl;
  }

  async stop(): Promise<void> {
    await this.#machinery.stop();
  }

  /** The person with this id or name, at their Slack client. */
  as(reference: string): Person {
    const user = this.workspace.findUser(reference);
    if (user.deleted === true || user.isBot === true) {
      throw new Error(`${user.name} cannot sign in`);
    }
    const known = this.#people.get(user.id);
    if (known !== undefined) {
      return known;
    }
    const { core, dispatch, commands } = this.#machinery;
    const person = new Person(user, { core, dispatch, commands, payloads: this.#payloads });
    this.#people.set(user.id, person);
    return person;
  }

  /** The messages of a channel as it shows them, oldest first: roots and broadcast replies. */
  messages(channel: string): readonly Message[] {
    const { id } = this.workspace.findChannel(channel);
    return this.workspace
      .messages(id)
      .filter((message) => message.threadTs === undefined || message.isBroadcast === true);
  }

  /** The replies in a thread, oldest first, without the root message. */
  thread(channel: string, ts: string): readonly Message[] {
    const { id } = this.workspace.findChannel(channel);
    return this.workspace.messages(id).filter((message) => message.threadTs === ts);
  }

  /** What only this person sees, in all channels, oldest first. */
  ephemerals(user: string): readonly Ephemeral[] {
    return this.workspace.ephemerals(this.workspace.findUser(user).id);
  }

  /** The direct messages between this person and the bot, oldest first. */
  dms(user: string): readonly Message[] {
    const { id } = this.workspace.openDm(this.workspace.findUser(user));
    return this.workspace.messages(id);
  }

  /** The modals this person has open, the visible one last. */
  views(user: string): readonly View[] {
    return this.workspace.views.stack(this.workspace.findUser(user).id);
  }

  home(user: string): View | undefined {
    return this.workspace.views.home(this.workspace.findUser(user).id);
  }

  /** The Web API calls of the app so far, oldest first, of one method or of all. */
  calls(method?: string): readonly Call[] {
    return this.#machinery.api.calls.filter(
      (call) => method === undefined || call.method === method,
    );
  }

  /** Everything that was sent to the app, with attempts and outcome. */
  deliveries(): readonly Delivery[] {
    return this.#machinery.dispatch.deliveries;
  }

  /** How many Socket Mode connections are open. */
  connections(): number {
    return this.#machinery.sockets.count;
  }

  /** Asks every Socket Mode connection to leave; `cut` drops them without a word. */
  disconnect(reason: DisconnectReason | "cut"): void {
    if (reason === "cut") {
      this.#machinery.sockets.cut();
    } else {
      this.#machinery.sockets.disconnect(reason);
    }
  }

  /** Sends an event of a test's own making, as if the app had subscribed to it. */
  async event(event: JsonObject): Promise<Ack> {
    return this.#machinery.dispatch.deliverEvent(this.#payloads.event(event));
  }

  /** Delivers a payload once more under its old ids: the last one unless told. */
  async redeliver(deliveryId?: string): Promise<Ack> {
    return this.#machinery.dispatch.redeliver(deliveryId);
  }

  /**
   * Resolves with the first value of `read` that is neither `undefined` nor `false`; looks again
   * after every change and rejects after `deadlineMs` of real time.
   */
  async waitFor<T>(read: () => T | undefined | false, deadlineMs?: number): Promise<T> {
    return this.workspace.changes.waitFor(read, deadlineMs);
  }

  /** The name behind a user, channel or user group id. */
  readonly names: Names = (id) =>
    this.workspace.user(id)?.name ??
    this.workspace.channel(id)?.name ??
    this.workspace.usergroups.find((group) => group.id === id)?.handle;

  /** A message as plain text, with the names of this workspace and of its files. */
  render(message: Renderable & { readonly files?: readonly string[] }): string {
    const files = (message.files ?? []).map((id) => {
      const file = this.workspace.file(id);
      return `[file: ${file?.name ?? id}]`;
    });
    return [renderText(message, this.names), ...files].filter((line) => line !== "").join("\n");
  }
}

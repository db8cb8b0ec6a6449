import type { Clock } from "../../src/clock.ts";
import { Changes } from "./changes.ts";
import { identify } from "./identify.ts";
import { Ids } from "./ids.ts";
import type { Seed } from "./seed.ts";
import type { Change, Channel, Ephemeral, Message, SlackFile, User, Usergroup } from "./types.ts";
import { ViewStacks } from "./views.ts";

/** The state of the emulated workspace: plain records in memory, each change announced. */
export class Workspace {
  readonly seed: Seed;
  readonly ids: Ids;
  readonly changes = new Changes();
  readonly views: ViewStacks;
  readonly #clock: Clock;
  readonly #users = new Map<string, User>();
  readonly #channels = new Map<string, Channel>();
  readonly #usergroups = new Map<string, Usergroup>();
  readonly #messages = new Map<string, Message[]>();
  readonly #files = new Map<string, SlackFile>();
  #ephemerals: Ephemeral[] = [];

  constructor(clock: Clock, seed: Seed) {
    this.seed = seed;
    this.#clock = clock;
    this.ids = new Ids(clock);
    this.views = new ViewStacks(this.ids, (id) => this.announce("view", id));
    for (const user of seed.users) {
      this.#users.set(user.id, user);
    }
    for (const channel of seed.channels) {
      this.#channels.set(channel.id, channel);
    }
    for (const group of seed.usergroups) {
      this.#usergroups.set(group.id, group);
    }
  }

  announce(type: Change["type"], id: string): void {
    this.changes.announce({ type, at: this.#clock.now(), id });
  }

  get users(): readonly User[] {
    return [...this.#users.values()];
  }

  get channels(): readonly Channel[] {
    return [...this.#channels.values()];
  }

  get usergroups(): readonly Usergroup[] {
    return [...this.#usergroups.values()];
  }

  user(id: string): User | undefined {
    return this.#users.get(id);
  }

  channel(id: string): Channel | undefined {
    return this.#channels.get(id);
  }

  /** Looks a person up by id or by name, with or without the at sign; throws on a test's typing error. */
  findUser(reference: string): User {
    const name = reference.replace(/^@/, "");
    const user = this.users.find((one) => one.id === reference || one.name === name);
    if (user === undefined) {
      throw new Error(`no such person: ${reference}`);
    }
    return user;
  }

  /** Looks a channel up by id or by name, with or without the hash sign. */
  findChannel(reference: string): Channel {
    const name = reference.replace(/^#/, "");
    const channel = this.channels.find((one) => one.id === reference || one.name === name);
    if (channel === undefined) {
      throw new Error(`no such channel: ${reference}`);
    }
    return channel;
  }

  putChannel(channel: Channel): void {
    this.#channels.set(channel.id, channel);
    this.announce("channel", channel.id);
  }

  /** People leave the workspace or become guests; Slack tells nobody who does not ask. */
  putUser(user: User): void {
    this.#users.set(user.id, user);
  }

  /** People come to a group and leave it; Slack tells nobody who does not ask. */
  putUsergroup(group: Usergroup): void {
    this.#usergroups.set(group.id, group);
  }

  /** The direct message channel of the bot and this person, opened when it does not exist yet. */
  openDm(user: User): Channel {
    const id = `D${user.id.slice(1)}`;
    const existing = this.#channels.get(id);
    if (existing !== undefined) {
      return existing;
    }
    const members = [user.id, this.seed.app.botUserId];
    const channel: Channel = { id, name: user.id, kind: "im", members };
    this.putChannel(channel);
    return channel;
  }

  messages(channel: string): readonly Message[] {
    return this.#messages.get(channel) ?? [];
  }

  message(channel: string, ts: string): Message | undefined {
    return this.messages(channel).find((message) => message.ts === ts);
  }

  post(draft: Omit<Message, "ts" | "files" | "blocks"> & Partial<Message>): Message {
    const message: Message = {
      ...draft,
      ts: this.ids.ts(),
      blocks: identify(draft.blocks ?? [], this.ids),
      files: draft.files ?? [],
    };
    this.#messages.set(message.channel, [...this.messages(message.channel), message]);
    this.announce("message", message.ts);
    return message;
  }

  replace(message: Message): Message {
    const next = { ...message, blocks: identify(message.blocks, this.ids) };
    this.#messages.set(
      message.channel,
      this.messages(message.channel).map((one) => (one.ts === message.ts ? next : one)),
    );
    this.announce("message_changed", message.ts);
    return next;
  }

  remove(message: Message): void {
    this.#messages.set(
      message.channel,
      this.messages(message.channel).filter((one) => one.ts !== message.ts),
    );
    this.announce("message_deleted", message.ts);
  }

  ephemerals(user: string): readonly Ephemeral[] {
    return this.#ephemerals.filter((one) => one.user === user);
  }

  ephemeral(id: string): Ephemeral | undefined {
    return this.#ephemerals.find((one) => one.id === id);
  }

  show(draft: Omit<Ephemeral, "id" | "ts">): Ephemeral {
    const blocks = identify(draft.blocks, this.ids);
    const shown: Ephemeral = { ...draft, blocks, id: this.ids.next("E"), ts: this.ids.ts() };
    this.#ephemerals.push(shown);
    this.announce("ephemeral", shown.id);
    return shown;
  }

  replaceEphemeral(next: Ephemeral): Ephemeral {
    const shown = { ...next, blocks: identify(next.blocks, this.ids) };
    this.#ephemerals = this.#ephemerals.map((one) => (one.id === next.id ? shown : one));
    this.announce("ephemeral", next.id);
    return shown;
  }

  /** Removes one ephemeral message, or all of a person's: what a reload of the client does. */
  forgetEphemerals(matches: (one: Ephemeral) => boolean): void {
    this.#ephemerals = this.#ephemerals.filter((one) => !matches(one));
    this.announce("ephemeral", "");
  }

  file(id: string): SlackFile | undefined {
    return this.#files.get(id);
  }

  putFile(file: SlackFile): void {
    this.#files.set(file.id, file);
    this.announce("file", file.id);
  }
}

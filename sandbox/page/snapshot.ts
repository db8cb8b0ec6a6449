import type { FakeSlack } from "../slack/fake-slack.ts";
import type { Channel, User } from "../slack/types.ts";
import type { AppFeatures } from "./app.ts";
import { drawEphemeral, drawHome, drawMessage } from "./entry.ts";
import type { Keyed, Surroundings } from "./entry.ts";
import { drawView } from "./form.ts";
import type { Markup } from "./markup.ts";

/** Everything that one person sees at one moment: what `GET /state` answers. */
export interface Snapshot {
  readonly me: Named;
  readonly people: readonly Named[];
  readonly places: readonly Place[];
  readonly place: Place;
  readonly messages: readonly Keyed[];
  readonly thread?: { readonly ts: string; readonly messages: readonly Keyed[] };
  readonly dialog?: Dialog;
  readonly app: AppFeatures;
  /** Names of the example manifests. */
  readonly examples: readonly string[];
  /** Whether the app is connected over Socket Mode. */
  readonly isConnected: boolean;
}

export interface Named {
  readonly id: string;
  readonly name: string;
  readonly note: string;
}

export interface Place {
  readonly id: string;
  /** `#deploys`, or `docc` for the direct messages with the app. */
  readonly label: string;
  readonly isDirect: boolean;
  /** A sentence under the name. */
  readonly about: string;
  /** `ts` of the newest message, for the mark of what is unread. */
  readonly latest: string;
  readonly canWrite: boolean;
}

/** The visible modal. Its markup is built anew when `key` changes; `errors` change in place. */
export interface Dialog {
  readonly key: string;
  readonly view: string;
  readonly markup: readonly Markup[];
  /** By block id. */
  readonly errors: Readonly<Record<string, string>>;
}

/** Who looks where; unknown names fall back to the first person and the first channel. */
export interface Look {
  readonly person: string;
  readonly place: string;
  readonly thread: string;
}

export function snapshot(
  slack: FakeSlack,
  app: AppFeatures,
  examples: readonly string[],
  look: Look,
): Snapshot {
  const { workspace } = slack;
  const people = clients(slack);
  const me = people.find((user) => user.id === look.person) ?? people[0];
  if (me === undefined) throw new Error("nobody can look at this workspace");
  const channels = joined(slack, me);
  const at = channels.find((channel) => channel.id === look.place) ?? channels[0];
  if (at === undefined) throw new Error(`${me.name} is in no channel`);
  const home = app.hasHome ? homePlace(slack) : undefined;
  const places = [
    ...channels.map((channel) => placeOf(slack, channel, app)),
    ...(home === undefined ? [] : [home]),
  ];
  const isHome = home !== undefined && look.place === home.id;
  const around: Surroundings = {
    names: slack.names,
    file: (id) => workspace.file(id),
    shortcuts: app.messageShortcuts,
  };
  const offers = {
    users: people,
    channels: channels.filter(({ kind }) => kind !== "im"),
    examples,
  };
  const view = slack.views(me.id).at(-1);
  const thread = isHome ? undefined : threadOf(slack, at, me, look.thread, around);
  return {
    me: named(me),
    people: people.map(named),
    places,
    place: isHome ? home : placeOf(slack, at, app),
    messages: isHome
      ? [drawHome(slack.home(me.id), slack.names)]
      : channelList(slack, at, me, around),
    app,
    examples,
    isConnected: slack.connections() > 0,
    ...(thread === undefined ? {} : { thread }),
    ...(view === undefined
      ? {}
      : {
          dialog: {
            key: `${view.id} ${view.hash}`,
            view: view.id,
            markup: drawView(view, slack.names, offers),
            errors: view.errors,
          },
        }),
  };
}

/** Those who have a client in this workspace. */
function clients({ workspace }: FakeSlack): readonly User[] {
  return workspace.users.filter(
    (user) =>
      user.isBot !== true && user.deleted !== true && user.teamId === workspace.seed.team.id,
  );
}

function named({ id, name, isGuest }: User): Named {
  return { id, name, note: isGuest === true ? "guest" : "" };
}

/** The channels of a person, then the direct messages with the app. */
function joined({ workspace }: FakeSlack, me: User): readonly Channel[] {
  const own = workspace.channels.filter(
    ({ kind, members }) => kind !== "im" && members.includes(me.id),
  );
  return [...own, workspace.openDm(me)];
}

function placeOf(slack: FakeSlack, channel: Channel, app: AppFeatures): Place {
  const { workspace } = slack;
  const bot = workspace.seed.app.botUserId;
  const isDirect = channel.kind === "im";
  const botName = slack.names(bot) ?? bot;
  const hears = channel.members.includes(bot) ? "" : `, ${botName} is not in this channel`;
  const people = channel.members.filter((id) => id !== bot).length;
  return {
    id: channel.id,
    label: isDirect ? botName : `#${channel.name}`,
    isDirect,
    about: isDirect
      ? `What ${botName} tells you alone`
      : `${people} ${people === 1 ? "person" : "people"}${hears}`,
    latest: slack.messages(channel.id).at(-1)?.ts ?? "",
    canWrite: !(isDirect && app.isReadOnly),
  };
}

/** The app's Home tab, beside the messages that it writes to somebody. */
function homePlace({ workspace, names }: FakeSlack): Place {
  const bot = workspace.seed.app.botUserId;
  const name = names(bot) ?? bot;
  return {
    id: "home",
    label: `${name} Home`,
    isDirect: true,
    about: `What ${name} shows you when you open it`,
    latest: "",
    canWrite: false,
  };
}

/** Roots, broadcasts and what only this person sees, by time. */
function channelList(
  slack: FakeSlack,
  { id }: Channel,
  me: User,
  around: Surroundings,
): readonly Keyed[] {
  const shown = slack.messages(id).map((message) => {
    const replies = slack.thread(id, message.ts);
    const last = replies.at(-1)?.ts;
    const thread = last === undefined ? undefined : { replies: replies.length, last };
    return { ts: message.ts, entry: drawMessage(message, around, thread) };
  });
  return byTime([...shown, ...privately(slack, id, me, undefined, around)]);
}

function threadOf(
  slack: FakeSlack,
  { id }: Channel,
  me: User,
  ts: string,
  around: Surroundings,
): Snapshot["thread"] {
  const root = slack.workspace.message(id, ts);
  if (root === undefined) return undefined;
  const replies = slack.thread(id, ts).map((message) => ({
    ts: message.ts,
    entry: drawMessage({ ...message, isBroadcast: false }, around),
  }));
  const rest = byTime([...replies, ...privately(slack, id, me, ts, around)]);
  return { ts, messages: [drawMessage(root, around), ...rest] };
}

interface Timed {
  readonly ts: string;
  readonly entry: Keyed;
}

function privately(
  slack: FakeSlack,
  channel: string,
  me: User,
  threadTs: string | undefined,
  around: Surroundings,
): readonly Timed[] {
  const app = slack.workspace.seed.app.botUserId;
  return slack
    .ephemerals(me.id)
    .filter((one) => (one.channel ?? channel) === channel && one.threadTs === threadTs)
    .map((one) => ({ ts: one.ts, entry: drawEphemeral(one, around, app) }));
}

function byTime(entries: readonly Timed[]): readonly Keyed[] {
  return entries
    .toSorted((one, other) => Number(one.ts) - Number(other.ts))
    .map(({ entry }) => entry);
}

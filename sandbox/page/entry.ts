import type { Names } from "../slack/text.ts";
import type { Ephemeral, Message, SlackFile, View } from "../slack/types.ts";
import { messageBody } from "./blocks.ts";
import { element } from "./markup.ts";
import type { Markup } from "./markup.ts";

/** A piece of a list on the page: the browser keeps its node while key and markup stay the same. */
export interface Keyed {
  readonly key: string;
  readonly markup: Markup;
}

/** What is needed to draw messages. */
export interface Surroundings {
  readonly names: Names;
  readonly file: (id: string) => SlackFile | undefined;
  /** The app's message shortcuts. */
  readonly shortcuts: readonly { readonly id: string; readonly name: string }[];
}

/** How many replies a root has, and when the last one came. */
export interface Thread {
  readonly replies: number;
  readonly last: string;
}

/** A message with its author, time, words, files and the count of replies. Pure. */
export function drawMessage(message: Message, around: Surroundings, thread?: Thread): Keyed {
  const author = around.names(message.user) ?? message.user;
  const files = message.files.flatMap((id) => around.file(id) ?? []);
  return {
    key: message.ts,
    markup: element(
      "li",
      { class: "message", "data-ts": message.ts, "data-channel": message.channel },
      avatar(author, message.isBot),
      element(
        "div",
        { class: "body" },
        head(author, message.isBot, message.ts),
        message.isBroadcast === true
          ? element(
              "button",
              { type: "button", class: "note", "data-do": "thread", "data-ts": message.threadTs },
              "replied to a thread, also sent to the channel",
            )
          : undefined,
        messageBody(message, around.names),
        message.isEdited === true ? element("span", { class: "faint" }, "(edited)") : undefined,
        files.map(drawFile),
        thread === undefined || thread.replies === 0 ? undefined : counted(thread, message.ts),
      ),
      menu(message, around, files.length > 0),
    ),
  };
}

/** What only one person sees: an answer of the app, or Slack's own notice that the app failed. */
export function drawEphemeral(one: Ephemeral, around: Surroundings, app: string): Keyed {
  const isNotice = one.kind === "error";
  const author = isNotice ? "Slackbot" : (around.names(app) ?? app);
  return {
    key: one.id,
    markup: element(
      "li",
      { class: "message ephemeral", "data-ephemeral": one.id },
      avatar(author, true),
      element(
        "div",
        { class: "body" },
        element("p", { class: "note" }, "Only visible to you"),
        head(author, true, one.ts),
        messageBody(one, around.names),
        element(
          "button",
          { type: "button", class: "quiet", "data-do": "dismiss", "data-id": one.id },
          "Dismiss",
        ),
      ),
    ),
  };
}

/** A person's Home of the app, or that the app has published none yet. */
export function drawHome(view: View | undefined, names: Names): Keyed {
  return {
    key: view === undefined ? "home" : `${view.id} ${view.hash}`,
    markup: element(
      "li",
      { class: "message", "data-view": view?.id },
      element(
        "div",
        { class: "body" },
        view === undefined
          ? element("p", {}, "Nothing is published here yet.")
          : messageBody({ text: "", blocks: view.blocks }, names),
      ),
    ),
  };
}

function avatar(name: string, isApp: boolean): Markup {
  const initial = (name.at(0) ?? "?").toUpperCase();
  return element(
    "div",
    { class: isApp ? "avatar app" : `avatar person-${name}`, "aria-hidden": "true" },
    initial,
  );
}

function head(author: string, isApp: boolean, ts: string): Markup {
  const at = new Date(Number(ts) * 1_000);
  return element(
    "div",
    { class: "head" },
    element("strong", {}, author),
    isApp ? element("span", { class: "badge" }, "APP") : undefined,
    element("time", { datetime: at.toISOString() }, clockTime(at)),
  );
}

/** `14:05:09`: in a sandbox the seconds matter. */
function clockTime(at: Date): string {
  return [at.getHours(), at.getMinutes(), at.getSeconds()]
    .map((part) => String(part).padStart(2, "0"))
    .join(":");
}

function drawFile(file: SlackFile): Markup {
  const size = file.content.byteLength;
  const name = element("span", { class: "file-name" }, file.title || file.name);
  if (file.mode !== "snippet") {
    return element("div", { class: "file" }, name, ` ${size} bytes`);
  }
  return element(
    "details",
    { class: "file" },
    element("summary", {}, name, element("span", { class: "faint" }, ` ${size} bytes`)),
    element("pre", {}, file.content.toString("utf8").slice(0, 20_000)),
  );
}

function counted({ replies, last }: Thread, ts: string): Markup {
  const at = clockTime(new Date(Number(last) * 1_000));
  return element(
    "button",
    { type: "button", class: "replies", "data-do": "thread", "data-ts": ts },
    `${replies} ${replies === 1 ? "reply" : "replies"}`,
    element("span", { class: "faint" }, ` last at ${at}`),
  );
}

/** Reply, and the shortcuts of the app where they are of use: on its own messages, on files, on a fenced text. */
function menu(message: Message, { shortcuts }: Surroundings, hasFile: boolean): Markup {
  const isOffered = hasFile || message.isBot || message.text.includes("```");
  const reply = element(
    "button",
    { type: "button", "data-do": "thread", "data-ts": message.threadTs ?? message.ts },
    "Reply in thread",
  );
  const offered = shortcuts.map(({ id, name }) =>
    element("button", { type: "button", "data-do": "shortcut", "data-callback": id }, name),
  );
  return element("div", { class: "menu" }, reply, isOffered ? offered : []);
}

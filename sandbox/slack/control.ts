import type { IncomingMessage, ServerResponse } from "node:http";
import type { FakeSlack } from "./fake-slack.ts";
import { isFaultKind } from "./faults.ts";
import type { Gesture } from "./gesture.ts";
import { json, send } from "./http.ts";
import type { Reply } from "./http.ts";
import { isObject, numberAt, objectAt, objectsAt, parseJson, stringAt } from "./json.ts";
import type { JsonObject } from "./json.ts";
import type { Target } from "./payloads.ts";
import type { Person } from "./person.ts";
import { renderView } from "./render.ts";
import type { FileDraft } from "./submission.ts";
import type { Message, View } from "./types.ts";

/**
 * The same workspace over HTTP: for the page, and for tests in other processes. Bodies and answers
 * are JSON. It has no authentication: it listens on loopback, and refuses a `Host` that is not.
 *
 * - `GET /control/workspace`, `/control/messages?channel=`, `/control/thread?channel=&ts=`,
 *   `/control/ephemerals?user=`, `/control/dms?user=`, `/control/views?user=`,
 *   `/control/home?user=`, `/control/calls?method=`, `/control/deliveries`
 * - `GET /control/events`: Server-Sent Events, one `data:` line of JSON for every change
 * - `POST /control/as/PERSON/GESTURE`: see `gestures`
 * - `POST /control/faults`, `/control/disconnect`, `/control/redeliver`
 */
export class Control {
  readonly #slack: FakeSlack;
  readonly #streams = new Set<ServerResponse>();
  readonly #stopListening: () => void;

  constructor(slack: FakeSlack) {
    this.#slack = slack;
    this.#stopListening = slack.workspace.changes.listen((change) => {
      for (const stream of this.#streams) {
        stream.write(`data: ${JSON.stringify(change)}\n\n`);
      }
    });
  }

  close(): void {
    this.#stopListening();
    for (const stream of this.#streams) {
      stream.end();
    }
  }

  async serve(
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    body: Buffer,
  ): Promise<void> {
    const host = request.headers.host?.replace(/:\d+$/, "");
    if (host !== "127.0.0.1" && host !== "localhost") {
      send(json({ error: "loopback only" }, 403), response);
    } else if (url.pathname === "/control/events") {
      this.#stream(response);
    } else {
      send(await this.#reply(request.method ?? "GET", url, body), response);
    }
  }

  #stream(response: ServerResponse): void {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    response.write(": connected\n\n");
    this.#streams.add(response);
    response.on("close", () => this.#streams.delete(response));
  }

  async #reply(method: string, url: URL, body: Buffer): Promise<Reply> {
    const [, , area = "", person = "", verb = ""] = url.pathname.split("/");
    const parsed = parseJson(body.toString());
    const input = isObject(parsed) ? parsed : {};
    try {
      if (method === "POST" && area === "as") {
        return json(await this.#act(this.#slack.as(decodeURIComponent(person)), verb, input));
      }
      return json(method === "POST" ? await this.#order(area, input) : this.#read(area, url));
    } catch (error) {
      return json({ error: error instanceof Error ? error.message : String(error) }, 400);
    }
  }

  #read(area: string, { searchParams }: URL): unknown {
    const slack = this.#slack;
    const query = (key: string): string => searchParams.get(key) ?? "";
    const rendered = <T extends Message>(messages: readonly T[]): readonly unknown[] =>
      messages.map((message) => ({ ...message, rendered: slack.render(message) }));
    switch (area) {
      case "workspace": {
        const { seed, users, channels, usergroups } = slack.workspace;
        return { team: seed.team, users, channels, usergroups, connections: slack.connections() };
      }
      case "messages":
        return rendered(slack.messages(query("channel")));
      case "thread":
        return rendered(slack.thread(query("channel"), query("ts")));
      case "dms":
        return rendered(slack.dms(query("user")));
      case "ephemerals":
        return slack
          .ephemerals(query("user"))
          .map((one) => ({ ...one, rendered: slack.render(one) }));
      case "views":
        return slack.views(query("user")).map((view) => this.#withText(view));
      case "home": {
        const home = slack.home(query("user"));
        return home === undefined ? null : this.#withText(home);
      }
      case "calls":
        return slack.calls(searchParams.get("method") ?? undefined);
      case "deliveries":
        return slack.deliveries();
      default:
        throw new Error(`nothing to read at ${area}`);
    }
  }

  #withText(view: View): unknown {
    return { ...view, rendered: renderView(view, this.#slack.names) };
  }

  async #order(area: string, input: JsonObject): Promise<unknown> {
    switch (area) {
      case "faults": {
        const kind = required(input, "kind");
        if (!isFaultKind(kind)) {
          throw new Error(`no such fault: ${kind}`);
        }
        const retryAfterSeconds = numberAt(input, "retryAfterSeconds");
        this.#slack.faults.add({
          method: required(input, "method"),
          kind,
          times: numberAt(input, "times") ?? 1,
          ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
        });
        return { pending: this.#slack.faults.pending };
      }
      case "disconnect": {
        const reason = stringAt(input, "reason") ?? "refresh_requested";
        if (reason !== "refresh_requested" && reason !== "warning" && reason !== "cut") {
          throw new Error(`no such reason: ${reason}`);
        }
        this.#slack.disconnect(reason);
        return {};
      }
      case "redeliver":
        return { ack: await this.#slack.redeliver(stringAt(input, "delivery")) };
      default:
        throw new Error(`nothing to do at ${area}`);
    }
  }

  async #act(person: Person, verb: string, input: JsonObject): Promise<unknown> {
    switch (verb) {
      case "command":
        return seen(await person.command(required(input, "channel"), required(input, "text")));
      case "say": {
        const threadTs = stringAt(input, "threadTs");
        const thread = threadTs === undefined ? {} : { threadTs };
        return person.say(required(input, "channel"), required(input, "text"), thread);
      }
      case "click": {
        const target = this.#target(person, input);
        const at = { block: stringAt(input, "block") };
        return seen(await person.click(target, required(input, "action"), input["value"], at));
      }
      case "message-shortcut": {
        const message = this.#message(required(input, "channel"), required(input, "ts"));
        return seen(await person.messageShortcut(message, required(input, "callbackId")));
      }
      case "global-shortcut":
        return seen(await person.globalShortcut(required(input, "callbackId")));
      case "submit": {
        const values = objectAt(input, "values") ?? {};
        return seen(await person.submit(this.#view(input), values, filesOf(input)));
      }
      case "close":
        await person.close(this.#view(input), input["all"] === true);
        return {};
      case "options": {
        const hasTarget = ["view", "ts", "ephemeral"].some((key) => input[key] !== undefined);
        const target = hasTarget ? this.#target(person, input) : undefined;
        return person.options(required(input, "action"), required(input, "typed"), target);
      }
      case "upload": {
        const draft = { name: required(input, "name"), content: contentOf(input) };
        const text = stringAt(input, "text") ?? "";
        return person.uploadToChannel(required(input, "channel"), draft, text);
      }
      case "home":
        await person.openHome();
        return {};
      default:
        throw new Error(`no such gesture: ${verb}`);
    }
  }

  /** What a gesture is made on: `view`, or `channel` and `ts`, or `ephemeral`. */
  #target(person: Person, input: JsonObject): Target {
    if (stringAt(input, "view") !== undefined) {
      return this.#view(input);
    }
    const id = stringAt(input, "ephemeral");
    if (id === undefined) {
      return this.#message(required(input, "channel"), required(input, "ts"));
    }
    const ephemeral = this.#slack.ephemerals(person.user.id).find((one) => one.id === id);
    if (ephemeral === undefined) {
      throw new Error(`no such ephemeral message: ${id}`);
    }
    return ephemeral;
  }

  #view(input: JsonObject): View {
    const id = required(input, "view");
    const view = this.#slack.workspace.views.find(id);
    if (view === undefined) {
      throw new Error(`no such view: ${id}`);
    }
    return view;
  }

  #message(channel: string, ts: string): Message {
    const { workspace } = this.#slack;
    const message = workspace.message(workspace.findChannel(channel).id, ts);
    if (message === undefined) {
      throw new Error(`no such message: ${ts}`);
    }
    return message;
  }
}

/** A gesture without its waiting functions, which JSON cannot carry. */
function seen(gesture: Gesture): Omit<Gesture, "opened" | "answer"> {
  const { opened: _, answer: __, ...rest } = gesture;
  return rest;
}

function required(input: JsonObject, key: string): string {
  const value = stringAt(input, key);
  if (value === undefined) {
    throw new Error(`${key} is missing`);
  }
  return value;
}

/** `content` as text or `base64` as bytes. */
function contentOf(input: JsonObject): string | Buffer {
  const base64 = stringAt(input, "base64");
  return base64 === undefined ? required(input, "content") : Buffer.from(base64, "base64");
}

function filesOf(input: JsonObject): Readonly<Record<string, readonly FileDraft[]>> {
  const files = objectAt(input, "files") ?? {};
  return Object.fromEntries(
    Object.keys(files).map((key) => [
      key,
      objectsAt(files, key).map((file) => ({
        name: required(file, "name"),
        content: contentOf(file),
      })),
    ]),
  );
}

import type { Clock } from "../../src/clock.ts";
import { ApiError, refusalError } from "./api-error.ts";
import { isObject, objectsAt, stringAt } from "./json.ts";
import type { JsonObject } from "./json.ts";
import { limits } from "./limits.ts";
import type { Ephemeral, Message } from "./types.ts";
import { refuseMessageBlocks } from "./validate.ts";
import type { Workspace } from "./workspace.ts";

/** What the gesture that gave the URL was made on, if it was a message. */
export type Origin =
  | { readonly kind: "message"; readonly channel: string; readonly ts: string }
  | { readonly kind: "ephemeral"; readonly id: string };

/** What an answer made visible. */
export type Answer =
  | { readonly kind: "ephemeral"; readonly ephemeral: Ephemeral }
  | { readonly kind: "message"; readonly message: Message }
  | { readonly kind: "deleted" };

interface Entry {
  readonly user: string;
  readonly channel: string;
  readonly origin: Origin | undefined;
  readonly expires: number;
  readonly answers: Answer[];
  uses: number;
}

/**
 * The response_url of gestures: five uses within 30 minutes. It works where the bot is no member,
 * and is the only way to change an ephemeral message (facts/slack.md section 1).
 */
export class ResponseUrls {
  readonly #clock: Clock;
  readonly #workspace: Workspace;
  readonly #entries = new Map<string, Entry>();

  constructor(clock: Clock, workspace: Workspace) {
    this.#clock = clock;
    this.#workspace = workspace;
  }

  /** Returns the id that ends the URL. */
  issue(user: string, channel: string, origin?: Origin): string {
    const id = this.#workspace.ids.next("R");
    const expires = this.#clock.now() + limits.responseUrlMs;
    this.#entries.set(id, { user, channel, origin, expires, answers: [], uses: 0 });
    return id;
  }

  answers(id: string): readonly Answer[] {
    return this.#entries.get(id)?.answers ?? [];
  }

  /** Takes one use of the URL and shows its body; throws when it is unknown, used up, old or refused. */
  use(id: string, body: unknown): Answer {
    const entry = this.#entries.get(id);
    if (entry === undefined) {
      throw new ApiError("invalid_url");
    }
    if (this.#clock.now() > entry.expires) {
      throw new ApiError("expired_url");
    }
    if (entry.uses >= limits.responseUrlUses) {
      throw new ApiError("used_url");
    }
    if (!isObject(body)) {
      throw new ApiError("invalid_payload");
    }
    entry.uses += 1;
    return this.#show(entry, body);
  }

  /** Shows what the app gave with its acknowledgement: no use of the URL is taken. */
  showAck(id: string, body: JsonObject): Answer {
    const entry = this.#entries.get(id);
    if (entry === undefined) {
      throw new ApiError("invalid_url");
    }
    return this.#show(entry, body);
  }

  #show(entry: Entry, body: JsonObject): Answer {
    const answer = isTrue(body["delete_original"])
      ? this.#deleteOrigin(entry)
      : this.#write(entry, body);
    entry.answers.push(answer);
    return answer;
  }

  #write(entry: Entry, body: JsonObject): Answer {
    const text = stringAt(body, "text") ?? "";
    const blocks = objectsAt(body, "blocks");
    const refusal = refuseMessageBlocks(blocks);
    if (refusal !== undefined) {
      throw refusalError(refusal);
    }
    if (text === "" && blocks.length === 0) {
      throw new ApiError("no_text");
    }
    const replaced = isTrue(body["replace_original"])
      ? this.#replaceOrigin(entry, text, blocks)
      : undefined;
    return replaced ?? this.#add(entry, body, text, blocks);
  }

  #add(entry: Entry, body: JsonObject, text: string, blocks: readonly JsonObject[]): Answer {
    const { channel, user } = entry;
    const threadTs = stringAt(body, "thread_ts");
    const thread = threadTs === undefined ? {} : { threadTs };
    if (stringAt(body, "response_type") === "in_channel") {
      const bot = this.#workspace.seed.app.botUserId;
      const message = this.#workspace.post({
        channel,
        user: bot,
        isBot: true,
        text,
        blocks,
        ...thread,
      });
      return { kind: "message", message };
    }
    const draft = { kind: "message", channel, user, text, blocks, ...thread } as const;
    return { kind: "ephemeral", ephemeral: this.#workspace.show(draft) };
  }

  #replaceOrigin(
    { origin }: Entry,
    text: string,
    blocks: readonly JsonObject[],
  ): Answer | undefined {
    if (origin?.kind === "message") {
      const old = this.#workspace.message(origin.channel, origin.ts);
      return old === undefined
        ? undefined
        : { kind: "message", message: this.#workspace.replace({ ...old, text, blocks }) };
    }
    const old = origin === undefined ? undefined : this.#workspace.ephemeral(origin.id);
    if (old === undefined) {
      return undefined;
    }
    return {
      kind: "ephemeral",
      ephemeral: this.#workspace.replaceEphemeral({ ...old, text, blocks }),
    };
  }

  #deleteOrigin({ origin }: Entry): Answer {
    if (origin?.kind === "message") {
      const old = this.#workspace.message(origin.channel, origin.ts);
      if (old !== undefined) {
        this.#workspace.remove(old);
      }
    } else if (origin !== undefined) {
      this.#workspace.forgetEphemerals((one) => one.id === origin.id);
    }
    return { kind: "deleted" };
  }
}

/** Slack takes these flags as booleans and as strings. */
const isTrue = (value: unknown): boolean => value === true || value === "true";

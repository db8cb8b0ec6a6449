import { announce, announceMessage } from "./announce.ts";
import { optionsAnswer } from "./elements.ts";
import { entered, optionsOf } from "./form.ts";
import type { Gesture, Grants } from "./gesture.ts";
import { gesture, showAck } from "./gesture.ts";
import { isObject, numberAt, stringAt, textAt } from "./json.ts";
import type { JsonObject } from "./json.ts";
import type { Parts } from "./parts.ts";
import type { Target } from "./payloads.ts";
import { isEphemeral, isView } from "./payloads.ts";
import type { Origin } from "./response-urls.ts";
import { Submissions } from "./submission.ts";
import type { FileDraft, Submission } from "./submission.ts";
import { encodeTyped } from "./text.ts";
import type { Ack, Channel, Message, User, View } from "./types.ts";
import { elementsOf } from "./validate.ts";
import { viewJson } from "./wire.ts";

/** What an options request brought. */
export interface Suggestions {
  readonly options: readonly JsonObject[];
  readonly error?: string;
}

/**
 * One person at a Slack client. Every method is a gesture and resolves with what that person sees
 * once the app acknowledged it, or failed to. What the client would not let a person do throws.
 */
export class Person {
  readonly user: User;
  readonly #parts: Parts;
  readonly #submissions: Submissions;
  /** The options that external selects fetched, by action id. */
  readonly #loaded = new Map<string, readonly JsonObject[]>();

  constructor(user: User, parts: Parts) {
    this.user = user;
    this.#parts = parts;
    this.#submissions = new Submissions(user, parts);
  }

  /** Types a slash command, such as `/docc deploy kubecon-2017 tag=2017`, into a channel. */
  async command(channelRef: string, typed: string): Promise<Gesture> {
    const { core, dispatch, payloads, commands } = this.#parts;
    const channel = this.#joined(channelRef);
    const [command = "", ...rest] = typed.trim().split(" ");
    if (!commands.includes(command)) {
      throw new Error(`${command} is not a valid command`);
    }
    const text = encodeTyped(rest.join(" ").trim(), core.workspace, true);
    const { grants, responseUrl } = this.#grants(channel.id);
    const payload = payloads.command(
      this.user,
      channel,
      { command, text },
      { triggerId: grants.triggerId, responseUrl },
    );
    const ack = await dispatch.deliver("slash_commands", payload);
    const shown = showAck(core, ack, grants.responseId);
    if (shown.error !== undefined) {
      this.#tellFailure(`${command} failed with the error "${shown.error}"`, channel.id);
    }
    return gesture(core, ack, grants, shown);
  }

  /**
   * Presses a button or picks from a menu, in a modal also from one of an input that has `dispatch_action`:
   * `action` is an action id or the words on the element.
   * The element is looked up in `target` as it was given, so that a stale message can be clicked; in one block of it
   * where several have the like.
   */
  async click(
    target: Target,
    action: string,
    value?: unknown,
    { block }: { readonly block?: string | undefined } = {},
  ): Promise<Gesture> {
    const { payloads } = this.#parts;
    const found = findElement(target, action, block);
    if (stringAt(found.block, "type") === "input" && found.block["dispatch_action"] !== true) {
      throw new Error(
        `nothing is sent for a choice of ${action}: its input has no dispatch_action`,
      );
    }
    const place = isView(target) ? this.#openView(target) : target;
    const acted = this.#act(found.element, value);
    const after = isView(place) ? this.#enter(place, found.block, acted) : place;
    const channel = isView(target) ? undefined : target.channel;
    const { grants, responseUrl } = this.#grants(channel, originOf(target));
    const payload = payloads.blockActions(
      this.user,
      after,
      { ...acted, block_id: stringAt(found.block, "block_id") },
      {
        triggerId: grants.triggerId,
        ...(channel === undefined ? {} : { responseUrl }),
      },
    );
    return this.#interact(payload, grants, channel);
  }

  /** Picks a message shortcut from the menu of a message. */
  async messageShortcut(message: Message, callbackId: string): Promise<Gesture> {
    const { payloads } = this.#parts;
    this.#joined(message.channel);
    const origin: Origin = { kind: "message", channel: message.channel, ts: message.ts };
    const { grants, responseUrl } = this.#grants(message.channel, origin);
    const given = { triggerId: grants.triggerId, responseUrl };
    const payload = payloads.messageShortcut(this.user, message, callbackId, given);
    return this.#interact(payload, grants, message.channel);
  }

  /** Picks a global shortcut from the composer's menu. */
  async globalShortcut(callbackId: string): Promise<Gesture> {
    const { core, payloads } = this.#parts;
    const triggerId = core.triggers.issue(this.user.id);
    const payload = payloads.globalShortcut(this.user, callbackId, triggerId);
    return this.#interact(payload, { triggerId });
  }

  /**
   * Fills in the visible modal and submits it. `values` and `files` are keyed by action id, block
   * id or label. Slack's own check of required fields may answer before the app is asked.
   */
  async submit(
    view: View,
    values: Readonly<Record<string, unknown>> = {},
    files: Readonly<Record<string, readonly FileDraft[]>> = {},
  ): Promise<Submission> {
    return this.#submissions.submit(this.#openView(view), values, files, (element, typed) =>
      this.#choices(element, typed),
    );
  }

  /** Closes the visible modal; with `all`, the whole stack. The app hears of it if it asked to. */
  async close(view: View, all = false): Promise<void> {
    await this.#submissions.close(this.#openView(view), all);
  }

  /** Types into an external select, by default of the visible modal, and sees what it offers. */
  async options(action: string, typed: string, target?: Target): Promise<Suggestions> {
    const { core, dispatch, payloads } = this.#parts;
    const place = target ?? core.workspace.views.stack(this.user.id).at(-1);
    if (place === undefined) {
      throw new Error(`${this.user.name} has no modal open`);
    }
    const { block, element } = findElement(place, action);
    if (typed.length < (numberAt(element, "min_query_length") ?? 3)) {
      return { options: [] };
    }
    const payload = payloads.blockSuggestion(this.user, place, block, element, typed);
    const ack = await dispatch.deliver("interactive", payload);
    if (!ack.ok) {
      return { options: [], error: ack.error };
    }
    if (!isObject(ack.payload) || optionsAnswer(ack.payload, "").length > 0) {
      return { options: [], error: "invalid_response" };
    }
    const options = optionsOf(ack.payload);
    this.#loaded.set(stringAt(element, "action_id") ?? "", options);
    return { options };
  }

  /** Writes a message; `@docc` as the channel is the direct message with the bot. */
  async say(
    channelRef: string,
    text: string,
    { threadTs }: { readonly threadTs?: string } = {},
  ): Promise<Message> {
    const { workspace } = this.#parts.core;
    const message = workspace.post({
      channel: this.#joined(channelRef).id,
      user: this.user.id,
      isBot: false,
      text: encodeTyped(text, workspace, false),
      ...(threadTs === undefined ? {} : { threadTs }),
    });
    await announceMessage(this.#parts, this.user, message);
    return message;
  }

  /** Puts a file into a channel with a message. */
  async uploadToChannel(channelRef: string, draft: FileDraft, text = ""): Promise<Message> {
    const { core } = this.#parts;
    const channel = this.#joined(channelRef);
    const file = this.#submissions.keep(draft, [channel.id]);
    const message = core.workspace.post({
      channel: channel.id,
      user: this.user.id,
      isBot: false,
      text: encodeTyped(text, core.workspace, false),
      files: [file.id],
    });
    await announceMessage(this.#parts, this.user, message, file);
    return message;
  }

  /** Opens the app's Home tab: nothing is to be seen of an app that has none. */
  async openHome(): Promise<void> {
    const { core } = this.#parts;
    if (!core.homeTab) {
      throw new Error("the app has no Home tab");
    }
    const view = core.workspace.views.home(this.user.id);
    await this.#openTab("home", view === undefined ? {} : { view: viewJson(view, core.workspace) });
  }

  /** Opens the app's Messages tab, of which Slack tells by the same event. */
  async openMessages(): Promise<void> {
    await this.#openTab("messages", {});
  }

  /** Reloads the client: ephemeral messages are gone. */
  reload(): void {
    this.#parts.core.workspace.forgetEphemerals((one) => one.user === this.user.id);
  }

  async #openTab(tab: "home" | "messages", more: JsonObject): Promise<void> {
    await announce(this.#parts, "app_home_opened", {
      type: "app_home_opened",
      user: this.user.id,
      channel: this.#parts.core.workspace.openDm(this.user).id,
      tab,
      ...more,
    });
  }

  /** A channel this person is in: Slack lets nobody write into another one. */
  #joined(reference: string): Channel {
    const { workspace } = this.#parts.core;
    const bot = workspace.user(workspace.seed.app.botUserId);
    const channel =
      bot !== undefined && reference === `@${bot.name}`
        ? workspace.openDm(this.user)
        : workspace.findChannel(reference);
    if (!channel.members.includes(this.user.id)) {
      throw new Error(`${this.user.name} is not in #${channel.name}`);
    }
    return channel;
  }

  /** The view as it is now, which must be open and this person's own. */
  #openView(view: View): View {
    const current = this.#parts.core.workspace.views.find(view.id);
    if (current === undefined || current.user !== this.user.id) {
      throw new Error(`${this.user.name} does not have view ${view.id} open`);
    }
    return current;
  }

  #grants(
    channel: string | undefined,
    origin?: Origin,
  ): { grants: { triggerId: string; responseId: string }; responseUrl: string } {
    const { core } = this.#parts;
    const triggerId = core.triggers.issue(this.user.id);
    const responseId = core.responseUrls.issue(this.user.id, channel ?? "", origin);
    return {
      grants: { triggerId, responseId },
      responseUrl: `${core.origin}/respond/${responseId}`,
    };
  }

  /** What an external select offers: what it fetched before, else what it fetches for these letters. */
  async #choices(element: JsonObject, typed: string): Promise<readonly JsonObject[]> {
    const action = stringAt(element, "action_id") ?? "";
    return this.#loaded.get(action) ?? (await this.options(action, typed)).options;
  }

  /** The `actions[0]` of a payload: a button as it is, a menu with what was picked. */
  #act(element: JsonObject, value: unknown): JsonObject {
    if (stringAt(element, "type") === "button") {
      const { confirm: _, accessibility_label: __, ...button } = element;
      return button;
    }
    const loaded = this.#loaded.get(stringAt(element, "action_id") ?? "");
    return { action_id: element["action_id"], ...entered(element, value, loaded) };
  }

  /** Remembers in the view's state what was picked. */
  #enter(view: View, block: JsonObject, acted: JsonObject): View {
    const blockId = stringAt(block, "block_id") ?? "";
    const { action_id: action, ...value } = acted;
    if (stringAt(acted, "type") === "button" || typeof action !== "string") {
      return view;
    }
    const state = { ...view.state, [blockId]: { ...view.state[blockId], [action]: value } };
    const next = { ...view, state };
    this.#parts.core.workspace.views.put(next);
    return next;
  }

  async #interact(payload: JsonObject, grants: Grants, channel?: string): Promise<Gesture> {
    const { core, dispatch } = this.#parts;
    const ack: Ack = await dispatch.deliver("interactive", payload);
    if (ack.ok) {
      return gesture(core, ack, grants);
    }
    this.#tellFailure(ack.error, channel);
    return gesture(core, ack, grants, { error: ack.error });
  }

  /** Slack's own notice to this person that the app failed. */
  #tellFailure(text: string, channel: string | undefined): void {
    const place = channel === undefined ? {} : { channel };
    const notice = { kind: "error", user: this.user.id, text, blocks: [], ...place } as const;
    this.#parts.core.workspace.show(notice);
  }
}

/** Finds an element by its action id or by the words on it. */
function findElement(
  target: Target,
  action: string,
  blockId?: string,
): { block: JsonObject; element: JsonObject } {
  // An edit gives other ids to blocks that come without any; the person still means that button.
  const own = target.blocks.filter((block) => stringAt(block, "block_id") === blockId);
  for (const block of own.length > 0 ? own : target.blocks) {
    for (const element of elementsOf(block)) {
      if (stringAt(element, "action_id") === action || textAt(element, "text") === action) {
        return { block, element };
      }
    }
  }
  const known = target.blocks.flatMap(elementsOf).map((one) => stringAt(one, "action_id") ?? "");
  throw new Error(`nothing called ${action} to press; there are: ${known.join(", ")}`);
}

function originOf(target: Target): Origin | undefined {
  if (isView(target)) {
    return undefined;
  }
  return isEphemeral(target)
    ? { kind: "ephemeral", id: target.id }
    : { kind: "message", channel: target.channel, ts: target.ts };
}

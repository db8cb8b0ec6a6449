import type { JsonObject } from "./json.ts";
import { stringAt } from "./json.ts";
import type { Channel, Ephemeral, Message, User, View } from "./types.ts";
import { messageJson, viewJson } from "./wire.ts";
import type { Workspace } from "./workspace.ts";

/**
 * The payloads of gestures, as Slack sends them. Shapes: the types of @slack/bolt 5.1
 * (dist/types) and Slack's reference of interaction payloads.
 */

/** Slack still sends the old verification token; nobody may rely on it. */
const token = "verification-token";

/** What a gesture was made on. */
export type Target = Message | Ephemeral | View;

export const isView = (target: Target): target is View => "privateMetadata" in target;

export const isEphemeral = (target: Target): target is Ephemeral =>
  "kind" in target && !isView(target);

export class Payloads {
  readonly #workspace: Workspace;
  readonly #origin: string;

  constructor(workspace: Workspace, origin: string) {
    this.#workspace = workspace;
    this.#origin = origin;
  }

  command(
    user: User,
    channel: Channel,
    words: { readonly command: string; readonly text: string },
    grants: { readonly triggerId: string; readonly responseUrl: string },
  ): JsonObject {
    const { app, team } = this.#workspace.seed;
    return {
      token,
      team_id: team.id,
      team_domain: team.domain,
      channel_id: channel.id,
      channel_name: channel.kind === "im" ? "directmessage" : channel.name,
      user_id: user.id,
      user_name: user.name,
      command: words.command,
      text: words.text,
      api_app_id: app.id,
      is_enterprise_install: "false",
      response_url: grants.responseUrl,
      trigger_id: grants.triggerId,
    };
  }

  messageShortcut(
    user: User,
    message: Message,
    callbackId: string,
    grants: { readonly triggerId: string; readonly responseUrl: string },
  ): JsonObject {
    return {
      ...this.#interaction(user, "message_action"),
      callback_id: callbackId,
      action_ts: this.#workspace.ids.ts(),
      trigger_id: grants.triggerId,
      response_url: grants.responseUrl,
      message_ts: message.ts,
      channel: this.#channel(message.channel),
      message: messageJson(message, this.#workspace, this.#origin),
    };
  }

  globalShortcut(user: User, callbackId: string, triggerId: string): JsonObject {
    return {
      ...this.#interaction(user, "shortcut"),
      callback_id: callbackId,
      action_ts: this.#workspace.ids.ts(),
      trigger_id: triggerId,
    };
  }

  blockActions(
    user: User,
    target: Target,
    action: JsonObject,
    grants: { readonly triggerId: string; readonly responseUrl?: string },
  ): JsonObject {
    return {
      ...this.#interaction(user, "block_actions"),
      trigger_id: grants.triggerId,
      ...this.#place(target),
      ...(grants.responseUrl === undefined ? {} : { response_url: grants.responseUrl }),
      actions: [{ ...action, action_ts: this.#workspace.ids.ts() }],
    };
  }

  viewSubmission(user: User, view: View, triggerId: string): JsonObject {
    return {
      ...this.#interaction(user, "view_submission"),
      trigger_id: triggerId,
      view: viewJson(view, this.#workspace),
      response_urls: [],
    };
  }

  viewClosed(user: User, view: View, isCleared: boolean): JsonObject {
    return {
      ...this.#interaction(user, "view_closed"),
      view: viewJson(view, this.#workspace),
      is_cleared: isCleared,
    };
  }

  blockSuggestion(
    user: User,
    target: Target,
    block: JsonObject,
    element: JsonObject,
    typed: string,
  ): JsonObject {
    return {
      ...this.#interaction(user, "block_suggestion"),
      action_id: stringAt(element, "action_id"),
      block_id: stringAt(block, "block_id"),
      value: typed,
      ...this.#place(target),
    };
  }

  /** The outer envelope of the Events API; the event id makes it the same event when it is retried. */
  event(event: JsonObject): JsonObject {
    const { app, team } = this.#workspace.seed;
    const ts = this.#workspace.ids.ts();
    return {
      token,
      team_id: team.id,
      api_app_id: app.id,
      type: "event_callback",
      event_id: this.#workspace.ids.next("Ev"),
      event_time: Math.floor(Number(ts)),
      authorizations: [
        {
          enterprise_id: null,
          team_id: team.id,
          user_id: app.botUserId,
          is_bot: true,
          is_enterprise_install: false,
        },
      ],
      is_ext_shared_channel: false,
      event: { ...event, event_ts: ts },
    };
  }

  #interaction(user: User, type: string): JsonObject {
    const { app, team } = this.#workspace.seed;
    return {
      type,
      token,
      api_app_id: app.id,
      team: { id: team.id, domain: team.domain },
      user: { id: user.id, username: user.name, name: user.name, team_id: user.teamId },
      enterprise: null,
      is_enterprise_install: false,
    };
  }

  #channel(id: string): JsonObject {
    const channel = this.#workspace.channel(id);
    return { id, name: channel?.kind === "im" ? "directmessage" : (channel?.name ?? "") };
  }

  /** Where an element sits: its container, and the view or the message around it. */
  #place(target: Target): JsonObject {
    if (isView(target)) {
      return {
        container: { type: "view", view_id: target.id },
        view: viewJson(target, this.#workspace),
      };
    }
    const channel = target.channel ?? "";
    const container = {
      type: "message",
      message_ts: target.ts,
      channel_id: channel,
      is_ephemeral: isEphemeral(target),
      ...(target.threadTs === undefined ? {} : { thread_ts: target.threadTs }),
    };
    // The message as it is now, even when the person clicked on what it was before.
    const current = this.#workspace.message(channel, target.ts);
    return {
      container,
      channel: this.#channel(channel),
      state: { values: {} },
      ...(current === undefined
        ? {}
        : { message: messageJson(current, this.#workspace, this.#origin) }),
    };
  }
}

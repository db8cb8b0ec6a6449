import { ApiError, refusalError } from "../api-error.ts";
import type { Args } from "../args.ts";
import type { Core, Methods } from "../core.ts";
import { isObject, objectAt, stringAt } from "../json.ts";
import type { JsonObject } from "../json.ts";
import { limits } from "../limits.ts";
import { tiers } from "../tiers.ts";
import type { Message } from "../types.ts";
import { refusePostedBlocks } from "../validate.ts";
import { messageJson } from "../wire.ts";
import { postTarget, visibleChannel, writableChannel } from "./channel.ts";

interface Content {
  readonly text: string;
  readonly blocks: readonly JsonObject[];
}

/** Reads and checks text and blocks; at least one of them must be there. */
function contentOf(args: Args): Content {
  const given = args.list("blocks", "invalid_blocks_format") ?? [];
  const refusal = refusePostedBlocks(given);
  if (refusal !== undefined) {
    throw refusalError(refusal);
  }
  const text = args.string("text") ?? "";
  if (text === "" && given.length === 0) {
    throw new ApiError("no_text");
  }
  return { text, blocks: given.filter(isObject) };
}

function metadataOf(args: Args): { metadata?: JsonObject } {
  const metadata = args.object("metadata", "invalid_metadata_format");
  if (metadata === undefined) {
    return {};
  }
  const isSound =
    stringAt(metadata, "event_type") !== undefined &&
    objectAt(metadata, "event_payload") !== undefined;
  if (!isSound) {
    throw new ApiError("invalid_metadata_schema");
  }
  if (Buffer.byteLength(JSON.stringify(metadata)) > limits.metadataBytes) {
    throw new ApiError("metadata_too_large");
  }
  return { metadata };
}

function threadOf(args: Args): { threadTs?: string } {
  const threadTs = args.string("thread_ts");
  if (threadTs === undefined || threadTs === "") {
    return {};
  }
  if (!/^\d+\.\d{6}$/.test(threadTs)) {
    throw new ApiError("invalid_thread_ts");
  }
  return { threadTs };
}

function postMessage(args: Args, core: Core): JsonObject {
  const { workspace } = core;
  const channel = postTarget(args, core);
  const { text, blocks } = contentOf(args);
  const message = workspace.post({
    channel: channel.id,
    user: workspace.seed.app.botUserId,
    isBot: true,
    text: text.slice(0, limits.postText),
    blocks,
    ...threadOf(args),
    ...metadataOf(args),
    ...(args.flag("reply_broadcast") && args.has("thread_ts") ? { isBroadcast: true } : {}),
  });
  return {
    channel: channel.id,
    ts: message.ts,
    message: messageJson(message, workspace, core.origin),
  };
}

/** A message of the bot's own, else the given error. */
function ownMessage(args: Args, core: Core, notOwn: string): Message {
  const channel = visibleChannel(args.required("channel"), core);
  const message = core.workspace.message(channel.id, args.required("ts"));
  if (message === undefined) {
    throw new ApiError("message_not_found");
  }
  if (message.user !== core.workspace.seed.app.botUserId) {
    throw new ApiError(notOwn);
  }
  return message;
}

function update(args: Args, core: Core): JsonObject {
  const old = ownMessage(args, core, "cant_update_message");
  const { text, blocks } = contentOf(args);
  if (text.length > limits.updateText) {
    throw new ApiError("msg_too_long");
  }
  const { isEdited: _, ...kept } = old;
  const message = core.workspace.replace({
    ...kept,
    ...metadataOf(args),
    text: args.has("text") ? text : old.text,
    // Without blocks in the call, the message loses the ones it had.
    blocks,
    ...(blocks.length === 0 ? { isEdited: true } : {}),
  });
  return {
    channel: message.channel,
    ts: message.ts,
    text: message.text,
    message: messageJson(message, core.workspace, core.origin),
  };
}

function remove(args: Args, core: Core): JsonObject {
  const message = ownMessage(args, core, "cant_delete_message");
  core.workspace.remove(message);
  return { channel: message.channel, ts: message.ts };
}

function postEphemeral(args: Args, core: Core): JsonObject {
  const channel = writableChannel(args.required("channel"), core);
  const user = args.required("user");
  if (!channel.members.includes(user)) {
    throw new ApiError("user_not_in_channel");
  }
  const content = contentOf(args);
  const shown = core.workspace.show({
    kind: "message",
    channel: channel.id,
    user,
    ...content,
    ...threadOf(args),
  });
  return { message_ts: shown.ts };
}

function getPermalink(args: Args, core: Core): JsonObject {
  const channel = visibleChannel(args.required("channel"), core);
  const ts = args.required("message_ts");
  const message = core.workspace.message(channel.id, ts);
  if (message === undefined) {
    throw new ApiError("message_not_found");
  }
  const { domain } = core.workspace.seed.team;
  const thread =
    message.threadTs === undefined ? "" : `?thread_ts=${message.threadTs}&cid=${channel.id}`;
  return {
    channel: channel.id,
    permalink: `https://${domain}.slack.com/archives/${channel.id}/p${ts.replace(".", "")}${thread}`,
  };
}

const write = { token: "bot", scopes: ["chat:write"] } as const;

export const chatMethods: Methods = {
  "chat.postMessage": { ...write, tier: tiers.posting, run: postMessage },
  "chat.update": { ...write, tier: tiers.t3, run: update },
  "chat.delete": { ...write, tier: tiers.t3, run: remove },
  "chat.postEphemeral": { ...write, tier: tiers.t4, run: postEphemeral },
  "chat.getPermalink": { token: "bot", scopes: [], tier: tiers.none, run: getPermalink },
};

import { ApiError } from "../api-error.ts";
import type { Args } from "../args.ts";
import type { Core, Methods } from "../core.ts";
import type { JsonObject } from "../json.ts";
import { limits } from "../limits.ts";
import { tiers } from "../tiers.ts";
import type { Channel, Message } from "../types.ts";
import { messageJson } from "../wire.ts";
import { visibleChannel } from "./channel.ts";

const scopeByKind = {
  public: "channels:history",
  private: "groups:history",
  im: "im:history",
} as const satisfies Record<Channel["kind"], string>;

/** A channel whose messages the bot may read: it is a member, and holds the scope of that kind. */
function readableChannel(args: Args, core: Core): Channel {
  const channel = visibleChannel(args.required("channel"), core);
  const needed = scopeByKind[channel.kind];
  if (!core.scopes.includes(needed)) {
    throw new ApiError("missing_scope", { needed, provided: core.scopes.join(",") });
  }
  if (!channel.members.includes(core.workspace.seed.app.botUserId)) {
    throw new ApiError("not_in_channel");
  }
  return channel;
}

/** One page of `found`, which is in the order of the answer; the cursor is the index of the next message. */
function page(found: readonly Message[], args: Args, core: Core, most: number): JsonObject {
  const limit = args.integer("limit") ?? most;
  if (limit < 1 || limit > limits.historyPage) {
    throw new ApiError("invalid_limit");
  }
  const from = Number(args.string("cursor") ?? 0);
  if (!Number.isInteger(from) || from < 0) {
    throw new ApiError("invalid_cursor");
  }
  const to = from + limit;
  const withMetadata = args.flag("include_all_metadata");
  const messages = found.slice(from, to).map((message) => {
    const { metadata, ...rest } = messageJson(message, core.workspace, core.origin);
    return withMetadata && metadata !== undefined ? { ...rest, metadata } : rest;
  });
  const hasMore = to < found.length;
  return {
    messages,
    has_more: hasMore,
    ...(hasMore ? { response_metadata: { next_cursor: String(to) } } : {}),
  };
}

/** Whether a message is between `oldest` and `latest`, which themselves count only with `inclusive`. */
function within(args: Args): (message: Message) => boolean {
  const oldest = args.string("oldest");
  const latest = args.string("latest");
  const isInclusive = args.flag("inclusive");
  return ({ ts }) => {
    const isEdge = ts === oldest || ts === latest;
    if (isEdge) return isInclusive;
    return (
      (oldest === undefined || Number(ts) > Number(oldest)) &&
      (latest === undefined || Number(ts) < Number(latest))
    );
  };
}

/** What the channel shows, newest first: roots and broadcast replies. */
function history(args: Args, core: Core): JsonObject {
  const { id } = readableChannel(args, core);
  const shown = core.workspace
    .messages(id)
    .filter(({ threadTs, isBroadcast }) => threadTs === undefined || isBroadcast === true)
    .filter(within(args));
  return page(shown.toReversed(), args, core, 100);
}

/** A thread, its root first, then the replies, oldest first. */
function replies(args: Args, core: Core): JsonObject {
  const { id } = readableChannel(args, core);
  const ts = args.required("ts");
  const root = core.workspace.message(id, ts);
  if (root === undefined) {
    throw new ApiError("thread_not_found");
  }
  const found = core.workspace.messages(id).filter(({ threadTs }) => threadTs === root.ts);
  return page([root, ...found.filter(within(args))], args, core, limits.historyPage);
}

const read = { token: "bot", scopes: Object.values(scopeByKind), tier: tiers.t3 } as const;

export const historyMethods: Methods = {
  "conversations.history": { ...read, run: history },
  "conversations.replies": { ...read, run: replies },
};

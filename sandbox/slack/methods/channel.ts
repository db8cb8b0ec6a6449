import { ApiError } from "../api-error.ts";
import type { Args } from "../args.ts";
import type { Core } from "../core.ts";
import type { Channel } from "../types.ts";

/** A channel as the bot sees it; a private one without the bot does not exist. */
export function visibleChannel(id: string, { workspace }: Core): Channel {
  const channel = workspace.channel(id);
  const isMember = channel?.members.includes(workspace.seed.app.botUserId) === true;
  if (channel === undefined || (channel.kind !== "public" && !isMember)) {
    throw new ApiError("channel_not_found");
  }
  return channel;
}

/** A channel the bot may write to: it is a member, or holds `chat:write.public`. */
export function writableChannel(id: string, core: Core): Channel {
  const channel = visibleChannel(id, core);
  if (channel.isArchived === true) {
    throw new ApiError("is_archived");
  }
  const isMember = channel.members.includes(core.workspace.seed.app.botUserId);
  if (!isMember && !core.scopes.includes("chat:write.public")) {
    throw new ApiError("not_in_channel");
  }
  return channel;
}

/** Where a post goes: a channel id, or a person's id for their direct message. */
export function postTarget(args: Args, core: Core): Channel {
  const target = args.string("channel");
  const user = target === undefined ? undefined : core.workspace.user(target);
  if (user === undefined) {
    return writableChannel(target ?? "", core);
  }
  if (user.isBot === true || user.deleted === true || user.teamId !== core.workspace.seed.team.id) {
    throw new ApiError("channel_not_found");
  }
  return core.workspace.openDm(user);
}

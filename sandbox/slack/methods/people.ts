import { ApiError } from "../api-error.ts";
import type { Args } from "../args.ts";
import type { Core, Methods } from "../core.ts";
import type { JsonObject } from "../json.ts";
import { tiers } from "../tiers.ts";
import type { User } from "../types.ts";
import { channelJson, userJson, usergroupJson } from "../wire.ts";
import { visibleChannel } from "./channel.ts";

/** The user as this app may see them: the e-mail address needs a scope of its own. */
function seen(user: User, core: Core): JsonObject {
  const { email: _, ...rest } = user;
  const shown = core.scopes.includes("users:read.email") ? user : rest;
  return userJson(shown, core.workspace.seed.team.id);
}

function usersInfo(args: Args, core: Core): JsonObject {
  const user = core.workspace.user(args.required("user"));
  if (user === undefined) {
    throw new ApiError("user_not_found");
  }
  return { user: seen(user, core) };
}

function lookupByEmail(args: Args, core: Core): JsonObject {
  const email = args.required("email").toLowerCase();
  const home = core.workspace.seed.team.id;
  const user = core.workspace.users.find(
    (one) => one.email === email && one.teamId === home && one.deleted !== true,
  );
  if (user === undefined) {
    throw new ApiError("users_not_found");
  }
  return { user: seen(user, core) };
}

/** One page of a list; the cursor is the index of the next item. */
function page<T>(items: readonly T[], args: Args): { slice: readonly T[]; metadata: JsonObject } {
  const from = Number(args.string("cursor") ?? 0);
  if (!Number.isInteger(from) || from < 0) {
    throw new ApiError("invalid_cursor");
  }
  const to = from + (args.integer("limit") ?? items.length);
  return {
    slice: items.slice(from, to),
    metadata: { next_cursor: to < items.length ? String(to) : "" },
  };
}

function usersList(args: Args, core: Core): JsonObject {
  const home = core.workspace.seed.team.id;
  const members = core.workspace.users.filter((user) => user.teamId === home);
  const { slice, metadata } = page(members, args);
  return { members: slice.map((user) => seen(user, core)), response_metadata: metadata };
}

function conversationsOpen(args: Args, core: Core): JsonObject {
  const [id, ...others] = args.required("users").split(",");
  const user = core.workspace.user(id ?? "");
  if (user === undefined || others.length > 0) {
    throw new ApiError(others.length > 0 ? "not_supported_here" : "user_not_found");
  }
  if (user.isBot === true) {
    throw new ApiError("cannot_dm_bot");
  }
  if (user.deleted === true) {
    throw new ApiError("user_disabled");
  }
  if (user.teamId !== core.workspace.seed.team.id) {
    throw new ApiError("user_not_visible");
  }
  return { channel: { id: core.workspace.openDm(user).id } };
}

function conversationsInfo(args: Args, core: Core): JsonObject {
  const channel = visibleChannel(args.required("channel"), core);
  return { channel: channelJson(channel, core.workspace.seed.app.botUserId) };
}

function conversationsMembers(args: Args, core: Core): JsonObject {
  const channel = visibleChannel(args.required("channel"), core);
  const { slice, metadata } = page(channel.members, args);
  return { members: slice, response_metadata: metadata };
}

function conversationsJoin(args: Args, core: Core): JsonObject {
  const { workspace } = core;
  const channel = visibleChannel(args.required("channel"), core);
  if (channel.kind !== "public") {
    throw new ApiError("method_not_supported_for_channel_type");
  }
  const bot = workspace.seed.app.botUserId;
  const joined = { ...channel, members: [...new Set([...channel.members, bot])] };
  workspace.putChannel(joined);
  return { channel: channelJson(joined, bot) };
}

function usergroupsList(args: Args, core: Core): JsonObject {
  const { usergroups, seed } = core.workspace;
  const withUsers = args.flag("include_users");
  return {
    usergroups: usergroups.map((group) => ({
      ...usergroupJson(group, seed.team.id),
      ...(withUsers ? { users: group.users } : {}),
    })),
  };
}

function usergroupUsers(args: Args, core: Core): JsonObject {
  const id = args.required("usergroup");
  const group = core.workspace.usergroups.find((one) => one.id === id);
  if (group === undefined) {
    throw new ApiError("no_such_subteam");
  }
  return { users: group.users };
}

const reads = ["channels:read", "groups:read", "im:read", "mpim:read"];

export const peopleMethods: Methods = {
  "users.info": { token: "bot", scopes: ["users:read"], tier: tiers.t4, run: usersInfo },
  "users.list": { token: "bot", scopes: ["users:read"], tier: tiers.t2, run: usersList },
  "users.lookupByEmail": {
    token: "bot",
    scopes: ["users:read.email"],
    tier: tiers.t3,
    run: lookupByEmail,
  },
  "conversations.open": {
    token: "bot",
    scopes: ["im:write"],
    tier: tiers.t3,
    run: conversationsOpen,
  },
  "conversations.info": { token: "bot", scopes: reads, tier: tiers.t3, run: conversationsInfo },
  "conversations.members": {
    token: "bot",
    scopes: reads,
    tier: tiers.t4,
    run: conversationsMembers,
  },
  "conversations.join": {
    token: "bot",
    scopes: ["channels:join"],
    tier: tiers.t3,
    run: conversationsJoin,
  },
  "usergroups.list": {
    token: "bot",
    scopes: ["usergroups:read"],
    tier: tiers.t2,
    run: usergroupsList,
  },
  "usergroups.users.list": {
    token: "bot",
    scopes: ["usergroups:read"],
    tier: tiers.t2,
    run: usergroupUsers,
  },
};

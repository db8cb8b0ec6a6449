import type { JsonObject } from "./json.ts";
import type { Channel, Message, SlackFile, User, Usergroup, View } from "./types.ts";
import type { Workspace } from "./workspace.ts";

/** The records of the workspace in the shapes that the Web API and payloads carry. */

export function userJson(user: User, home: string): JsonObject {
  return {
    id: user.id,
    team_id: user.teamId,
    name: user.name,
    deleted: user.deleted === true,
    real_name: user.realName,
    tz: "Etc/UTC",
    profile: {
      real_name: user.realName,
      display_name: user.name,
      ...(user.email === undefined ? {} : { email: user.email }),
    },
    is_admin: false,
    is_owner: false,
    is_restricted: user.isGuest === true,
    is_ultra_restricted: false,
    is_bot: user.isBot === true,
    is_app_user: false,
    ...(user.teamId === home ? {} : { is_stranger: true }),
  };
}

export function channelJson(channel: Channel, botUserId: string): JsonObject {
  const isIm = channel.kind === "im";
  return {
    id: channel.id,
    ...(isIm ? { user: channel.name } : { name: channel.name }),
    is_channel: channel.kind === "public",
    is_group: channel.kind === "private",
    is_im: isIm,
    is_mpim: false,
    is_private: channel.kind !== "public",
    is_archived: channel.isArchived === true,
    is_ext_shared: channel.isShared === true,
    is_shared: channel.isShared === true,
    is_member: channel.members.includes(botUserId),
    num_members: channel.members.length,
  };
}

export function messageJson(message: Message, workspace: Workspace, origin: string): JsonObject {
  const { app, team } = workspace.seed;
  const replies = workspace
    .messages(message.channel)
    .filter((one) => one.threadTs === message.ts).length;
  const files = message.files.flatMap((id) => {
    const file = workspace.file(id);
    return file === undefined ? [] : [fileJson(file, workspace, origin)];
  });
  return {
    type: "message",
    user: message.user,
    team: workspace.user(message.user)?.teamId ?? team.id,
    ts: message.ts,
    text: message.text,
    ...(message.isBot ? { bot_id: app.botId, app_id: app.id } : {}),
    ...(message.blocks.length === 0 ? {} : { blocks: message.blocks }),
    ...(files.length === 0 ? {} : { files }),
    ...(message.threadTs === undefined ? {} : { thread_ts: message.threadTs }),
    ...(replies === 0 ? {} : { thread_ts: message.ts, reply_count: replies }),
    ...(message.isBroadcast === true ? { subtype: "thread_broadcast" } : {}),
    ...(message.isEdited === true ? { edited: { user: message.user, ts: message.ts } } : {}),
    ...(message.metadata === undefined ? {} : { metadata: message.metadata }),
  };
}

export function usergroupJson(group: Usergroup, teamId: string): JsonObject {
  return {
    id: group.id,
    team_id: teamId,
    is_usergroup: true,
    name: group.name,
    handle: group.handle,
    user_count: group.users.length,
    date_delete: 0,
  };
}

export function viewJson(view: View, workspace: Workspace): JsonObject {
  const { app, team } = workspace.seed;
  return {
    id: view.id,
    team_id: team.id,
    app_id: app.id,
    app_installed_team_id: team.id,
    bot_id: app.botId,
    type: view.type,
    title: view.title ?? null,
    submit: view.submit ?? null,
    close: view.close ?? null,
    blocks: view.blocks,
    private_metadata: view.privateMetadata,
    callback_id: view.callbackId,
    external_id: view.externalId,
    hash: view.hash,
    state: { values: view.state },
    clear_on_close: view.clearOnClose,
    notify_on_close: view.notifyOnClose,
    root_view_id: view.rootId,
    previous_view_id: view.previousId ?? null,
  };
}

const filetypes: Readonly<Record<string, readonly [string, string]>> = {
  json: ["json", "application/json"],
  yaml: ["yaml", "text/plain"],
  yml: ["yaml", "text/plain"],
  txt: ["text", "text/plain"],
  log: ["text", "text/plain"],
  diff: ["diff", "text/plain"],
  png: ["png", "image/png"],
};

/** Slack's file type and the MIME type, from the ending of the name as Slack guesses them. */
export function filetypeOf(name: string): readonly [filetype: string, mimetype: string] {
  const ending = name.toLowerCase().split(".").at(-1) ?? "";
  return filetypes[ending] ?? ["binary", "application/octet-stream"];
}

export function fileJson(file: SlackFile, workspace: Workspace, origin: string): JsonObject {
  if (file.isStub === true) {
    return { id: file.id, mode: "file_access", file_access: "check_file_info" };
  }
  return fullFileJson(file, workspace, origin);
}

/** The description of a file that `files.info` gives, even for one that arrives as a stub. */
export function fullFileJson(file: SlackFile, workspace: Workspace, origin: string): JsonObject {
  const { team } = workspace.seed;
  const path = `${origin}/files-pri/${team.id}-${file.id}`;
  const name = encodeURIComponent(file.name);
  const [filetype, mimetype] = filetypeOf(file.name);
  const created = Math.floor(file.created / 1_000);
  return {
    id: file.id,
    created,
    timestamp: created,
    name: file.name,
    title: file.title,
    mimetype,
    filetype: file.snippetType ?? filetype,
    user: file.user,
    user_team: workspace.user(file.user)?.teamId ?? team.id,
    mode: file.mode,
    is_external: file.mode === "external",
    external_type: "",
    is_public: false,
    size: file.content.byteLength,
    editable: file.mode === "snippet",
    url_private: `${path}/${name}`,
    url_private_download: `${path}/download/${name}`,
    permalink: `https://${team.domain}.slack.com/files/${file.user}/${file.id}/${name}`,
    channels: file.channels,
    ...(file.altText === undefined ? {} : { alt_txt: file.altText }),
  };
}

import type { JsonObject } from "./json.ts";
import type { Parts } from "./parts.ts";
import type { Message, SlackFile, User } from "./types.ts";
import { fileJson, messageJson } from "./wire.ts";

/** Sends an event when the app subscribed to it. */
export async function announce(parts: Parts, name: string, event: JsonObject): Promise<void> {
  if (parts.core.events.includes(name)) {
    await parts.dispatch.deliverEvent(parts.payloads.event(event));
  }
}

/** Sends the events of a person's new message: only where the bot is a member, as Slack does. */
export async function announceMessage(
  parts: Parts,
  user: User,
  message: Message,
  file?: SlackFile,
): Promise<void> {
  const { workspace, origin } = parts.core;
  const channel = workspace.findChannel(message.channel);
  const bot = workspace.seed.app.botUserId;
  if (!channel.members.includes(bot)) {
    return;
  }
  const body = { ...messageJson(message, workspace, origin), channel: channel.id };
  if (file !== undefined) {
    await announce(parts, "file_shared", {
      type: "file_shared",
      file_id: file.id,
      file: { id: file.id },
      user_id: user.id,
      channel_id: channel.id,
    });
  }
  if (message.text.includes(`<@${bot}>`)) {
    await announce(parts, "app_mention", { ...body, type: "app_mention" });
  }
  const isIm = channel.kind === "im";
  await announce(parts, isIm ? "message.im" : "message.channels", {
    ...body,
    ...(file === undefined
      ? {}
      : { subtype: "file_share", files: [fileJson(file, workspace, origin)] }),
    channel_type: isIm ? "im" : "channel",
  });
}

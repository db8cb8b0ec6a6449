import { ApiError } from "../api-error.ts";
import type { Args } from "../args.ts";
import { missing } from "../args.ts";
import type { Core, Methods } from "../core.ts";
import { isObject, stringAt } from "../json.ts";
import type { JsonObject } from "../json.ts";
import { tiers } from "../tiers.ts";
import { fullFileJson } from "../wire.ts";
import { writableChannel } from "./channel.ts";

function info(args: Args, core: Core): JsonObject {
  const file = core.workspace.file(args.required("file"));
  if (file === undefined) {
    throw new ApiError("file_not_found");
  }
  return { file: fullFileJson(file, core.workspace, core.origin) };
}

function getUploadUrl(args: Args, core: Core): JsonObject {
  const name = args.required("filename");
  const length = args.integer("length");
  if (length === undefined) {
    throw missing("length");
  }
  if (length === 0) {
    throw new ApiError("invalid_arguments");
  }
  const altText = args.string("alt_text");
  const snippetType = args.string("snippet_type");
  const id = core.uploads.begin({ name, length, altText, snippetType });
  return { file_id: id, upload_url: `${core.origin}/upload/v1/${id}` };
}

function complete(args: Args, core: Core): JsonObject {
  const files = (args.list("files", "invalid_arguments") ?? []).filter(isObject);
  if (files.length === 0) {
    throw missing("files");
  }
  const channel = args.string("channel_id");
  const threadTs = args.string("thread_ts");
  const target = channel === undefined ? undefined : writableChannel(channel, core);
  const shared = files.map((file) =>
    core.uploads.complete(
      stringAt(file, "id") ?? "",
      stringAt(file, "title"),
      target?.id,
      threadTs,
    ),
  );
  if (target !== undefined) {
    core.workspace.post({
      channel: target.id,
      user: core.workspace.seed.app.botUserId,
      isBot: true,
      text: args.string("initial_comment") ?? "",
      files: shared.map(({ id }) => id),
      ...(threadTs === undefined ? {} : { threadTs }),
    });
  }
  return { files: shared.map((file) => fullFileJson(file, core.workspace, core.origin)) };
}

export const fileMethods: Methods = {
  "files.info": { token: "bot", scopes: ["files:read"], tier: tiers.t4, run: info },
  "files.getUploadURLExternal": {
    token: "bot",
    scopes: ["files:write"],
    tier: tiers.t4,
    run: getUploadUrl,
  },
  "files.completeUploadExternal": {
    token: "bot",
    scopes: ["files:write"],
    tier: tiers.t4,
    run: complete,
  },
};

import { deploy } from "../commands/deploy.ts";
import { hasErrors } from "../manifest/finding.ts";
import { parseManifest } from "../manifest/parse.ts";
import { reportText } from "../manifest/report.ts";
import { decode } from "../manifest/reading/text.ts";
import { declared, deploying, type Request } from "./asked.ts";
import { exitCodes } from "./command.ts";
import type { Io } from "./io.ts";
import { lenientPlatform } from "./platform.ts";
import { read } from "./read.ts";
import { type AskedWords, textOf } from "./request-words.ts";
import { usageError, type Words } from "./words.ts";

const promotion = "docc deploy APP from=ENVIRONMENT in=ENVIRONMENT";

/**
 * What is asked by `docc deploy`, with the manifest that comes along, if any.
 * @returns an exit code once the manifest's errors are told
 */
export async function uploaded(
  asked: AskedWords,
  { options }: Words,
  io: Io,
): Promise<Request | number> {
  const app = textOf(asked, "app");
  const path = options.get("file");
  if (textOf(asked, "from") !== undefined) {
    if (path === undefined && app !== undefined) return declared(deploy, asked);
    throw usageError("from= brings a stored app along, and no manifest.", `Write ${promotion}.`);
  }
  if (path === undefined) {
    if (app !== undefined) return deploying(app, asked, undefined);
    throw usageError(
      "Say what to deploy.",
      "Name an application, or give a manifest with -f FILE.",
    );
  }
  const file = await read(path, io);
  if ("failure" in file) throw usageError(file.failure);
  const { text } = decode(file.bytes);
  const { manifest, findings } = parseManifest(file.bytes, {
    file: file.name,
    platform: lenientPlatform(asked.environment),
  });
  if (manifest === undefined || hasErrors(findings)) {
    for (const finding of findings)
      io.stderr(`${reportText(finding, { file: file.name, text })}\n`);
    return exitCodes.errors;
  }
  const { application } = manifest;
  if (app !== undefined && app !== application) {
    throw usageError(
      `The manifest is for ${application}, and you asked for ${app}.`,
      "Name the same app in both, or leave it out of the command.",
    );
  }
  return deploying(application, asked, text);
}

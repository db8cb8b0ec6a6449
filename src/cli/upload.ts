import { hasErrors } from "../manifest/finding.ts";
import { parseManifest } from "../manifest/parse.ts";
import { defaultPlatform } from "../manifest/platform.ts";
import { reportText } from "../manifest/report.ts";
import { decode } from "../manifest/reading/text.ts";
import { deploying, type Request } from "./asked.ts";
import { exitCodes } from "./command.ts";
import type { Io } from "./io.ts";
import { read } from "./read.ts";
import { type AskedWords, textOf } from "./request-words.ts";
import { usageError, type Words } from "./words.ts";

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
    platform: lenient(asked.environment),
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

/** What no operator would take is refused here; what one may take is docc's to judge. */
function lenient(environment: string) {
  return { ...defaultPlatform, environment, allowRoot: true, maxScale: Number.MAX_SAFE_INTEGER };
}

import { changeManifest } from "../manifest/change.ts";
import type { Finding } from "../manifest/finding.ts";
import { parseManifest } from "../manifest/parse.ts";
import type { Platform } from "../manifest/platform.ts";
import { renderYaml } from "../manifest/render.ts";
import { reportText, type Source } from "../manifest/report.ts";
import { decode } from "../manifest/reading/text.ts";
import { translate } from "../manifest/translate.ts";
import { type CliCommand, exitCodes } from "./command.ts";
import type { Io } from "./io.ts";
import {
  configOption,
  environmentIn,
  environmentKey,
  environmentListed,
  platformFor,
} from "./platform.ts";
import { read } from "./read.ts";
import { rightForm } from "./mistakes.ts";
import { changes, changesListed } from "./takes.ts";
import { keyValues, usageError } from "./words.ts";

const form = {
  usage: "FILE [in=ENVIRONMENT] [key=value ...] [--config docc.yaml]",
  short: ["FILE [key=value ...]"] as const,
};

export const render: CliCommand = {
  ...form,
  name: "render",
  summary: "Show the Kubernetes objects of a manifest, as YAML in the order of applying",
  details: ["Findings go to standard error, so that the objects can be piped."],
  examples: ["render manifest.json tag=2018", "render manifest.yaml | kubectl diff -f -"],
  options: { config: configOption },
  takes: {
    listed: [
      { form: "FILE", about: "a manifest in JSON or YAML; - reads standard input" },
      environmentListed,
      changesListed,
    ],
    words: ["files"],
    keys: { in: environmentKey, ...changes },
  },
  run: async ({ positionals, options }, io) => {
    const { environment, rest: words } = environmentIn(positionals);
    const [path, ...rest] = words;
    if (path === undefined) {
      throw usageError("Say which file to render.", rightForm("render", form));
    }
    const changes = keyValues(rest, rightForm("render", form));
    const platform = await platformFor(environment, options.get("config"), io);
    const file = await read(path, io);
    if ("failure" in file) {
      io.stderr(`docc: ${file.failure}\n`);
      return exitCodes.usage;
    }
    return show(file, changes, platform, io);
  },
};

function show(
  { name: file, bytes }: { readonly name: string; readonly bytes: Uint8Array },
  words: Readonly<Record<string, string>>,
  platform: Platform,
  io: Io,
): number {
  const source = { file, text: decode(bytes).text };
  const given = parseManifest(bytes, { file, platform });
  // The text and not the manifest, so that findings about what no word changed keep their place.
  const parsed =
    given.manifest === undefined || Object.keys(words).length === 0
      ? given
      : changeManifest(source.text, words, platform);
  tell(parsed.findings, source, io);
  if (parsed.manifest === undefined) {
    return exitCodes.errors;
  }
  io.stdout(renderYaml(translate(parsed.manifest, platform)));
  return exitCodes.ok;
}

function tell(findings: readonly Finding[], source: Source, io: Io): void {
  for (const finding of findings) {
    io.stderr(`${reportText(finding, source)}\n`);
  }
}

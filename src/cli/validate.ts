import { type Finding, hasErrors } from "../manifest/finding.ts";
import { parseManifest } from "../manifest/parse.ts";
import type { Platform } from "../manifest/platform.ts";
import { reportGithub, reportText } from "../manifest/report.ts";
import { decode } from "../manifest/reading/text.ts";
import { oneLine } from "../text/clean.ts";
import { type CliCommand, exitCodes } from "./command.ts";
import type { Io } from "./io.ts";
import {
  configOption,
  environmentIn,
  environmentKey,
  platformFor,
  platformHelp,
} from "./platform.ts";
import { read } from "./read.ts";
import { usageError } from "./words.ts";

export const validate: CliCommand = {
  name: "validate",
  usage: "FILE... [in=ENVIRONMENT] [--format text|json|github] [--config docc.yaml]",
  summary: "Check manifests, and show every error with its line",
  details: [
    "FILE is a manifest in JSON or YAML; - reads standard input.",
    "--format json prints a list of {file, severity, code, message, path, line, column, hint};",
    "--format github prints annotations for GitHub Actions.",
    ...platformHelp,
  ],
  options: { format: { values: ["text", "json", "github"] }, config: configOption },
  takes: { rest: "files", keys: { in: environmentKey } },
  run: async ({ positionals: words, options }, io) => {
    const { environment, rest: positionals } = environmentIn(words);
    refuseNoFiles(positionals);
    const platform = await platformFor(environment, options.get("config"), io);
    const checked: Checked[] = [];
    for (const path of positionals) {
      const file = await read(path, io);
      if ("failure" in file) {
        io.stderr(`docc: ${file.failure}\n`);
      } else {
        checked.push(check(file.name, file.bytes, platform));
      }
    }
    formats[options.get("format") ?? "text"]?.(checked, io);
    if (checked.length < positionals.length) {
      return exitCodes.usage;
    }
    return checked.some(({ findings }) => hasErrors(findings)) ? exitCodes.errors : exitCodes.ok;
  },
};

interface Checked {
  readonly file: string;
  readonly text: string;
  readonly findings: readonly Finding[];
}

function refuseNoFiles(paths: readonly string[]): void {
  if (paths.length === 0) {
    throw usageError("Say which file to validate.", "Write docc validate FILE...");
  }
  if (paths.indexOf("-") !== paths.lastIndexOf("-")) {
    throw usageError("Standard input (-) can be read only once.");
  }
}

function check(file: string, bytes: Uint8Array, platform: Platform): Checked {
  const { findings } = parseManifest(bytes, { file, platform });
  return { file, text: decode(bytes).text, findings };
}

type Format = (checked: readonly Checked[], io: Io) => void;

const formats: Readonly<Record<string, Format>> = {
  text: (checked, io) => {
    for (const each of checked) {
      for (const finding of each.findings) {
        io.stdout(`${reportText(finding, each)}\n`);
      }
      io.stdout(`${verdict(each)}\n`);
    }
  },
  json: (checked, io) => {
    const all = checked.flatMap(({ file, findings }) =>
      findings.map((each) => ({ file, ...each })),
    );
    io.stdout(`${JSON.stringify(all, null, 2)}\n`);
  },
  github: (checked, io) => {
    for (const each of checked) {
      io.stdout(each.findings.map((finding) => reportGithub(finding, each)).join(""));
    }
  },
};

function verdict({ file, findings }: Checked): string {
  const errors = findings.filter(({ severity }) => severity === "error").length;
  const counts = [count(errors, "error"), count(findings.length - errors, "warning")];
  const found = counts.filter((each) => each !== "").join(", ");
  const state = errors === 0 ? "valid" : "not valid";
  return `${oneLine(file)} is ${state}${found === "" ? "" : `: ${found}`}.`;
}

function count(number: number, noun: string): string {
  return number === 0 ? "" : `${number} ${noun}${number === 1 ? "" : "s"}`;
}

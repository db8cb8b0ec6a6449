import { appArgument } from "../commands/environment.ts";
import { validate as validateWord } from "../commands/validate.ts";
import { DoccError } from "../errors.ts";
import { type Finding, hasErrors } from "../manifest/finding.ts";
import { parseManifest } from "../manifest/parse.ts";
import type { Platform } from "../manifest/platform.ts";
import { reportGithub, reportText } from "../manifest/report.ts";
import { decode } from "../manifest/reading/text.ts";
import { oneLine } from "../text/clean.ts";
import { type CliCommand, exitCodes, type Form } from "./command.ts";
import { homeOptions, homePlace } from "./home.ts";
import type { Io } from "./io.ts";
import {
  configOption,
  environmentIn,
  environmentKey,
  environmentListed,
  platformFor,
} from "./platform.ts";
import { read, type ReadFile } from "./read.ts";
import { understoodWords } from "./request-words.ts";
import { Unanswered } from "./unanswered.ts";
import { optionUsage } from "./usage.ts";
import { usageError, type Words } from "./words.ts";

const options = {
  format: {
    values: ["text", "json", "github"],
    about: "how findings are printed: json as a list, github as annotations for GitHub Actions",
  },
  config: configOption,
  ...homeOptions,
};
const form: Form = {
  usage: `FILE...|APP [in=ENVIRONMENT] ${optionUsage(options)}`,
  short: ["FILE...|APP [in=ENVIRONMENT]"],
  options,
  takes: {
    listed: [
      { form: "FILE...", about: "manifests in JSON or YAML; - reads standard input" },
      { form: "APP", about: "a deployed application, where there is no such file" },
      environmentListed,
    ],
    rest: "files",
    keys: { in: environmentKey },
  },
};

export const validate: CliCommand = {
  ...form,
  name: "validate",
  summary: "Check manifests, and show every error with its line; or check a deployed app",
  details: [
    "--format json prints a list of {file, severity, code, message, path, line, column, hint}.",
    "Of an application docc is asked, as with docc lock; without in= it is the only environment that has it. The exit code is 1 for errors.",
  ],
  examples: [
    "validate manifest.json",
    "validate manifest.yaml in=production --format github",
    "validate kubecon-2017",
  ],
  run: async (written, io) => {
    const { options } = written;
    const { environment, rest: positionals } = environmentIn(written.positionals);
    refuseNoFiles(positionals);
    const [first = "", ...others] = positionals;
    const one = await read(first, io);
    const missing = others.length === 0 ? missingApp(first, one) : undefined;
    if (missing !== undefined) return validateApp(written, missing, io);
    refuseHome(options);
    const platform = await platformFor(environment, options.get("config"), io);
    const checked: Checked[] = [];
    for (const [at, path] of positionals.entries()) {
      const file = at === 0 ? one : await read(path, io);
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

/** Why there is no file of the one name that may be an application's; a dot, or a slash, makes a file of it. */
function missingApp(path: string, file: ReadFile): string | undefined {
  if (!appArgument.safeParse(path).success) return undefined;
  return "failure" in file && file.isMissing ? file.failure : undefined;
}

async function validateApp(words: Words, missing: string, io: Io): Promise<number> {
  const format = words.options.get("format") ?? "text";
  const other = words.options.has("config") ? "config" : format === "github" ? "format" : undefined;
  if (other !== undefined) {
    throw usageError(missing, `--${other} is for files, and not for an application of that name.`);
  }
  const { args } = understoodWords(validateWord, words, form);
  // Only who asks for a cluster pays for loading what speaks to one.
  const { actLive } = await import("./act-live.ts");
  const output = format === "json" ? "json" : "table";
  try {
    return await actLive({ command: validateWord, args }, homePlace(words), output, io);
  } catch (error) {
    if (!(error instanceof DoccError)) throw error;
    const { reason, message, hint } = error;
    const rest = hint === undefined ? {} : { hint };
    const Failure = error instanceof Unanswered ? Unanswered : DoccError;
    throw new Failure(reason, `${missing} ${message}`, { ...rest, cause: error });
  }
}

function refuseHome(options: Words["options"]): void {
  const surplus = ["namespace", "context"].find((name) => options.has(name));
  if (surplus === undefined) return;
  throw usageError(`--${surplus} is for an application, and a file needs no cluster.`);
}

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

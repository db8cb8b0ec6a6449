import type { AuditRecord } from "../audit/record.ts";
import type { Verdict } from "../audit/verify.ts";
import { auditArguments, auditQuery, audit as auditWord } from "../commands/audit.ts";
import { oneLine, quoted } from "../text/clean.ts";
import { type CliCommand, exitCodes } from "./command.ts";
import { homeOptions, homePlace } from "./home.ts";
import type { Io } from "./io.ts";
import { asText, type OutputFormat, outputOf, outputOption } from "./output.ts";
import { understoodWords } from "./request-words.ts";
import { takesOf } from "./takes.ts";
import { examplesOf, optionUsage, shortUsage, summaryOf, wordUsage } from "./usage.ts";
import { usageError, type Words } from "./words.ts";

const reading = wordUsage(auditWord);
const sha256 = /^sha256:[0-9a-f]{64}$/u;

const ofVerification = {
  head: {
    values: "HASH",
    about:
      "with --verify: a head that was kept elsewhere, such as in Slack; only it shows that the end was cut off",
  },
  after: {
    values: "HASH",
    about: "with --verify: the hash of the last segment that was moved to an archive",
  },
};
const ofBoth = {
  output: outputOption,
  json: { values: [], about: "the same as -o json" },
  ...homeOptions,
};
const differs = { about: { lines: "how many lines, 20 unless told; 10,000 at most" } };
const form = {
  usage: `${reading} | --verify ${optionUsage(ofVerification)}; ${optionUsage(ofBoth)}`,
  short: [shortUsage(auditWord), "--verify"] as const,
  options: {
    verify: {
      values: [],
      about: "check the whole log: 0 when it holds, else 1 and the first place where it does not",
    },
    ...ofVerification,
    ...ofBoth,
  },
  takes: takesOf(auditWord, differs),
};

export const audit: CliCommand = {
  ...form,
  name: "audit",
  summary: `${summaryOf(auditWord)}; --verify: check the log`,
  details: [],
  examples: examplesOf(auditWord, { also: ["audit --verify"] }),
  run: async (words, io) => {
    const { options } = words;
    const isVerification = options.has("verify");
    refuseMixture(words, isVerification);
    const output = formatOf(options);
    const [head, after] = [hashOf("head", options), hashOf("after", options)];
    const asked = isVerification
      ? undefined
      : auditQuery(auditArguments.parse(understoodWords(auditWord, words, form).args), Date.now());
    // Only who asks for the log loads the Kubernetes client.
    const { openLog } = await import("./audit-live.ts");
    const { namespace, context } = homePlace(words);
    const log = openLog(namespace, context);
    try {
      if (asked === undefined) return tellVerdict(await log.verify({ head, after }), output, io);
      const { records } = await log.read(asked);
      return await tellRecords(records, output, io);
    } finally {
      await log.close();
    }
  },
};

function formatOf(options: Words["options"]): OutputFormat {
  const output = outputOf(options);
  if (!options.has("json")) return output;
  if (!options.has("output") || output === "json") return "json";
  throw usageError(`--json and -o ${output} say two things.`, "Keep one of them.");
}

function refuseMixture({ positionals, options }: Words, isVerification: boolean): void {
  const [surplus] = positionals;
  if (isVerification && surplus !== undefined) {
    throw usageError(
      `The word ${quoted(surplus)} is one too many: --verify checks the whole log.`,
      "Write docc audit --verify [--head HASH].",
    );
  }
  const alone = ["head", "after"].find((name) => options.has(name));
  if (!isVerification && alone !== undefined) {
    throw usageError(
      `--${alone} goes with --verify.`,
      `Write docc audit --verify --${alone} HASH.`,
    );
  }
}

function hashOf(name: string, options: Words["options"]): string | undefined {
  const given = options.get(name);
  if (given !== undefined && !sha256.test(given)) {
    throw usageError(`--${name} takes sha256: and 64 hexadecimal digits, not ${quoted(given)}.`);
  }
  return given;
}

function tellVerdict(verdict: Verdict, output: OutputFormat, io: Io): number {
  if (output === "table") io.stdout(`${oneLine(sayVerdict(verdict))}\n`);
  else io.stdout(asText(verdict, output));
  return verdict.ok ? exitCodes.ok : exitCodes.errors;
}

function sayVerdict(verdict: Verdict): string {
  if (!verdict.ok) return `The audit log does not hold. ${verdict.problem}`;
  const { segments, records, unsealed, head } = verdict;
  const count = (number: number, noun: string): string =>
    `${number.toLocaleString("en-US")} ${noun}${number === 1 ? "" : "s"}`;
  const waiting = unsealed === 0 ? "" : ` ${count(unsealed, "record")} not sealed yet.`;
  return `The audit log holds: ${count(segments, "segment")}, ${count(records, "record")}, head ${head.hash}.${waiting}`;
}

async function tellRecords(
  records: readonly AuditRecord[],
  output: OutputFormat,
  io: Io,
): Promise<number> {
  if (output !== "table") {
    io.stdout(asText(records, output));
    return exitCodes.ok;
  }
  const { sayWhat, sayWhen } = await import("../audit/query.ts");
  const { columns } = await import("../text/columns.ts");
  const rows = records.map((record) =>
    [
      sayWhen(record),
      `${record.who.provider}:${record.who.user}`,
      record.outcome,
      sayWhat(record),
    ].map(oneLine),
  );
  if (rows.length > 0) io.stdout(`${columns([["WHEN", "WHO", "OUTCOME", "WHAT"], ...rows])}\n`);
  else io.stderr("docc: The audit log has no such records.\n");
  return exitCodes.ok;
}

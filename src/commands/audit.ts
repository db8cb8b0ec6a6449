import { z } from "zod";
import { type AuditQuery, sayWhat, sayWhen } from "../audit/query.ts";
import type { AuditRecord } from "../audit/record.ts";
import { DoccError } from "../errors.ts";
import { quoted } from "../text/clean.ts";
import { parseDuration } from "../text/duration.ts";
import type { Answer } from "./answer.ts";
import { defineCommand } from "./define.ts";
import { anyEnvironmentArgument, appArgument, environmentNamed } from "./environment.ts";

/** What a terminal shows of it at most. */
const mostLines = 10_000;
/** What a message of Slack has room for. */
const mostInMessage = 90;
const wholeNumber = `takes a whole number from 1 to ${mostLines}`;

export const auditArguments = z.object({
  app: appArgument.optional(),
  in: anyEnvironmentArgument,
  by: z.string().min(1, "is empty").optional().describe("one person: a mention, or an id"),
  since: z.string().min(1, "is empty").optional().describe("how far back: 24h, 7d, or 2017-12-06"),
  lines: z.coerce
    .number(wholeNumber)
    .int(wholeNumber)
    .min(1, wholeNumber)
    .max(mostLines, wholeNumber)
    .optional()
    .describe(`how many lines, 20 unless told; ${mostInMessage} at most in Slack`),
});

export const audit = defineCommand({
  name: "audit",
  summary: "Show who did what, refusals included, newest first, to you alone",
  needs: "read",
  answers: "later",
  positional: ["app"],
  args: auditArguments,
  examples: ["audit", "audit kubecon-2017 in=production since=7d lines=50"],
  run: async (args, _request, ports) => {
    const { app, in: wished } = args;
    const environment = wished === undefined ? undefined : environmentNamed(ports, wished).name;
    refuseTooMany(args.lines);
    const query = auditQuery(args, ports.clock.now());
    const { records, lookedBackTo } = await ports.audit.read(query);
    return {
      text: sentence(records.length, app, environment),
      ...(records.length === 0 ? {} : { table: table(records), named: people(records) }),
      ...(lookedBackTo === undefined
        ? {}
        : { lines: [`docc looked back to ${sayWhen({ time: lookedBackTo })} UTC, not further.`] }),
    };
  },
});

/** @throws DoccError `bad-input` */
function refuseTooMany(lines = 0): void {
  if (lines <= mostInMessage) return;
  throw new DoccError("bad-input", `A message has at most ${mostInMessage} lines of it.`, {
    hint: `docc audit in a terminal takes lines=${lines}.`,
  });
}

/**
 * What is asked of the log. Pure.
 * @param now milliseconds since the epoch
 * @throws DoccError `bad-input`
 */
export function auditQuery(
  { app, in: environment, by, since, lines = 20 }: z.infer<typeof auditArguments>,
  now: number,
): AuditQuery {
  return {
    ...(app === undefined ? {} : { app }),
    ...(environment === undefined ? {} : { environment }),
    ...(by === undefined ? {} : { by: by.replace(/^@/u, "") }),
    ...(since === undefined ? {} : { since: startOf(since, now) }),
    lines,
  };
}

/**
 * When a look back begins: `7d` ago, or at the start of a day in UTC.
 * @returns milliseconds since the epoch
 * @throws DoccError `bad-input`
 */
export function startOf(since: string, now: number): number {
  const duration = parseDuration(since);
  const day = /^\d{4}-\d{2}-\d{2}$/u.test(since) ? Date.parse(`${since}T00:00:00Z`) : NaN;
  const start = duration === undefined ? day : now - duration;
  if (Number.isNaN(start)) {
    throw new DoccError("bad-input", `since= takes no ${quoted(since)}.`, {
      hint: "Give a duration such as 24h or 7d, or a day such as 2017-12-06.",
    });
  }
  return start;
}

function sentence(count: number, app: string | undefined, environment: string | undefined): string {
  const about = `${app === undefined ? "" : ` of ${app}`}${environment === undefined ? "" : ` in ${environment}`}`;
  if (count === 0) return `The audit log has no such records${about}.`;
  return `The ${count === 1 ? "latest record" : `${count} latest records`}${about}, times in UTC.`;
}

function table(records: readonly AuditRecord[]): NonNullable<Answer["table"]> {
  return {
    columns: ["When", "Who", "What", "Outcome"],
    rows: records.map((record) => [
      sayWhen(record),
      isOfSlack(record) ? `@${record.who.user}` : record.who.user,
      sayWhat(record),
      record.outcome,
    ]),
  };
}

function isOfSlack({ who }: AuditRecord): boolean {
  return who.provider === "slack" && /^[UW][A-Z0-9]+$/u.test(who.user);
}

function people(records: readonly AuditRecord[]): readonly string[] {
  return [...new Set(records.filter(isOfSlack).map(({ who }) => who.user))];
}

import type { CommandAnswer, CommandRecord } from "../release/command-record.ts";
import { type Finding, hasErrors } from "../manifest/finding.ts";
import { cap } from "../text/cap.ts";
import { oneLine } from "../text/clean.ts";
import type { Answer } from "./answer.ts";
import type { Command, Request } from "./define.ts";
import {
  type AuditLine,
  commandWord,
  dispatch,
  interpret,
  type Invocation,
  isInvocation,
} from "./dispatch.ts";
import type { Ports } from "./ports.ts";

/** What words run with. */
export interface RecordPorts {
  readonly registry: readonly Command[];
  readonly ports: Ports;
  readonly audit: (line: AuditLine, error?: unknown) => void;
}

/**
 * Does what a Command asks for, as if who asked had typed it: the same words, checks, rights and audit. Never rejects.
 * After a crash between the effect and the answer it is done once more: only words come this way of which that loses
 * nothing ({@link Command.asRecord}), and the audit log has them once, by their delivery.
 * @param askedAt where it may be a while ago ({@link Request.askedAt})
 */
export async function runRecorded(
  { metadata, spec }: CommandRecord,
  { registry, ports, audit }: RecordPorts,
  askedAt?: number,
): Promise<Omit<CommandAnswer, "at">> {
  const request: Request = {
    delivery: deliveryOf(metadata),
    requester: spec.by,
    ...(askedAt === undefined ? {} : { askedAt }),
  };
  const text = oneLine(spec.text);
  const understood = taken(interpret(registry, text), registry);
  if (isInvocation(understood)) {
    return recordedAnswer(await dispatch(understood, request, ports, audit));
  }
  audit(refusedLine({ metadata, spec }, registry, understood.reason));
  return recordedAnswer(understood);
}

/** What is recorded of a Command that no declaration has run for. */
export function refusedLine(
  { metadata, spec }: Pick<CommandRecord, "metadata" | "spec">,
  registry: readonly Command[],
  reason = "bad-input",
): AuditLine {
  const command = commandWord(registry, oneLine(spec.text)) ?? "unknown";
  const delivery = deliveryOf(metadata);
  return { command, ...spec.by, channel: undefined, delivery, outcome: reason };
}

function deliveryOf({ uid }: CommandRecord["metadata"]): string {
  return `command:${uid}`;
}

/** Other words have records of their own, or need a form, a file or a channel. */
function taken(understood: Invocation | Answer, registry: readonly Command[]): Invocation | Answer {
  if (!isInvocation(understood) || understood.command.asRecord === true) return understood;
  const all = registry.filter(({ asRecord }) => asRecord === true).map(({ name }) => name);
  return {
    text: `${understood.command.name} is not asked for by a Command.`,
    lines: [`These are: ${all.join(", ")}.`],
    reason: "bad-input",
  };
}

/** The code of an answer that was asked for, and says that a manifest has errors. */
const notValid = "not-valid";
const mostLines = 20;

/** As the CRD takes it (deploy/crds): each text one clean line, and what is too much left out. Pure. */
export function recordedAnswer({
  text,
  lines = [],
  findings = [],
  table,
  reason,
}: Answer): Omit<CommandAnswer, "at"> {
  const said = shortened([...findings.map(sayFinding), ...lines]).map((line) => fit(line, 1_024));
  return {
    outcome: reason === undefined ? "answered" : "refused",
    code: reason ?? (hasErrors(findings) ? notValid : "ok"),
    sentence: fit(text, 1_024),
    ...(said.length === 0 ? {} : { lines: said }),
    ...(table === undefined
      ? {}
      : {
          table: {
            columns: table.columns.slice(0, 8).map((name) => fit(name, 64)),
            rows: table.rows
              .slice(0, 50)
              .map((row) => row.slice(0, 8).map((cell) => fit(cell, 256))),
          },
        }),
  };
}

function sayFinding({ severity, path, message, hint }: Finding): string {
  const place = path === "" ? "" : `${path}: `;
  return `${severity}: ${place}${message} ${hint}`;
}

function shortened(lines: readonly string[]): readonly string[] {
  if (lines.length <= mostLines) return lines;
  const shown = lines.slice(0, mostLines - 1);
  return [...shown, `${lines.length - shown.length} more lines are not shown here.`];
}

function fit(text: string, most: number): string {
  return cap(oneLine(text), most);
}

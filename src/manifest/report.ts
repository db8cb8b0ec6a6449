import { oneLine, visible } from "../text/clean.ts";
import type { Finding } from "./finding.ts";

/** A file as findings speak of it. */
export interface Source {
  /** Its name, for people. */
  readonly file: string;
  /** Its text, for snippets. */
  readonly text: string;
}

/** Units of a line shown in a snippet, and how many of them before the caret at most. */
const WIDTH = 90;
const BEFORE = 60;

/**
 * A finding for a terminal, or a monospaced block: where, what, the line with a caret, what to do.
 */
export function reportText(finding: Finding, source: Source): string {
  const { severity, code, message, hint } = finding;
  const lines = [
    `${placeText(finding, source.file)}: ${severity} ${code}: ${message}`,
    ...snippet(finding, source.text),
    ...(hint === "" ? [] : [`  hint: ${hint}`]),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

/**
 * The line a finding is about, and a caret below the column: two lines, none where the finding is
 * about no place. Long lines are cut around the caret; what cannot be seen is made visible.
 */
export function snippet({ line, column }: Finding, text: string): readonly string[] {
  const whole = lineAt(text, line);
  if (whole === undefined) {
    return [];
  }
  const start = column - 1 > BEFORE && whole.length > WIDTH ? column - 1 - BEFORE : 0;
  const shown = visible(whole.slice(start, start + WIDTH).replace(/\r$/u, ""));
  const before = start > 0 ? "…" : "";
  const after = start + WIDTH < whole.length ? "…" : "";
  const margin = `  ${line} | `;
  const caret = " ".repeat(before.length + column - 1 - start);
  return [
    `${margin}${before}${shown}${after}`.trimEnd(),
    `${" ".repeat(margin.length - 2)}| ${caret}^`,
  ];
}

/** A line of a text, 1-based; no copy of the others, since a report asks for many. */
function lineAt(text: string, line: number): string | undefined {
  let start = 0;
  for (let passed = 1; passed < line && start !== -1; passed += 1) {
    start = text.indexOf("\n", start) + 1 || -1;
  }
  if (line < 1 || start === -1) {
    return undefined;
  }
  const end = text.indexOf("\n", start);
  return text.slice(start, end === -1 ? undefined : end);
}

/**
 * A finding as an annotation of GitHub Actions: docs.github.com, "Workflow commands", `::error`.
 */
export function reportGithub(finding: Finding, source: Source): string {
  const { severity, code, message, hint, line, column } = finding;
  const place = line === 0 ? "" : `,line=${line},col=${column}`;
  const properties = `file=${property(source.file)}${place},title=${property(`docc ${code}`)}`;
  return `::${severity} ${properties}::${data(hint === "" ? message : `${message} ${hint}`)}\n`;
}

function placeText({ line, column }: Finding, file: string): string {
  const name = oneLine(file);
  return line === 0 ? name : `${name}:${line}:${column}`;
}

function data(text: string): string {
  return text.replace(/%/gu, "%25").replace(/\r/gu, "%0D").replace(/\n/gu, "%0A");
}

function property(text: string): string {
  return data(text).replace(/:/gu, "%3A").replace(/,/gu, "%2C");
}

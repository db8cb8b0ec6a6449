import { cap } from "./cap.ts";

/**
 * Terminal escape sequences (ECMA-48): CSI, the string sequences OSC, DCS, SOS, PM and APC with
 * their payload, and the short ones. Linear: no payload goes over the beginning of another sequence.
 */
const escapeSequences =
  // oxlint-disable-next-line no-control-regex -- control characters are what it is for
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\u001b[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u0090\u0098\u009c-\u009f]*(?:\u0007|\u001b\\|\u009c)|\u001b[ -/]*[0-Z\\^-~]/gu;

/**
 * What a reader cannot see and a forger can use: control characters except tab and newline, the
 * default-ignorable ones (zero width, bidi embeddings, overrides and isolates, tag characters),
 * and annotation anchors.
 */
const unseen = /(?![\t\n])\p{Cc}|\p{Default_Ignorable_Code_Point}|[\u2028\u2029\ufff9-\ufffb]/gu;

/** So much of what comes behind an escape sequence is told: enough to know how a word begins. */
const lookAhead = 120;

/**
 * Text from people, files, logs or a cluster, made safe to show: no terminal escapes, no control
 * characters but tab and newline, nothing invisible or reordering, no lone surrogates. It does not
 * escape for Slack or HTML. Rule: facts/trust.md section 2, "Content".
 */
export function clean(text: string): string {
  return cleanBy(text, () => "");
}

/**
 * {@link clean}, where something may stay of an escape sequence.
 * @param keep what stays, given the sequence and what comes behind it
 */
export function cleanBy(text: string, keep: (sequence: string, rest: string) => string): string {
  return text
    .replace(/\r\n?/gu, "\n")
    .replace(escapeSequences, (sequence, at: number, whole: string) => {
      const end = at + sequence.length;
      return keep(sequence, whole.slice(end, end + lookAhead));
    })
    .replace(unseen, "")
    .toWellFormed();
}

/** {@link clean}, with every run of white space made one space: for text that must stay one line. */
export function oneLine(text: string): string {
  return clean(text).replace(/\s+/gu, " ").trim();
}

/**
 * Someone else's words inside our sentence: one line, in double quotes, at most `max` UTF-16 units
 * between them.
 */
export function quoted(text: string, max = 60): string {
  return `"${cap(oneLine(text), max)}"`;
}

/** A JSON text with what a reader cannot see written as `\\u009b`: it says the same, and a terminal obeys none of it. */
export function escapedJson(json: string): string {
  const escape = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return json.replace(unseen, (found) => found.split("").map(escape).join(""));
}

/** Whether a reader cannot see some of it. */
export function hasUnseen(text: string): boolean {
  return text.search(unseen) !== -1;
}

/** {@link escapedJson} for a YAML text that has what cannot be seen inside double quotes alone: YAML escapes whole characters. */
export function escapedYaml(yaml: string): string {
  return yaml.replace(unseen, (found) => {
    const code = (found.codePointAt(0) ?? 0).toString(16);
    return code.length > 4 ? `\\U${code.padStart(8, "0")}` : `\\u${code.padStart(4, "0")}`;
  });
}

/**
 * Shows each unseen character as U+FFFD instead of dropping it, so that columns keep their meaning
 * under a caret. Tabs become single spaces.
 */
export function visible(line: string): string {
  return line
    .toWellFormed()
    .replace(/\t/gu, " ")
    .replace(unseen, (found) => "\ufffd".repeat(found.length));
}

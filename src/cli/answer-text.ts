import type { Answer } from "../commands/answer.ts";
import { oneLine } from "../text/clean.ts";
import { columns } from "../text/columns.ts";
import { inTerminal, sentencesOf } from "./said.ts";

interface Look {
  readonly hasColours: boolean;
  /** Columns that would say nothing. */
  readonly omits: readonly string[];
}

/** An answer of a Slack command as lines for a terminal. Pure; whatever it holds is made one clean line. */
export function answerText(answer: Answer, { hasColours, omits }: Look): string {
  const { table, text, ...others } = answer;
  const lines = [...sentencesOf({ ...others, text: "" }), ...linkLines(answer)];
  if (table === undefined || table.rows.length === 0) {
    return [inTerminal(text), ...lines].map((line) => `${line}\n`).join("");
  }
  const kept = table.columns.map((name) => !omits.includes(name));
  const rows = [table.columns.map((name) => name.toUpperCase()), ...table.rows].map((row) =>
    row.filter((_, at) => kept[at] !== false).map(oneLine),
  );
  const drawn = columns(rows, hasColours ? coloured : undefined);
  return [inTerminal(text), "", drawn, ...(lines.length === 0 ? [] : ["", ...lines])]
    .map((line) => `${line}\n`)
    .join("");
}

/** `dashboard  https://...`, one below the other. */
export function linkLines({ links = [] }: Pick<Answer, "links">): readonly string[] {
  if (links.length === 0) return [];
  return columns(links.map(({ text, url }) => [oneLine(text), oneLine(url)])).split("\n");
}

const colours: readonly (readonly [RegExp, number])[] = [
  [/^(succeeded|healthy)\b/u, 32],
  [/^(failed|refused|rejected|unknown)\b/u, 31],
  [/^(awaiting-approval|waits)\b/u, 33],
];
const bold = 1;

/** How something stands is seen before it is read. */
function coloured(cell: string, row: number): string {
  const code = row === 0 ? bold : colours.find(([pattern]) => pattern.test(cell))?.[1];
  return code === undefined || cell === "" ? cell : `\u001b[${code}m${cell}\u001b[0m`;
}

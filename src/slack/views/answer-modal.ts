import type { types } from "@slack/bolt";
import type { Answer } from "../../commands/answer.ts";
import { cap } from "../../text/cap.ts";
import { clean, oneLine } from "../../text/clean.ts";
import { context, preformatted, section } from "../blocks.ts";
import { capMarkup, plain } from "../escape.ts";
import { limits } from "../limits.ts";
import type { Block } from "../message.ts";
import { mention } from "../people.ts";
import { answerMessage, sections } from "./answer.ts";

/** Opened at once, while the command still asks; see {@link answerModal}. */
export function loadingModal(title: string): types.ModalView {
  return modal(title, [section("One moment…")]);
}

/** A command's answer as a modal, which holds far more than a message. What it cannot is counted. Pure. */
export function answerModal(title: string, { snippet, table, ...answer }: Answer): types.ModalView {
  const said = answerMessage(answer).blocks;
  const head = table === undefined ? said : [...said, ...lineByLine(table, answer.named ?? [])];
  return modal(title, snippet === undefined ? head : [...head, ...whole(snippet.text, head)]);
}

/** Of the rows of a table, in characters of JSON: a fraction of the view. */
const mostOfRows = 60_000;

/** A table as lines, since modals have no tables: cells in their order, an empty one as a dash. */
function lineByLine(
  { columns, rows }: NonNullable<Answer["table"]>,
  named: readonly string[],
): readonly Block[] {
  const lines: string[] = [];
  let size = 0;
  for (const row of rows) {
    const line = row.map((cell) => cellText(cell, named)).join(" · ");
    size += JSON.stringify(line).length;
    if (size > mostOfRows) break;
    lines.push(capMarkup(line, limits.section));
  }
  const left = rows.length - lines.length;
  return [
    context(columns.map((column) => plain(oneLine(column))).join(" · ")),
    ...sections(lines),
    ...(left === 0 ? [] : [context(`(${left} more)`)]),
  ];
}

function cellText(cell: string, named: readonly string[]): string {
  const id = named.find((each) => cell === `@${each}`);
  if (id !== undefined) return mention(id);
  const text = plain(cap(oneLine(cell), limits.tableCell));
  return text === "" ? "–" : text;
}

function modal(title: string, blocks: readonly Block[]): types.ModalView {
  return {
    type: "modal",
    title: { type: "plain_text", text: cap(clean(title), limits.viewTitle) },
    close: { type: "plain_text", text: "Close" },
    blocks: [...blocks],
  };
}

/** The text in as many blocks as it needs and the view has room for, behind those that are there. */
function whole(text: string, before: readonly Block[]): readonly Block[] {
  const pieces = piecesOf(clean(text));
  const room = limits.viewBlocks - before.length - 1;
  const blocks: Block[] = [];
  let bytes = bytesOf(before);
  for (const { lines } of pieces.slice(0, room)) {
    const block = preformatted(lines.join("\n"));
    bytes += bytesOf([block]);
    if (bytes > limits.view) break;
    blocks.push(block);
  }
  const left = pieces.slice(blocks.length).reduce((sum, { lines }) => sum + lines.length, 0);
  return left === 0
    ? blocks
    : [...blocks, context(left === 1 ? "(1 more line)" : `(${left} more lines)`)];
}

interface Piece {
  readonly lines: readonly string[];
}

/** Whole lines that fit one block; a line that does not is cut. */
function piecesOf(text: string): readonly Piece[] {
  const pieces: { lines: string[]; length: number }[] = [];
  for (const line of text.split("\n").map((each) => cap(each, limits.viewText))) {
    const last = pieces.at(-1);
    if (last !== undefined && last.length + line.length < limits.viewText) {
      last.lines.push(line);
      last.length += line.length + 1;
    } else {
      pieces.push({ lines: [line], length: line.length });
    }
  }
  return pieces;
}

function bytesOf(blocks: readonly Block[]): number {
  return Buffer.byteLength(JSON.stringify(blocks));
}

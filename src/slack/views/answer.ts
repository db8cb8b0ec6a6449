import type { Answer, AnswerLink } from "../../commands/answer.ts";
import type { Finding } from "../../manifest/finding.ts";
import { clean, oneLine } from "../../text/clean.ts";
import {
  actions,
  button,
  context,
  linkButton,
  preformatted,
  section,
  sizeOf,
  table,
} from "../blocks.ts";
import { columns } from "../../text/columns.ts";
import { plain } from "../escape.ts";
import { excerpt } from "../excerpt.ts";
import { fit } from "../fit.ts";
import { limits } from "../limits.ts";
import type { Block, Message } from "../message.ts";
import { withPeople } from "./phrases.ts";

/** Action id of the button that opens the manifest form. */
export const openFormAction = "form:open";

/** A command's answer as a message to the asker alone. Pure. */
export function answerMessage(answer: Answer): Message {
  const { buttons = [], findings = [], form, lines = [], links = [], named = [], snippet } = answer;
  const rows = answer.table;
  const text = withPeople(plain(answer.text), named);
  return fit({
    text: withAddresses(text, links),
    blocks: [
      section(text),
      ...paragraphs(lines, named),
      ...(findings.length === 0 ? [] : [code(findings.map(findingLines).join("\n"), "first")]),
      ...(rows === undefined ? [] : [tableBlock([rows.columns, ...rows.rows], named)]),
      ...(snippet === undefined
        ? []
        : [context(plain(snippet.title)), code(clean(snippet.text), snippet.keep ?? "last")]),
      ...linkBlocks(links),
      ...commandButtons(buttons),
      ...(form === undefined || form.open ? [] : [formButton(form)]),
    ],
  });
}

/** The answer with a button in the place of each form that would open at once: where nothing can be opened. Pure. */
export function withoutForms({ ask, confirm, form, ...answer }: Answer): Answer {
  const { buttons = [] } = answer;
  const words = ask?.words ?? confirm?.words;
  const goOn = words === undefined ? undefined : { text: "Go on", words, label: "Go on" };
  return {
    ...answer,
    ...(goOn === undefined ? {} : { buttons: [...buttons, goOn] }),
    ...(form === undefined ? {} : { form: { ...form, open: false } }),
  };
}

/**
 * `4:17 missing-key containers.kubecon.image_tag`, then what is wrong, then what to do. A finding
 * about no place in the text, such as one about a word of the command, has no position.
 */
function findingLines(finding: Finding): string {
  const { severity, code: name, hint, line, column, message, path } = finding;
  const place = line === 0 ? "" : `${line}:${column} `;
  const head = `${place}${severity === "warning" ? "warning " : ""}${name} ${oneLine(path)}`;
  return [head.trimEnd(), oneLine(message), ...(hint === "" ? [] : [oneLine(hint)])].join("\n    ");
}

function paragraphs(lines: readonly string[], named: readonly string[]): readonly Block[] {
  return sections(lines.map((each) => withPeople(plain(each), named)));
}

/** Sections of whole lines of finished mrkdwn, each within Slack's limit. */
export function sections(lines: readonly string[]): readonly Block[] {
  const texts: string[] = [];
  for (const line of lines) {
    const joined = `${texts.at(-1) ?? ""}\n${line}`;
    if (texts.length > 0 && joined.length <= limits.section) texts[texts.length - 1] = joined;
    else texts.push(line);
  }
  return texts.filter((text) => text !== "").map(section);
}

function code(text: string, keep: "first" | "last"): Block {
  return preformatted(
    excerpt(text, keep, (candidate) => sizeOf(preformatted(candidate)) <= limits.bulk),
  );
}

/** Slack's table when it fits, else monospaced columns, which say more in the same room. */
function tableBlock(rows: readonly (readonly string[])[], named: readonly string[]): Block {
  const width = Math.max(1, ...rows.map((row) => row.length));
  const cells = rows.map((row) => Array.from({ length: width }, (_, at) => oneLine(row[at] ?? "")));
  const fitsTable = rows.length <= limits.tableRows && width <= limits.tableColumns;
  const drawn = fitsTable ? table(cells, named) : undefined;
  return drawn !== undefined && sizeOf(drawn) <= limits.bulk
    ? drawn
    : code(columns(cells), "first");
}

/** For whoever sees no buttons. An address that has no room is left out whole. */
function withAddresses(text: string, links: readonly AnswerLink[]): string {
  return links
    .map(({ text: name, url }) => plain(`\n${name}: ${url}`))
    .reduce((all, line) => (all.length + line.length <= limits.text ? all + line : all), text);
}

/**
 * As many buttons as there is room for, in order; how many are left out is told. The buttons of a
 * message are never cut, so their addresses must leave room for its words.
 */
function linkBlocks(links: readonly AnswerLink[]): readonly Block[] {
  const all = links.map(({ text, url }, at) =>
    linkButton({ action: `link:open:${at}`, text, url, label: `Open ${text}` }),
  );
  const shown = all
    .slice(0, limits.actions)
    .filter((_, at, some) => sizeOf(actions(...some.slice(0, at + 1))) <= limits.bulk);
  const left = all.length - shown.length;
  return [
    ...(shown.length === 0 ? [] : [actions(...shown)]),
    ...(left === 0 ? [] : [context(left === 1 ? "(1 more link)" : `(${left} more links)`)]),
  ];
}

/** Whether a message shows all of a text. */
export function hasRoomFor(text: string): boolean {
  return sizeOf(preformatted(clean(text))) <= limits.bulk;
}

/** Words too long for a button have none: they are typed instead. */
function commandButtons(buttons: NonNullable<Answer["buttons"]>): readonly Block[] {
  const all = buttons.flatMap(({ text, words, label }, at) =>
    words.length > limits.buttonValue
      ? []
      : [button({ action: `command:answer:${at}`, text, value: words, label })],
  );
  return all.length === 0 ? [] : [actions(...all)];
}

function formButton(form: NonNullable<Answer["form"]>): Block {
  const carried = carriedBy(form);
  return actions(
    button({ action: openFormAction, ...formWords(carried), value: JSON.stringify(carried) }),
  );
}

type CarriedForm = Omit<NonNullable<Answer["form"]>, "open">;

/** What is too long for a button is pasted or typed again rather than cut: the manifest first. */
function carriedBy({ open: _open, ...form }: NonNullable<Answer["form"]>): CarriedForm {
  const { text: _text, ...withoutText } = form;
  const { words: _words, ...bare } = withoutText;
  const fitting = [form, withoutText].find(
    (each) => JSON.stringify(each).length <= limits.buttonValue,
  );
  return fitting ?? bare;
}

function formWords({ app, command, text }: CarriedForm): {
  readonly text: string;
  readonly label: string;
} {
  const whose = app ?? "an app";
  if (command === "validate") return { text: "Check a manifest", label: "Check a manifest" };
  return text === undefined
    ? { text: "Give its manifest", label: `Give the manifest of ${whose}` }
    : { text: "Deploy", label: `Deploy ${whose}: opens a form with its manifest` };
}

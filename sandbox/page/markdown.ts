import { element, link } from "./markup.ts";
import type { Markup } from "./markup.ts";

/**
 * The `markdown` block as markup: headings, lists, fences, bold, italic, code and links; all else
 * stays as it is written. Unlike mrkdwn this text has no entities and no mentions. Pure.
 */
export function markdown(text: string): readonly Markup[] {
  return text.split(/^(```[\s\S]*?^```[^\S\n]*$)/m).flatMap((part) =>
    part.startsWith("```")
      ? [element("pre", {}, part.replace(/^```.*\n?/, "").replace(/\n?```\s*$/, ""))]
      : part
          .split("\n")
          .filter((line) => line.trim() !== "")
          .map(drawLine),
  );
}

function drawLine(line: string): Markup {
  const heading = /^#{1,6} +(.+)$/.exec(line)?.[1];
  if (heading !== undefined) return element("h4", {}, inline(heading));
  const item = /^\s*(?:[-*+]|\d+\.) +(.+)$/.exec(line)?.[1];
  return item === undefined
    ? element("p", {}, inline(line))
    : element("ul", {}, element("li", {}, inline(item)));
}

const marks =
  /`(?<code>[^`]+)`|\*\*(?<bold>[^*]+)\*\*|\*(?<italic>[^*\s][^*]*)\*|\[(?<label>[^\]]+)\]\((?<url>[^()\s]+)\)/g;

function inline(text: string): readonly Markup[] {
  const markup: Markup[] = [];
  let end = 0;
  for (const match of text.matchAll(marks)) {
    markup.push(text.slice(end, match.index), drawMark(match.groups ?? {}));
    end = match.index + match[0].length;
  }
  return [...markup, text.slice(end)];
}

function drawMark(found: Readonly<Record<string, string | undefined>>): Markup {
  const { code, bold, italic, label = "", url = "" } = found;
  if (code !== undefined) return element("code", {}, code);
  if (bold !== undefined) return element("b", {}, bold);
  return italic === undefined ? link(url, [label]) : element("em", {}, italic);
}

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Markup } from "../../../sandbox/page/markup.ts";
import { textOf } from "../../../sandbox/page/markup.ts";
import { markdown } from "../../../sandbox/page/markdown.ts";
import { mrkdwn } from "../../../sandbox/page/mrkdwn.ts";
import { plain } from "../../../src/slack/escape.ts";
import { outline } from "./outline.ts";

const names = (id: string): string | undefined =>
  ({ U1: "developer", C1: "deploys", S1: "kubecon-team" })[id];

const drawn = (text: string): string => outline(mrkdwn(text, names));

describe("mrkdwn", () => {
  it.each([
    ["*bold* and _italic_ and ~gone~", "<b>bold</b> and <em>italic</em> and <s>gone</s>"],
    ["*bold with _italic_ in it*", "<b>bold with <em>italic</em> in it</b>"],
    ["2 * 3 * 4, snake_case_name, ~~", "2 * 3 * 4, snake_case_name, ~~"],
    ["run `a *b* <c>`", "run <code>a *b* c</code>"],
    ["before\n```\nline 1\n*line* 2\n```after", "before\n<pre>line 1\n*line* 2</pre>after"],
    ["&gt; quoted\n&gt; twice\nnot", "<blockquote>quoted\ntwice</blockquote>not"],
    ["a &lt;b&gt; &amp;amp; c", "a ‹b› &amp; c"],
    ["<@U1> <@U1|dev> <@U9|gone> <@U8>", "@developer @developer @gone @U8"],
    ["<#C1> <!subteam^S1> <!here> <!channel>", "#deploys @kubecon-team @here @channel"],
    ["<!date^1512518400^{date}|6 December>", "6 December"],
    ["<https://a.example|A&amp;B>", "<a https://a.example/>A&B</a>"],
    [
      "<https://a.example/?x=1&amp;y=2>",
      "<a https://a.example/?x=1&y=2>https://a.example/?x=1&y=2</a>",
    ],
  ])("draws %j", (text, expected) => {
    expect(drawn(text)).toBe(expected);
  });

  it.each([
    "<javascript:alert(1)|click>",
    "<JaVaScRiPt:alert(1)>",
    "<data:text/html,x|click>",
    "<http://plain.example|plain>",
    "<mailto:a@b.example|mail>",
    "<//evil.example|x>",
    "<https:evil|x>x",
  ])("follows no link but https: %s", (text) => {
    const targets = links(mrkdwn(text, names));
    expect(targets.every((target) => target.startsWith("https://"))).toBe(true);
    expect(drawn(text)).not.toMatch(/<a (?!https:)/);
  });

  it("keeps the HTML of a hostile message as text", () => {
    const hostile = `<img src=x onerror=alert(1)> "'><script>alert(1)</script>`;
    expect(textOf(mrkdwn(plain(hostile), names))).toBe(hostile);
    expect(mrkdwn(plain(hostile), names)).toEqual([hostile]);
  });

  it("draws anything from its few tags, with no attribute but its own", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...marks) }), (text) => {
        for (const piece of elements(mrkdwn(text, names))) {
          expect(["a", "b", "blockquote", "code", "em", "pre", "s", "span"]).toContain(piece.tag);
          expect(["class", "href", "rel", "target", "title"]).toEqual(
            expect.arrayContaining(Object.keys(piece.attributes)),
          );
        }
      }),
    );
  });

  it("shows every escaped text as it was before the escaping, whatever marks it has not", () => {
    const unmarked = fc.string().filter((text) => !/[*_~`\n>]/.test(text));
    fc.assert(
      fc.property(unmarked, (text) => {
        const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
        expect(textOf(mrkdwn(escaped, names))).toBe(text);
      }),
    );
  });
});

describe("markdown", () => {
  it("draws headings, lists, fences and inline marks, and nothing of HTML", () => {
    const text =
      "# Title\n- **bold** `code`\n\nsee [docs](https://a.example) <b>x</b>\n```js\n*x*\n```";
    expect(outline(markdown(text))).toBe(
      "<h4>Title</h4><ul><li><b>bold</b> <code>code</code></li></ul>" +
        "<p>see <a https://a.example/>docs</a> ‹b›x‹/b›</p><pre>*x*</pre>",
    );
  });

  it("follows no link but https", () => {
    expect(links(markdown("[x](javascript:void) [y](http://a.example)"))).toEqual([]);
  });
});

const marks = [
  "<",
  ">",
  "|",
  "@",
  "#",
  "!",
  "&",
  ";",
  "*",
  "_",
  "~",
  "`",
  "\n",
  " ",
  "a1",
  ":/",
  "^",
  "https://",
  "javascript:",
  "&lt;",
  "```",
  "onerror=",
];

type Piece = Exclude<Markup, string>;

function elements(markup: readonly Markup[]): readonly Piece[] {
  return markup.flatMap((piece) =>
    typeof piece === "string" ? [] : [piece, ...elements(piece.children)],
  );
}

function links(markup: readonly Markup[]): readonly string[] {
  return elements(markup).flatMap(({ attributes: { href } }) =>
    href === undefined ? [] : [String(href)],
  );
}

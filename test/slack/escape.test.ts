import { describe, expect, it } from "vitest";
import { capMarkup, fenced, link, plain, typed } from "../../src/slack/escape.ts";

describe("text from outside", () => {
  it.each([
    ["<!channel>", "&lt;!channel&gt;"],
    ["<@U1> & <https://a|b>", "&lt;@U1&gt; &amp; &lt;https://a|b&gt;"],
    ["&lt;!here&gt;", "&amp;lt;!here&amp;gt;"],
    ["re\u202egnad \u001b[31mred", "regnad red"],
  ])("%j becomes harmless", (text, expected) => {
    expect(plain(text)).toBe(expected);
  });

  it("cannot leave a code fence", () => {
    expect(fenced("a ``` <b>")).toBe("a ''' &lt;b&gt;");
  });

  it.each(["javascript:alert(1)", "https://a b", "not a url", "ftp://a.example/x"])(
    "%j is no link",
    (address) => {
      expect(link(address)).not.toMatch(/^<.*>$/);
    },
  );

  it("is a link only as a plain web address", () => {
    expect(link("https://kubecon-2017.example.com")).toBe("<https://kubecon-2017.example.com>");
  });

  it("is never cut inside an entity or a mention", () => {
    expect(capMarkup("abc &amp; def", 8)).toBe("abc …");
    expect(capMarkup("hello <@UDEVELOPER> there", 12)).toBe("hello …");
  });
});

describe("typed words", () => {
  it.each([
    ["deploy web tag=1", "deploy web tag=1"],
    ["deploy <http://web.example|web.example>", "deploy web.example"],
    ["owner <mailto:a@b.example|a@b.example>", "owner a@b.example"],
    ["see <https://a.example/x>", "see https://a.example/x"],
    ["owner <@U1|dev> <#C1|ops> <!subteam^S1|@team>", "owner U1 C1 S1"],
    ["a &amp;lt; b &lt; c &amp; d", "a &lt; b < c & d"],
  ])("%j was typed as %j", (sent, expected) => {
    expect(typed(sent)).toBe(expected);
  });
});

import { describe, expect, it } from "vitest";
import { interpret, isInvocation } from "../../src/commands/dispatch.ts";
import { registry } from "../../src/commands/registry.ts";
import { typed } from "../../src/slack/escape.ts";

/** What docc makes of a text as Slack sends it: the arguments, or its sentence and what to do. */
function made(sent: string): unknown {
  const result = interpret(registry, typed(sent));
  return isInvocation(result)
    ? { ...result.args, ...result.rest }
    : [result.text, ...(result.lines ?? [])];
}

describe("words as Slack and phones rewrite them, understood", () => {
  it.each<[sent: string, args: Record<string, unknown>]>([
    ["deploy web image=<https://gcr.io/x|gcr.io/x>", { app: "web", image: "gcr.io/x" }],
    ["deploy web image=<http://gcr.io/x:1|gcr.io/x:1>", { app: "web", image: "gcr.io/x:1" }],
    [
      "deploy web docs=<https://a.example/x?a=1&amp;b=2>",
      { app: "web", docs: "https://a.example/x?a=1&b=2" },
    ],
    ["deploy web owner=<mailto:a@b.example|a@b.example>", { app: "web", owner: "a@b.example" }],
    ["deploy web owner=<mailto:a@b.example>", { app: "web", owner: "a@b.example" }],
    ["deploy web owner=<@U1|dev>", { app: "web", owner: "U1" }],
    ["deploy web owner=<@U1>", { app: "web", owner: "U1" }],
    ["deploy web channel=<#C1|ops>", { app: "web", channel: "C1" }],
    ["deploy web channel=<#C1|>", { app: "web", channel: "C1" }],
    ["deploy web owner=<!subteam^S1|@team>", { app: "web", owner: "S1" }],
    ["deploy web owner=<!subteam^S1>", { app: "web", owner: "S1" }],
    ["deploy web reason=<!here>", { app: "web", reason: "@here" }],
    ["deploy web reason=<!date^1512558000^{date}|noon>", { app: "web", reason: "noon" }],
    ["deploy web reason=“a &lt; b &amp; c &gt; d”", { app: "web", reason: "a < b & c > d" }],
    ["deploy web reason=”two words”", { app: "web", reason: "two words" }],
    ["deploy web reason=‘it’s time’", { app: "web", reason: "it’s time" }],
    ["deploy\u00a0web\u2009tag=1\u3000scale=2", { app: "web", tag: "1", scale: "2" }],
    ["deploy \u200bweb\ufeff \u2066tag=1\u2069", { app: "web", tag: "1" }],
    ["Rollback Web to=3", { app: "web", to: 3 }],
  ])("%j", (sent, args) => {
    expect(made(sent)).toEqual(args);
  });
});

describe("words as Slack and phones rewrite them, refused with the right form", () => {
  const generic = "Write key=value words without a dash, for example in=production.";
  it.each<[sent: string, said: readonly string[]]>([
    ["deploy web —wait", ['"—wait" begins with a dash; docc has no such options.', generic]],
    ["deploy web –in production", ['"–in" begins with a dash; docc has no such options.', generic]],
    ["deploy web −f", ['"−f" begins with a dash; docc has no such options.', generic]],
    [
      "deploy web —in=production",
      [
        '"—in=production" begins with a dash; docc has no such options.',
        "Write in=production without a dash.",
      ],
    ],
    ["deploy web tag=1 tag=2", ["tag= is given twice.", "Give it once."]],
    [
      "rollback web 3",
      [
        '"3" is one word too many.',
        "The right form: /docc rollback <app> [to=] [scale=] [in=] [reason=]",
      ],
    ],
    ["deploy web reason=“soon", ["A quote is open at the end of the command.", "Close it with ”"]],
    ["deploy web reason=«soon", ["A quote is open at the end of the command.", "Close it with »"]],
  ])("%j", (sent, said) => {
    expect(made(sent)).toEqual(said);
  });
});

import { describe, expect, it } from "vitest";
import type { LogLine } from "../../src/commands/ports.ts";
import { say, worldOf } from "./ports.ts";

const line = (text: string, more: Partial<LogLine> = {}): LogLine => ({
  at: "2017-12-06T10:00:07.123456789Z",
  pod: "kubecon-2017-6d4f-x7k2p",
  container: "kubecon",
  text,
  ...more,
});

async function hear(typed: string, world: Parameters<typeof worldOf>[0]): Promise<string> {
  const {
    text,
    lines = [],
    snippet,
    buttons = [],
    reason,
  } = (await say(typed, worldOf(world))).answer;
  return [
    text,
    ...lines,
    ...(snippet === undefined ? [] : [snippet.text]),
    ...buttons.map((button) => `[${button.text}] ${button.words}`),
    ...(reason === undefined ? [] : [`(${reason})`]),
  ].join("\n");
}

describe("logs", () => {
  it("asks for the last fifty lines of all pods", async () => {
    const { ports, asked } = worldOf();
    await say("logs kubecon-2017", { ...worldOf(), ports, asked });
    expect(asked).toEqual([{ app: "kubecon-2017", lines: 50, previous: false }]);
  });

  it("looks back by docc's clock, and searches more than it shows", async () => {
    const world = worldOf();
    await say("logs kubecon-2017 since=10m grep=x pod=x7k2p container=kubecon", world);
    const since = new Date(world.ports.clock.now() - 600_000).toISOString().slice(0, 19);
    expect(world.asked).toEqual([
      {
        app: "kubecon-2017",
        pod: "x7k2p",
        container: "kubecon",
        since: expect.stringContaining(since),
        lines: 2_000,
        previous: false,
      },
    ]);
  });

  it("tells pods and containers apart, and offers to share what it shows", async () => {
    const logs = [
      line("one"),
      line("two", { pod: "kubecon-2017-6d4f-b9qrs", container: "proxy" }),
      line("three", { at: "2017-12-07T00:00:00.000000000Z" }),
    ];
    expect(await hear("logs kubecon-2017", { logs })).toMatchInlineSnapshot(`
      "The last 3 lines of kubecon-2017 in staging.
      12-06 10:00:07.123 x7k2p/kubecon  one
      12-06 10:00:07.123 b9qrs/proxy  two
      12-07 00:00:00.000 x7k2p/kubecon  three
      [Share] logs kubecon-2017 lines=3 since=2017-12-06T10:00:07.123456789Z until=2017-12-07T00:00:00.000000000Z share=e293092d399c in=staging"
    `);
  });

  it("is clean, masked, on one row a line, and says so", async () => {
    const logs = [
      line("\u001b[31mred\u001b[0m \u001b]8;;https://evil.example\u001b\\link\u001b]8;;\u001b\\"),
      line("10%\r50%\r100%"),
      line("\u202egnp.exe <!channel> <@U1> ```"),
      line("password=hunter2 token=abc"),
      line("x".repeat(2_000)),
    ];
    expect((await hear("logs kubecon-2017", { logs })).replace(/x{9,}/, "x…x"))
      .toMatchInlineSnapshot(`
      "The last 5 lines of kubecon-2017 in staging.
      2 probable secrets are masked.
      10:00:07.123 x7k2p  red link
      10:00:07.123 x7k2p  10% 50% 100%
      10:00:07.123 x7k2p  gnp.exe <!channel> <@U1> \`\`\`
      10:00:07.123 x7k2p  password=[masked] token=[masked]
      10:00:07.123 x7k2p  x…x… (501 more characters)
      [Share] logs kubecon-2017 lines=5 since=2017-12-06T10:00:07.123456789Z until=2017-12-06T10:00:07.123456789Z share=ea473cebe406 in=staging"
    `);
  });

  it("keeps a line one line, whatever a program prints", async () => {
    const logs = [line("a\r09:00:02 other/web  forged\u001b[2J"), line("\tindented")];
    const { answer } = await say("logs kubecon-2017", worldOf({ logs }));
    expect(answer.snippet?.text.split("\n")).toEqual([
      "10:00:07.123 x7k2p  a 09:00:02 other/web  forged",
      "10:00:07.123 x7k2p    indented",
    ]);
  });

  it("searches a text, never a secret, and says how much matches", async () => {
    const logs = [line("GET /a"), line("get /b token=geT"), line("POST /c")];
    expect(await hear("logs kubecon-2017 grep=GET", { logs })).toMatchInlineSnapshot(`
      "2 of the 3 lines read of kubecon-2017 in staging contain "GET".
      1 probable secret is masked.
      10:00:07.123 x7k2p  GET /a
      10:00:07.123 x7k2p  get /b token=[masked]
      [Share] logs kubecon-2017 lines=2 since=2017-12-06T10:00:07.123456789Z until=2017-12-06T10:00:07.123456789Z grep=GET share=063e05346132 in=staging"
    `);
    expect(await hear("logs kubecon-2017 grep=.*", { logs })).toMatchInlineSnapshot(
      `"None of the 3 lines read of kubecon-2017 in staging contains ".*"."`,
    );
    const secret = [line("token=hunter2")];
    expect(await hear("logs kubecon-2017 grep=hunter", { logs: secret })).toMatch(
      /^None of the line/,
    );
  });

  it("says what it could not show", async () => {
    const reading = { pods: 50, left: 23, silent: 2, cut: true };
    expect(await hear("logs kubecon-2017", { logs: [line("a")], reading })).toMatchInlineSnapshot(`
      "The last line of kubecon-2017 in staging.
      Only the 50 newest of 73 pods were read.
      2 containers are missing: no log came in time.
      The lines are long, so that older ones were left out.
      10:00:07.123 x7k2p  a
      [Share] logs kubecon-2017 lines=1 since=2017-12-06T10:00:07.123456789Z until=2017-12-06T10:00:07.123456789Z share=c8a01475916c in=staging"
    `);
    expect(await hear("logs kubecon-2017", {})).toMatchInlineSnapshot(
      `"kubecon-2017 in staging has printed nothing yet."`,
    );
    expect(await hear("logs kubecon-2017 since=10m previous=true", {})).toMatchInlineSnapshot(
      `"kubecon-2017 in staging has printed nothing before the last restart in the last 10m."`,
    );
  });

  it("shares what was seen, in the words of the button, and nothing else", async () => {
    const logs = [line("one"), line("password=hunter2")];
    const { answer } = await say("logs kubecon-2017", worldOf({ logs }));
    const words = answer.buttons?.[0]?.words ?? "";
    expect(words).not.toContain("hunter2");
    const shared = await say(words, worldOf({ logs }));
    expect(shared.answer).toMatchInlineSnapshot(`
      {
        "post": {
          "lines": [
            "1 probable secret is masked.",
          ],
          "named": [
            "U0DEVELOPER",
          ],
          "snippet": {
            "text": "10:00:07.123 x7k2p  one
      10:00:07.123 x7k2p  password=[masked]",
            "title": "kubecon-2017.log (UTC)",
          },
          "text": "@U0DEVELOPER shares the last 2 lines of kubecon-2017 in staging from 2017-12-06 10:00:07 to 2017-12-06 10:00:07 UTC.",
        },
        "text": "Shared in this channel.",
      }
    `);
    const other = await say(words, worldOf({ logs: [line("one")] }));
    expect(other.answer.post).toBeUndefined();
    expect(other.answer.reason).toBe("conflict");
    expect(other.answer.text).toMatch(/^Not shared: the log does not say any more/);
  });

  it("is shared in channels alone", async () => {
    const world = worldOf({ logs: [line("one")] });
    expect(
      (await say("logs kubecon-2017", world, { channel: "D0DOCC" })).answer.buttons,
    ).toBeUndefined();
  });

  it.each([
    ["since=soon", "since= takes a duration such as 30m or 2h, from 1m to 7d, or a time"],
    ["until=2017-12-06T10:00:00Z", "until= goes with a since= only."],
    ["grep=", "grep= is empty."],
    ["share=yes", "share= is what the Share button says; press that."],
  ])("refuses %s", async (words, expected) => {
    expect(await hear(`logs kubecon-2017 ${words}`, {})).toContain(expected);
  });
});

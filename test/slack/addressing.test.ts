import { describe, expect, it } from "vitest";
import type { Preferences } from "../../src/release/preferences.ts";
import { createAddressing } from "../../src/slack/addressing.ts";
import { mention } from "../../src/slack/people.ts";
import type { Mention } from "../../src/slack/views/phrases.ts";

const ids: Readonly<Record<string, string>> = { "team@example.com": "U0TEAM" };
const resolved: Mention = (name) => mention(ids[name] ?? name);

function addressing(
  preferences: Readonly<Record<string, Preferences>>,
  names: Readonly<Record<string, string>> = { U0DEV: "Dev", U0TEAM: "Team" },
) {
  const people = {
    mentions: () => Promise.resolve(resolved),
    nameOf: (user: string) => Promise.resolve(names[user]),
  };
  return createAddressing(people, (user) => preferences[user] ?? {});
}

async function said(
  preferences: Readonly<Record<string, Preferences>>,
  names?: Readonly<Record<string, string>>,
): Promise<string> {
  const told = ["U0DEV", "team@example.com", "S0GROUP", "nobody@example.com"];
  const polite = await addressing(preferences, names).politely(told, resolved);
  return told.map(polite).join(" ");
}

describe("those whom an end is told", () => {
  it("are mentioned unless they say otherwise", async () => {
    const all = "<@U0DEV> <@U0TEAM> <!subteam^S0GROUP> nobody@example.com";
    expect(await said({})).toBe(all);
    expect(await said({ U0DEV: { notify: "mention" } })).toBe(all);
  });

  it("are named where they do not want to be called, by whatever name the message has of them", async () => {
    expect(await said({ U0DEV: { notify: "name" }, U0TEAM: { notify: "dm" } })).toBe(
      "Dev Team <!subteam^S0GROUP> nobody@example.com",
    );
  });

  it("call nobody by a name that somebody has given themselves", async () => {
    const names = { U0DEV: "<!channel>\n<@U0BOSS> \u202e&" };
    expect(await said({ U0DEV: { notify: "name" } }, names)).toMatch(
      /^&lt;!channel&gt; &lt;@U0BOSS&gt; &amp; <@U0TEAM>/,
    );
  });

  it("are mentioned after all where Slack does not say what they are called", async () => {
    expect(await said({ U0DEV: { notify: "name" } }, {})).toContain("<@U0DEV>");
  });

  it("get a direct message each, once, where they want one and no quiet", async () => {
    const directly = (preferences: Readonly<Record<string, Preferences>>) =>
      addressing(preferences).directly(["U0DEV", "team@example.com", "U0TEAM", "S0GROUP"]);
    expect(await directly({})).toEqual([]);
    expect(await directly({ U0DEV: { notify: "dm" }, U0TEAM: { notify: "dm" } })).toEqual([
      "U0DEV",
      "U0TEAM",
    ]);
    expect(await directly({ U0DEV: { notify: "dm", quiet: true } })).toEqual([]);
    expect(await directly({ U0DEV: { notify: "name" } })).toEqual([]);
  });
});

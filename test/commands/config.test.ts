import { describe, expect, it } from "vitest";
import { application, say, worldOf } from "./ports.ts";
import { release } from "../release/releases.ts";

type World = Parameters<typeof worldOf>[0];

const mine = "person.t0team.u0developer";
const here = "channel.t0team.c0deploys";

async function hear(typed: string, world: World = {}, more: Parameters<typeof say>[2] = {}) {
  const { text, lines = [], reason, table } = (await say(typed, worldOf(world), more)).answer;
  const rows = (table?.rows ?? []).map((row) => row.join(" | "));
  return [text, ...rows, ...lines, ...(reason === undefined ? [] : [`(${reason})`])].join("\n");
}

describe("config without words", () => {
  it("shows what holds, and where it comes from", async () => {
    expect(await hear("config")).toMatchInlineSnapshot(`
      "Here, commands without in= go to staging, as docc.yaml says.
      environment | staging | docc.yaml
      quiet in this channel | off | docc's default
      quiet for you | off | docc's default
      notify | mention | docc's default
      Set yours with /docc config environment=NAME, this channel's with /docc config channel environment=NAME; =default takes it back."
    `);
    expect(
      await hear("config", {
        preferences: { [mine]: { environment: "staging", quiet: true, notify: "name" } },
      }),
    ).toMatchInlineSnapshot(`
      "Here, commands without in= go to staging, as you have set.
      environment | staging | you
      quiet in this channel | off | docc's default
      quiet for you | on | you
      notify | name | you
      Set yours with /docc config environment=NAME, this channel's with /docc config channel environment=NAME; =default takes it back."
    `);
  });

  it("says which of two preferences holds the other back", async () => {
    const preferences = { [mine]: { quiet: true, notify: "dm" } } as const;
    const held = "While it is quiet for you, notify=dm sends no direct message either.";
    expect(await hear("config", { preferences })).toContain(held);
    expect(await hear("config quiet=on notify=dm")).toContain(held);
    expect(await hear("config notify=dm")).not.toContain(held);
  });

  it("knows no channel in a direct message", async () => {
    expect(await hear("config", {}, { channel: "D0DIRECT" })).toMatchInlineSnapshot(`
      "For you, commands without in= go to staging, as docc.yaml says.
      environment | staging | docc.yaml
      quiet for you | off | docc's default
      notify | mention | docc's default
      Set yours with /docc config environment=NAME; =default takes it back."
    `);
  });

  it("says what is passed over, however it came there", async () => {
    const preferences = {
      [here]: { environment: "production" },
      [mine]: { environment: "<!here>\u202e and more" },
    };
    expect(await hear("config", { preferences })).toMatchInlineSnapshot(`
      "Here, commands without in= go to staging, as docc.yaml says.
      environment | staging | docc.yaml
      quiet in this channel | off | docc's default
      quiet for you | off | docc's default
      notify | mention | docc's default
      This channel's production is reached by in= alone, never by default, so it is passed over. Take it back with /docc config channel environment=default
      Your <!here> and more is no environment of docc.yaml any more, so it is passed over. Take it back with /docc config environment=default
      Set yours with /docc config environment=NAME, this channel's with /docc config channel environment=NAME; =default takes it back."
    `);
  });

  it("says what an operator can do where nothing can be stored", async () => {
    expect(await hear("config", { preferenceState: "absent" })).toContain(
      "This installation of docc cannot store preferences yet. An operator can mend that with kubectl apply --server-side -k deploy.",
    );
  });
});

describe("config of somebody in a terminal", () => {
  const account = { provider: "kubernetes", team: "", user: "dev@example.com" } as const;
  // No channel comes along from there.
  const terminal = { requester: account, channel: "" };
  const people = [{ slack: "U0DEVELOPER", kubernetes: "dev@example.com" }];

  it("shows what holds for them in Slack", async () => {
    const preferences = { [mine]: { environment: "staging", notify: "dm" } } as const;
    expect(await hear("config", { people, preferences }, terminal)).toMatchInlineSnapshot(`
      "In Slack, commands without in= go to staging, as you have set.
      environment | staging | you
      quiet for you | off | docc's default
      notify | dm | you
      In a terminal in= says where all the same, or it is the only environment that has the app.
      Set yours with /docc config environment=NAME; =default takes it back."
    `);
  });

  it("changes what whom the operator has joined them with prefers in Slack", async () => {
    const world = worldOf({ people });
    const { answer } = await say("config environment=staging", world, terminal);
    expect(answer.lines).toEqual([
      "In a terminal in= says where all the same, or it is the only environment that has the app.",
    ]);
    expect(world.asked).toEqual([
      {
        subject: { kind: "person", team: "T0TEAM", id: "U0DEVELOPER" },
        change: { environment: "staging" },
        by: account,
      },
    ]);
  });

  it.each(["config", "config quiet=on"])("says to a stranger what to do: %s", async (typed) => {
    expect(await hear(typed, {}, terminal)).toMatchInlineSnapshot(`
      "docc does not know who "dev@example.com" is in Slack.
      An operator maps you in docc.yaml, under people; until then set it in Slack.
      (not-found)"
    `);
  });

  it("knows no channel there", async () => {
    expect(await hear("config channel quiet=on", { people }, terminal)).toMatchInlineSnapshot(`
      "A terminal is in no channel.
      Ask in the channel that it is for, in Slack; without channel it is your own.
      (bad-input)"
    `);
  });
});

describe("config with words", () => {
  const asked = async (typed: string): Promise<readonly unknown[]> => {
    const world = worldOf();
    await say(typed, world);
    return world.asked;
  };
  const by = { provider: "slack", team: "T0TEAM", user: "U0DEVELOPER" };
  const person = { kind: "person", team: "T0TEAM", id: "U0DEVELOPER" };
  const channel = { kind: "channel", team: "T0TEAM", id: "C0DEPLOYS" };

  it.each<[typed: string, subject: object, change: object]>([
    ["config environment=staging", person, { environment: "staging" }],
    ["config me quiet=ON", person, { quiet: true }],
    ["config notify=dm quiet=off", person, { notify: "dm", quiet: false }],
    ["config environment= notify=default", person, { environment: null, notify: null }],
    ["config Channel environment=default quiet=", channel, { environment: null, quiet: null }],
    ["config quiet=on scope=channel", channel, { quiet: true }],
  ])("%s", async (typed, subject, change) => {
    expect(await asked(typed)).toEqual([{ subject, change, by }]);
  });

  it("says whether the channel heard of it", async () => {
    const typed = "config channel quiet=on";
    expect(await hear(typed, { isTold: true })).toMatchInlineSnapshot(`
      "From now on, in this channel: threads carry only what decides.
      The channel has been told."
    `);
    expect(await hear(typed, { isTold: false })).toMatchInlineSnapshot(`
      "From now on, in this channel: threads carry only what decides.
      The channel could not be told: invite docc with /invite @docc, or say it yourself."
    `);
  });

  it("says where one's own does not count", async () => {
    const preferences = { [here]: { environment: "staging" } };
    expect(await hear("config environment=default", { preferences })).toMatchInlineSnapshot(`
      "Nothing changed, for you: commands without in= go where docc.yaml says.
      In this channel they go to staging all the same, because the channel says so."
    `);
    expect(await hear("config environment=staging", { preferences })).not.toContain("all the same");
  });

  it.each([
    "config channel quiet=on notify=dm",
    "config environment=stagng",
    "config environment=production",
    "config quiet=maybe",
    "config notify=mentoin",
    "config everybody quiet=on",
    "config environment",
    "config quiet",
    "config notify",
    `config environment=${"x".repeat(101)}`,
  ])("refuses %s before anything is asked", async (typed) => {
    expect(await hear(typed)).toMatchSnapshot();
    expect(await asked(typed)).toEqual([]);
  });

  it("takes none for a channel where there is none", async () => {
    for (const none of [{ channel: "D0DIRECT" }, { channel: "x".repeat(300) }]) {
      expect(await hear("config channel quiet=on", {}, none)).toBe(
        "There is no channel here, only you and docc.\nAsk in the channel that it is for.\n(bad-input)",
      );
    }
  });

  it("is refused to whom it is not for", async () => {
    const world = { standing: { mayDeploy: false } };
    expect(await hear("config channel quiet=on", world)).toMatchInlineSnapshot(`
      "Only those who may deploy where releases are told here, and docc's operators, set what holds in this channel.
      Your own is yours to set: /docc config without channel.
      (not-allowed)"
    `);
    expect(await hear("config quiet=on", world)).not.toContain("(not-allowed)");
  });
});

describe("a command without in=", () => {
  const apps = [application("web", "staging"), application("web", "production")];
  const preferences = { [here]: { environment: "production" } };

  it("never comes to production by a preference", async () => {
    expect(await hear("history web", { apps, preferences })).toContain("staging");
  });

  it("waits for what is not known yet, and needs not wait with in=", async () => {
    const world: World = { apps, preferenceState: "reading" };
    expect(await hear("history web", world)).toMatchInlineSnapshot(`
      "docc has just started and does not know yet where commands without in= go.
      Name the environment with in=, or try again in a few seconds.
      (unavailable)"
    `);
    expect(await hear("history web in=staging", world)).not.toContain("(unavailable)");
  });

  it("waits for nothing where a button names the release", async () => {
    const waiting = release(
      { phase: "awaiting-approval", app: "web", transitions: [] },
      { app: "web" },
    );
    const { name } = waiting.metadata;
    const world: World = { apps, releases: [waiting], preferenceState: "reading" };
    for (const word of ["approve", "reject", "cancel", "diff"]) {
      expect(await hear(`${word} ${name}`, world), word).not.toContain("(unavailable)");
    }
  });

  it("is recorded where it went, and config nowhere", async () => {
    const audit = async (typed: string) => (await say(typed, worldOf({ apps }))).audit[0];
    expect(await audit("restart web")).toMatchObject({ environment: "staging" });
    const line = await audit("config environment=staging notify=dm");
    expect(line).not.toHaveProperty("environment");
    expect(line).toMatchObject({ words: ["environment=staging", "notify=dm"], outcome: "ok" });
  });
});

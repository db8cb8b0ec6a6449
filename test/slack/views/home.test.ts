import { describe, expect, it } from "vitest";
import { renderView } from "../../../sandbox/slack/render.ts";
import { elementsOf, refuseView } from "../../../sandbox/slack/validate.ts";
import { type JsonObject, stringAt } from "../../../sandbox/slack/json.ts";
import type { HomeApp, HomeData } from "../../../src/commands/home.ts";
import { interpret, isInvocation } from "../../../src/commands/dispatch.ts";
import type { ListedApp } from "../../../src/commands/list-apps.ts";
import { registry } from "../../../src/commands/registry.ts";
import { mention } from "../../../src/slack/people.ts";
import { closedHome, homeView } from "../../../src/slack/views/home.ts";
import { noon, plan, releaseIn } from "../releases.ts";

const listed: ListedApp = {
  app: "web",
  environment: "staging",
  tag: "2017",
  image: "kubecon:2017",
  scale: "3",
  revision: "8",
  release: "web-0",
  maintainers: ["developer@corp.example.com"],
  team: "shop",
};
const app = (name: string, more: Partial<HomeApp> = {}): HomeApp => ({
  ...listed,
  app: name,
  age: "3h",
  seen: { state: "healthy", said: "healthy, 3 of 3" },
  ...more,
});

const empty: HomeData = {
  now: noon,
  ready: true,
  waiting: [],
  unsure: 0,
  mine: [],
  teams: [],
  recent: [],
};
const by = { provider: "slack", team: "T0DOCC", user: "UDEVELOPER" } as const;

const full: HomeData = {
  ...empty,
  waiting: [
    releaseIn("awaiting-approval", {
      status: { app: "kubecon-2017", plan: { ...plan, expiresAt: "2017-12-06T16:00:00.000Z" } },
    }),
  ],
  mine: [
    app("api", { seen: { state: "unhealthy", said: "unhealthy, 1 of 3" } }),
    app("web", { seen: undefined, age: "unknown" }),
  ],
  teams: [
    {
      team: "base",
      apps: [
        app("mail", { environment: "production", team: "base" }),
        app("queue", { team: "base", seen: { state: "unhealthy", said: "unhealthy, 0 of 1" } }),
      ],
    },
    {
      team: "shop floor",
      apps: Array.from({ length: 11 }, (_, at) => ({ ...listed, app: `till-${at}` })),
    },
    { team: undefined, apps: [{ ...listed, app: "stray", tag: "", team: undefined }] },
  ],
  recent: [
    {
      app: "web",
      environment: "staging",
      what: "2016 -> 2017",
      outcome: "failed: kubecon exits with code 1 at start",
      by,
      at: noon - 3 * 60 * 60_000,
    },
  ],
};

const read = (data: HomeData) =>
  `\n${renderView(JSON.parse(JSON.stringify(homeView(data, mention))))}\n`;

/** Values of all buttons that are commands. */
function commands(data: HomeData): readonly string[] {
  const { blocks }: { readonly blocks: readonly JsonObject[] } = JSON.parse(
    JSON.stringify(homeView(data, mention)),
  );
  const elements = blocks.flatMap(elementsOf);
  return elements
    .filter((each) => stringAt(each, "action_id")?.startsWith("command:") === true)
    .map((each) => stringAt(each, "value") ?? "");
}

describe("the App Home", () => {
  it("shows what waits, one's own apps, the others' and what happened last", () => {
    expect(read(full)).toMatchInlineSnapshot(`
      "
      [Deploy a new app…] [In flight] [All apps] [Help] [Refresh]
      Updated 12:00 UTC. What a button answers, you alone read.
      Waits for your approval (1)
      Approval needed: kubecon-2017 2016 -> 2017 in production, by @UDEVELOPER. 1 change, no known risk.
      "new schedule"
      Until 2017-12-06 16:00 UTC.
      [Approve] [Reject] [View diff]
      Your apps
      api in staging: unhealthy, 1 of 3
      2017, revision 8, applied 3h ago
      [Status] [Logs] [History] [Deploy…]
      web in staging: health unknown
      2017, revision 8
      [Status] [Logs] [History] [Deploy…]
      Other apps
      base: mail in production, 2017: healthy, 3 of 3; queue in staging, 2017: unhealthy, 0 of 1
      [List]
      shop floor: till-0 in staging, 2017; till-1 in staging, 2017; till-2 in staging, 2017; till-3 in staging, 2017; till-4 in staging, 2017; till-5 in staging, 2017; till-6 in staging, 2017; till-7 in staging, 2017; and 3 more: \`/docc list team="shop floor"\`
      [List]
      No team: stray in staging
      [List]
      Recent releases
      web in staging, 2016 -> 2017, by @UDEVELOPER, 3h ago
      failed: kubecon exits with code 1 at start
      "
    `);
  });

  it("has buttons that are commands, each understood", () => {
    for (const words of commands(full)) {
      expect(isInvocation(interpret(registry, words)), words).toBe(true);
    }
    expect(commands(full)).toMatchInlineSnapshot(`
      [
        "status",
        "list",
        "help",
        "approve kubecon-2017-0123456789ab plan=sha256:0000000000000000000000000000000000000000000000000000000000000000",
        "diff kubecon-2017-0123456789ab",
        "status api in=staging",
        "logs api in=staging",
        "history api in=staging",
        "status web in=staging",
        "logs web in=staging",
        "history web in=staging",
        "list team=base",
        "list team="shop floor"",
        "list",
      ]
    `);
  });

  it("takes somebody by the hand where nothing is deployed yet", () => {
    expect(read(empty)).toMatchInlineSnapshot(`
      "
      [Deploy a new app…] [In flight] [All apps] [Help] [Refresh]
      Updated 12:00 UTC. What a button answers, you alone read.
      For you
      Nothing waits for your approval.
      Your first app
      Nothing runs by docc yet. Write a manifest of ten lines, or have \`/docc init\` write it from a few answers, and press Deploy a new app… above, or type \`/docc deploy\` in a channel that may hear of it.
      docc shows what would change, asks whoever must say yes, follows the rollout in one thread, and says whether it is live, or why not.
      "
    `);
  });

  it("says whose an app is to who has none", () => {
    expect(read({ ...full, waiting: [], mine: [], recent: [], teams: full.teams.slice(0, 1) }))
      .toMatchInlineSnapshot(`
        "
        [Deploy a new app…] [In flight] [All apps] [Help] [Refresh]
        Updated 12:00 UTC. What a button answers, you alone read.
        For you
        Nothing waits for your approval.
        Your apps
        None yet. An app is yours when its manifest names you as maintainer, by e-mail or Slack id, when its team is yours, or when you asked for a release of it in the last 30 days.
        Other apps
        base: mail in production, 2017: healthy, 3 of 3; queue in staging, 2017: unhealthy, 0 of 1
        [List]
        "
      `);
  });

  it("counts what it has no room for, and says how to see it", () => {
    const many = Array.from({ length: 1_000 }, (_, at) => app(`app-${at}`));
    const teams = Array.from({ length: 20 }, (_, at) => ({ team: `team-${at}`, apps: [listed] }));
    const waiting = Array.from({ length: 10 }, () => releaseIn("awaiting-approval"));
    const text = read({ ...full, waiting, unsure: 2, mine: many, teams });
    expect(text).toContain("and 986 more: `/docc list maintainer=me`");
    expect(text).toContain("and 5 more of 5 other teams: `/docc list`");
    expect(text).toContain("and 2 more: `/docc status`");
    expect(text).toContain("could not find out whether 2 more wait for you");
  });

  it("types no filter that cannot be typed", () => {
    const team = 'a "b” `<!channel>`';
    const apps = Array.from({ length: 9 }, () => ({ ...listed, team }));
    const text = read({ ...full, mine: [], teams: [{ team, apps }] });
    expect(text).toContain("and 1 more: `/docc list`");
    expect(text).not.toContain("list team=");
  });

  it("says when docc does not know the apps yet", () => {
    expect(read({ ...empty, ready: false })).toMatchInlineSnapshot(`
      "
      [Refresh]
      Updated 12:00 UTC. What a button answers, you alone read.
      docc has just started and does not know the apps yet. Refresh in a few seconds.
      "
    `);
  });

  it("is one sentence for who is not served", () => {
    const view = closedHome("docc serves the people of its own workspace only.", {
      canRetry: false,
    });
    expect(view.blocks).toHaveLength(1);
    expect(refuseView(JSON.parse(JSON.stringify(view)), "home")).toBeUndefined();
  });
});

import { describe, expect, it } from "vitest";
import type { Environment } from "../../src/controller/ports.ts";
import { changePreferences, type PreferringPorts } from "../../src/controller/preferring.ts";
import { DoccError } from "../../src/errors.ts";
import { createLogger } from "../../src/log.ts";
import type { Application, Identity } from "../../src/release/release.ts";
import type { People } from "../../src/release/people.ts";
import { personSubject, type Preferences } from "../../src/release/preferences.ts";

const developer: Identity = { provider: "slack", team: "T0TEAM", user: "U0DEV" };
const channel = { kind: "channel", team: "T0TEAM", id: "C0DEPLOYS" } as const;
const own = { kind: "person", team: "T0TEAM", id: "U0DEV" } as const;

interface World {
  /** By environment: its channel, and who deploys there. */
  readonly environments?: Readonly<
    Record<string, { readonly channel?: string; readonly deployers?: readonly string[] }>
  >;
  readonly operators?: readonly string[];
  readonly heads?: readonly { readonly environment: string; readonly manifest: object }[];
  readonly before?: Preferences;
  readonly people?: People;
  readonly isMute?: boolean;
}

function rig(world: World) {
  const said: string[] = [];
  const heads = (world.heads ?? []).map(({ environment, manifest }) => {
    const applied = { manifest: JSON.stringify(manifest) };
    return { spec: { app: "web", environment }, status: { applied, current: applied } };
  });
  const environments = Object.entries(world.environments ?? { staging: {} }).map(
    ([name, { channel: told, deployers }]) => [name, { name, channel: told, rules: { deployers } }],
  );
  // Only what these questions use of environments and heads is there.
  const ports: PreferringPorts = {
    environments: new Map(environments as unknown as [string, Environment][]),
    cache: { applications: () => heads as unknown as Application[] },
    organisation: { operators: world.operators ?? [], roles: {}, teams: {} },
    directory: {
      isAmong: ({ user }, names) => Promise.resolve(names.includes(user)),
      afresh: () => ports.directory,
    },
    subjectOf: (person) => personSubject(person, world.people ?? [], "T0TEAM"),
    preferences: {
      change: (_subject, { quiet }) =>
        Promise.resolve({ before: world.before ?? {}, after: quiet === true ? { quiet } : {} }),
    },
    announce: (to, sentence) => {
      if (world.isMute === true) return Promise.reject(new DoccError("slack-refused", "No."));
      said.push(`${to}: ${sentence}`);
      return Promise.resolve();
    },
    log: createLogger("silent"),
  };
  return { ports, said };
}

async function mayChange(world: World, subject: typeof channel | typeof own = channel) {
  const { ports } = rig(world);
  return !("refused" in (await changePreferences(subject, { quiet: true }, developer, ports)));
}

describe("who speaks for a channel", () => {
  it.each<[name: string, may: boolean, World]>([
    ["everybody, where everybody may deploy", true, {}],
    [
      "nobody else where only some do",
      false,
      { environments: { staging: { deployers: ["U0X"] } } },
    ],
    ["one of them", true, { environments: { staging: { deployers: ["U0DEV"] } } }],
    [
      "who deploys where one of several environments may be told there",
      true,
      { environments: { staging: { deployers: ["U0X"] }, demo: { deployers: ["U0DEV"] } } },
    ],
    [
      "not who deploys where releases are told elsewhere",
      false,
      { environments: { staging: { channel: "C0OTHER" } } },
    ],
    [
      "who deploys an app of which this is the channel",
      true,
      {
        environments: { staging: { channel: "C0OTHER", deployers: ["maintainers"] } },
        heads: [
          {
            environment: "staging",
            manifest: { application: "web", channel: "C0DEPLOYS", maintainer: ["U0DEV"] },
          },
        ],
      },
    ],
    [
      "not the maintainer of an app that is told elsewhere",
      false,
      {
        environments: { staging: { channel: "C0OTHER", deployers: ["maintainers"] } },
        heads: [
          { environment: "staging", manifest: { application: "web", maintainer: ["U0DEV"] } },
        ],
      },
    ],
    [
      "an operator",
      true,
      { operators: ["U0DEV"], environments: { staging: { deployers: ["U0X"] } } },
    ],
  ])("is %s", async (_name, may, world) => {
    expect(await mayChange(world)).toBe(may);
  });

  it("is nobody of docc's business for one's own preferences, and never for another person's", async () => {
    const closed: World = { environments: { staging: { deployers: [] } }, operators: ["U0DEV"] };
    expect(await mayChange({ environments: { staging: { deployers: [] } } }, own)).toBe(true);
    const { ports } = rig(closed);
    const others = { ...own, id: "U0OTHER" };
    const elsewhere = { ...own, team: "T0OTHER" };
    for (const subject of [others, elsewhere]) {
      expect(await changePreferences(subject, { quiet: true }, developer, ports)).toEqual({
        refused: "not-allowed",
      });
    }
  });
});

describe("somebody of Kubernetes", () => {
  const account: Identity = { provider: "kubernetes", team: "", user: "dev@example.com" };
  const people = [{ slack: "U0DEV", kubernetes: "dev@example.com" }];
  const change = async (by: Identity, subject: typeof own | typeof channel, joined: People) =>
    changePreferences(subject, { quiet: true }, by, rig({ people: joined }).ports);

  it("changes the preferences of whom the operator has joined them with, and of nobody else", async () => {
    expect(await change(account, own, people)).toHaveProperty("after");
    for (const [by, subject, joined] of [
      [account, own, []],
      [{ ...account, user: "U0DEV" }, own, people],
      [{ ...account, user: "other@example.com" }, own, people],
      [account, { ...own, id: "U0OTHER" }, people],
      [account, { ...own, team: "T0OTHER" }, people],
    ] as const) {
      expect(await change(by, subject as typeof own, joined)).toEqual({ refused: "not-allowed" });
    }
  });
});

describe("what a channel hears of its preferences", () => {
  it("is what was changed, and by whom", async () => {
    const { ports, said } = rig({});
    const answer = await changePreferences(channel, { quiet: true }, developer, ports);
    expect(answer).toMatchObject({ isTold: true });
    expect(said).toEqual([
      "C0DEPLOYS: @U0DEV has set for this channel: threads carry only what decides. /docc config shows what holds.",
    ]);
  });

  it("is nothing where nothing changed, and of a person's own", async () => {
    const { ports, said } = rig({ before: { quiet: true } });
    expect(await changePreferences(channel, { quiet: true }, developer, ports)).not.toHaveProperty(
      "isTold",
    );
    await changePreferences(own, { quiet: true }, developer, rig({}).ports);
    expect(said).toEqual([]);
  });

  it("does not undo it where Slack takes nothing there", async () => {
    const { ports } = rig({ isMute: true });
    const answer = await changePreferences(channel, { quiet: true }, developer, ports);
    expect(answer).toEqual({ before: {}, after: { quiet: true }, isTold: false });
  });
});

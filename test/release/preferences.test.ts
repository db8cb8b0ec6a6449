import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sayPreferenceChange } from "../../src/release/preference-words.ts";
import {
  changedPreferences,
  channelSubject,
  notifyWays,
  personSubject,
  preferenceName,
  type Preferences,
  preferredEnvironment,
  samePreferences,
} from "../../src/release/preferences.ts";

const all = ["staging", "demo", "production"];
const none: Preferences = {};

describe("where commands without in= go", () => {
  it.each<[name: string, here: Preferences, mine: Preferences, from: string, environment: string]>([
    ["nobody prefers anything", none, none, "operator", "staging"],
    ["a person does", none, { environment: "demo" }, "person", "demo"],
    ["a channel does", { environment: "demo" }, none, "channel", "demo"],
    [
      "both do: the nearer one counts",
      { environment: "staging" },
      { environment: "demo" },
      "channel",
      "staging",
    ],
    ["they prefer something else", { quiet: true }, { notify: "dm" }, "operator", "staging"],
  ])("when %s", (_name, channel, person, from, name) => {
    const found = preferredEnvironment({ channel, person }, all, "staging");
    expect(found).toEqual({ name, from, passed: [] });
  });

  it("passes over what docc.yaml does not have, and production where there is another", () => {
    const around = { channel: { environment: "qa" }, person: { environment: "production" } };
    expect(preferredEnvironment(around, all, "staging")).toEqual({
      name: "staging",
      from: "operator",
      passed: [
        { from: "channel", name: "qa", why: "gone" },
        { from: "person", name: "production", why: "production" },
      ],
    });
  });

  it("is production where it is the only one", () => {
    const around = { channel: none, person: { environment: "production" } };
    const found = preferredEnvironment(around, ["production"], "production");
    expect(found).toEqual({ name: "production", from: "person", passed: [] });
  });

  it("is always an environment of docc.yaml, and never production beside others", () => {
    const wish = fc.record(
      { environment: fc.oneof(fc.string(), fc.constantFrom(...all)) },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(wish, wish, (channel, person) => {
        const { name } = preferredEnvironment({ channel, person }, all, "staging");
        expect(["staging", "demo"]).toContain(name);
      }),
    );
  });
});

describe("preferences that change", () => {
  const some = fc.record(
    {
      environment: fc.constantFrom("staging", "demo"),
      quiet: fc.boolean(),
      notify: fc.constantFrom(...notifyWays),
    },
    { requiredKeys: [] },
  );

  it("keep what a change does not name", () => {
    const stored = { environment: "demo", quiet: true } as const;
    expect(changedPreferences(stored, { quiet: false })).toEqual({
      environment: "demo",
      quiet: false,
    });
    expect(changedPreferences(stored, { environment: null })).toEqual({ quiet: true });
  });

  it("are the same after the same change once more, and nothing once all is taken back", () => {
    fc.assert(
      fc.property(some, some, (stored, change) => {
        const once = changedPreferences(stored, change);
        expect(changedPreferences(once, change)).toEqual(once);
        expect(samePreferences(once, { ...stored, ...change })).toBe(true);
        const nothing = { environment: null, quiet: null, notify: null };
        expect(changedPreferences(once, nothing)).toEqual({});
      }),
    );
  });

  it("are said in one clause for each word", () => {
    const change = { environment: "demo", quiet: true, notify: "name" } as const;
    expect(sayPreferenceChange("person", change).split("; ")).toHaveLength(3);
    expect(sayPreferenceChange("channel", { quiet: null })).toBe("threads tell every step");
  });
});

describe("whose preferences they are", () => {
  const slack = { provider: "slack", team: "T0TEAM", user: "U0DEV" } as const;

  it("gives a name that Kubernetes takes, another one for everybody", () => {
    const id = fc.stringMatching(/^[A-Z0-9]{2,20}$/);
    const subject = fc
      .record({ kind: fc.constantFrom("person", "channel"), team: id, id })
      .map(({ kind, team, id: rest }) => ({
        kind,
        team: `T${team}`,
        id: `${kind === "person" ? "U" : "C"}${rest}`,
      }));
    fc.assert(
      fc.property(subject, subject, (a, b) => {
        expect(preferenceName(a)).toMatch(/^[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?$/);
        const isSame = JSON.stringify(a) === JSON.stringify(b);
        expect(preferenceName(a) === preferenceName(b)).toBe(isSame);
      }),
    );
  });

  it("is somebody in Slack, or a channel there; a direct message is none", () => {
    const own = { kind: "person", team: "T0TEAM", id: "U0DEV" };
    expect(personSubject(slack, [], "T0TEAM")).toEqual(own);
    const inKubernetes = { provider: "kubernetes", team: "", user: "U0DEV" } as const;
    expect(personSubject(inKubernetes, [], "T0TEAM")).toBeUndefined();
    // Names that look alike are not enough.
    const people = [{ slack: "U0DEV", kubernetes: "dev@example.com" }];
    expect(personSubject(inKubernetes, people, "T0TEAM")).toBeUndefined();
    const joined = { ...inKubernetes, user: "dev@example.com" };
    expect(personSubject(joined, people, "T0TEAM")).toEqual(own);
    expect(channelSubject("T0TEAM", "C0DEPLOYS")?.kind).toBe("channel");
    expect(channelSubject("T0TEAM", "G0PRIVATE")?.kind).toBe("channel");
    for (const id of [undefined, "D0DIRECT", "U0DEV", "c0deploys", "C0/../x", ""]) {
      expect(channelSubject("T0TEAM", id)).toBeUndefined();
    }
  });
});

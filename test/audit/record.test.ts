import { describe, expect, it } from "vitest";
import { type CommandAct, commandRecord, fit, requestName } from "../../src/audit/record.ts";
import { recordedWords } from "../../src/audit/words.ts";
import { releaseName } from "../../src/release/names.ts";
import { hash, morning, record } from "./records.ts";

const act: CommandAct = {
  command: "deploy",
  provider: "slack",
  team: "T0TEAM",
  user: "UDEVELOPER",
  channel: "CDEPLOYS",
  delivery: "command:1.2.3",
  outcome: "ok",
  app: "shop",
  environment: "production",
  words: ["tag=2018"],
};
const nameOf = (more: Partial<CommandAct> = {}): string =>
  commandRecord({ ...act, ...more }, morning, hash).name;

describe("the record of a command", () => {
  it("says who did what, where and with which outcome", () => {
    expect(commandRecord(act, morning, hash)).toEqual({
      name: `command-${hash(act.delivery).slice(0, 32)}`,
      time: "2017-12-06T09:00:00.000Z",
      type: "command",
      word: "deploy",
      who: { provider: "slack", team: "T0TEAM", user: "UDEVELOPER" },
      outcome: "ok",
      app: "shop",
      environment: "production",
      channel: "CDEPLOYS",
      delivery: "command:1.2.3",
      words: ["tag=2018"],
    });
  });

  it("has the same name whenever the same delivery comes", () => {
    expect(nameOf({ outcome: "conflict" })).toBe(nameOf());
    expect(nameOf({ delivery: "command:1.2.4" })).not.toBe(nameOf());
  });

  it("has the name of the Release that it made, so that the leader finds nothing to add", () => {
    const release = releaseName("shop", hash(act.delivery));
    expect(nameOf({ release })).toBe(requestName(release));
    expect(nameOf({ release: releaseName("shop", hash("another")) })).toBe(nameOf());
  });

  it("keeps a form's refusal apart from its acceptance: both come under one id", () => {
    const form = { delivery: "view:V1" };
    expect(nameOf({ ...form, outcome: "bad-input" })).not.toBe(nameOf(form));
    expect(nameOf({ ...form, outcome: "bad-input" })).toBe(
      nameOf({ ...form, outcome: "bad-input" }),
    );
  });

  it("names who rejected (keel: empty audit user)", () => {
    const rejected = commandRecord(
      { ...act, command: "reject", reason: "too late today" },
      morning,
      hash,
    );
    expect(rejected).toMatchObject({
      word: "reject",
      who: { user: "UDEVELOPER" },
      reason: "too late today",
    });
    expect(commandRecord({ ...act, user: "" }, morning, hash).who.user).toBe("unknown");
  });

  it("is one line without what hides or reorders, however hostile the texts are", () => {
    const hostile = "a\u001b[31m\u202Eb\n<!channel>\0" + "x".repeat(1_000);
    const made = fit(record("n", { app: hostile, reason: hostile, words: [hostile], outcome: "" }));
    for (const text of [made.app, made.reason, made.words?.[0]]) {
      expect(text).toMatch(/^ab <!channel>x+…$/u);
    }
    expect(made.reason).toHaveLength(300);
    expect(made.outcome).toBe("unknown");
  });
});

describe("the words of a record", () => {
  it.each<[key: string, shown: string]>([
    ["tag", "tag=hunter2"],
    ["web.tag", "web.tag=hunter2"],
    ["scale", "scale=hunter2"],
    ["env.PASSWORD", "env.PASSWORD="],
    ["web.env.PASSWORD", "web.env.PASSWORD="],
    ["env.tag", "env.tag="],
    ["web.env.tag", "web.env.tag="],
    ["passwort", "passwort="],
  ])("show of %s=hunter2 as much as nobody minds", (key, shown) => {
    expect(recordedWords({ [key]: "hunter2" })).toEqual([shown]);
  });

  it("leave out what was not given, and take numbers as typed", () => {
    expect(recordedWords({ to: 7, lines: undefined })).toEqual(["to=7"]);
  });
});

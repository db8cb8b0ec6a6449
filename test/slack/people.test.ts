import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { webApi } from "@slack/bolt";
import { SteppedClock } from "../../sandbox/clock.ts";
import type { FakeSlack } from "../../sandbox/slack/fake-slack.ts";
import { startFakeSlack } from "../../sandbox/slack/server.ts";
import { Door, identityOf } from "../../src/slack/identity.ts";
import { createPeople, type People } from "../../src/slack/people.ts";
import { scopes } from "../../src/slack/scopes.ts";

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const workspace = { teamId: "T0DOCC", botUserId: "UDOCC" };
const hour = 60 * 60_000;

describe("people", () => {
  let slack: FakeSlack;
  let clock: SteppedClock;
  let people: People;
  let door: Door;
  const mention = async (name: string): Promise<string> => (await people.mentions([name]))(name);
  const lookUps = (): number => slack.calls("users.lookupByEmail").length;

  beforeEach(async () => {
    clock = new SteppedClock();
    slack = await startFakeSlack({ clock, scopes });
    const client = new webApi.WebClient(slack.credentials.botToken, {
      slackApiUrl: slack.apiUrl,
      retryConfig: { retries: 0 },
    });
    people = createPeople(client, clock, quiet);
    door = new Door(client, workspace, clock);
  });
  afterEach(async () => {
    await slack.stop();
  });

  it.each([
    ["kubecon-team@corp.example.com", "<@UMAINTAINER>"],
    ["UDEVELOPER", "<@UDEVELOPER>"],
    ["SKUBECON", "<!subteam^SKUBECON>"],
    ["CDEPLOYS", "<#CDEPLOYS>"],
    ["nobody@corp.example.com", "nobody@corp.example.com"],
    ["departed@corp.example.com", "departed@corp.example.com"],
    ["<!channel>", "&lt;!channel&gt;"],
    ["<@UDEVELOPER>", "&lt;@UDEVELOPER&gt;"],
    ["Udeveloper", "Udeveloper"],
  ])("%s is written as %s", async (name, written) => {
    expect(await mention(name)).toBe(written);
  });

  it("remembers who was found for a day, and who was not for an hour", async () => {
    await mention("developer@corp.example.com");
    await mention("nobody@corp.example.com");
    clock.step(hour - 1);
    await mention("Developer@corp.example.com");
    await mention("nobody@corp.example.com");
    expect(lookUps()).toBe(2);
    clock.step(1);
    await mention("developer@corp.example.com");
    await mention("nobody@corp.example.com");
    expect(lookUps()).toBe(3);
    clock.step(23 * hour);
    await mention("developer@corp.example.com");
    expect(lookUps()).toBe(4);
  });

  it("asks once who somebody is that presses a hundred times at once, and again after five seconds", async () => {
    const presses = (): Promise<unknown> => {
      const actor = { user: "UDEVELOPER", teams: ["T0DOCC"] };
      const admit = () => door.admit(actor, { afresh: true });
      return Promise.all(Array.from({ length: 100 }, admit));
    };
    const asked = (): number => slack.calls("users.info").length;
    await presses();
    await presses();
    expect(asked()).toBe(1);
    clock.step(5_000);
    await presses();
    expect(asked()).toBe(2);
  });

  it("names a person plainly while Slack cannot be asked, and asks again next time", async () => {
    slack.faults.add({ method: "users.lookupByEmail", kind: "status500", times: 1 });
    expect(await mention("developer@corp.example.com")).toBe("developer@corp.example.com");
    expect(await mention("developer@corp.example.com")).toBe("<@UDEVELOPER>");
  });

  it.each([
    ["UDEVELOPER", "T0DOCC", undefined],
    ["UGUEST", "T0DOCC", "docc serves full members of the workspace, not guests."],
    ["USTRANGER", "T0DOCC", "docc serves the people of its own workspace only."],
    ["USTRANGER", "T0OTHER", "docc serves the people of its own workspace only."],
    ["UDEPARTED", "T0DOCC", "docc serves the people of its own workspace only."],
    ["UNOBODY", "T0DOCC", "docc serves the people of its own workspace only."],
    ["UDOCC", "T0DOCC", "docc takes requests from people, not from bots."],
    ["USLACKBOT", "T0DOCC", "docc takes requests from people, not from bots."],
  ])("%s of %s may enter unless: %s", async (user, team, refusal) => {
    const entering = door.admit({ user, teams: [team] });
    if (refusal === undefined) {
      await expect(entering).resolves.toEqual({ provider: "slack", team, user });
    } else {
      await expect(entering).rejects.toMatchObject({ reason: "not-allowed", message: refusal });
    }
  });

  it("believes an admission for five minutes", async () => {
    const developer = { user: "UDEVELOPER", teams: ["T0DOCC"] };
    await door.admit(developer);
    clock.step(299_000);
    await door.admit(developer);
    expect(slack.calls("users.info")).toHaveLength(1);
    clock.step(1_000);
    await door.admit(developer);
    expect(slack.calls("users.info")).toHaveLength(2);
  });

  it("lets nobody in while Slack cannot be asked", async () => {
    slack.faults.add({ method: "users.info", kind: "status500", times: 1 });
    const entering = door.admit({ user: "UDEVELOPER", teams: ["T0DOCC"] });
    await expect(entering).rejects.toMatchObject({ reason: "unavailable" });
  });

  it("refuses a payload without a team, or with two", () => {
    const refused = expect.objectContaining({ reason: "not-allowed" });
    for (const teams of [[], [undefined], [""], ["T0DOCC", "T0OTHER"]]) {
      expect(() => identityOf(workspace, { user: "UDEVELOPER", teams })).toThrow(refused);
    }
  });
});

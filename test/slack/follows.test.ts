import { webApi } from "@slack/bolt";
import { beforeEach, describe, expect, it } from "vitest";
import { SteppedClock } from "../../sandbox/clock.ts";
import type { Answer } from "../../src/commands/answer.ts";
import { interpret, isInvocation } from "../../src/commands/dispatch.ts";
import { registry } from "../../src/commands/registry.ts";
import { createLogger } from "../../src/log.ts";
import { Follows, type FollowWish } from "../../src/slack/follows.ts";
import type { Message } from "../../src/slack/message.ts";

const invocation = interpret(registry, "logs web in=staging lines=20");
if (!isInvocation(invocation)) throw new Error("logs is not understood");

function wish(user: string): FollowWish {
  const requester = { provider: "slack", team: "T0TEAM", user } as const;
  if (!isInvocation(invocation)) throw new Error("logs is not understood");
  return { user, invocation, request: { delivery: user, requester }, stop: "logs web follow=stop" };
}

const platform = (error: string): Error => new webApi.WebAPIPlatformError({ ok: false, error });
const texts = ({ blocks }: Message): string => JSON.stringify(blocks);

describe("what somebody follows", () => {
  let clock: SteppedClock;
  let said: Answer;
  let looks: string[];
  let failure: Error | undefined;
  let slack: Map<string, Message>;
  let edits: number;
  let follows: Follows;
  beforeEach(() => {
    clock = new SteppedClock();
    said = { text: "The last line of web.", snippet: { title: "web.log", text: "one" } };
    looks = [];
    failure = undefined;
    slack = new Map();
    edits = 0;
    follows = new Follows({
      desk: {
        again: (_invocation, { requester }) => {
          looks.push(requester.user);
          return Promise.resolve(said);
        },
      },
      direct: (user, message) => {
        const ts = `${slack.size + 1}.0`;
        slack.set(`${user} ${ts}`, message);
        return Promise.resolve({ channel: user, ts });
      },
      update: ({ channel, ts }, message) => {
        edits += 1;
        if (failure !== undefined) return Promise.reject(failure);
        if (!slack.has(`${channel} ${ts}`)) return Promise.reject(platform("message_not_found"));
        slack.set(`${channel} ${ts}`, message);
        return Promise.resolve();
      },
      remove: ({ channel, ts }) => {
        slack.delete(`${channel} ${ts}`);
        return Promise.resolve();
      },
      clock,
      logger: createLogger("silent"),
    });
  });

  const pass = async (ms: number): Promise<void> => {
    clock.step(ms);
    await new Promise((resolve) => setImmediate(resolve));
  };
  const seen = (key: string): string => {
    const message = slack.get(key);
    return message === undefined ? "" : texts(message);
  };

  it("is one direct message, brought up to date where something is new", async () => {
    const answer = await follows.start(wish("U1"), said);
    expect(answer.text).toMatch(/^Followed in your direct messages with docc, until \d\d:\d\d UTC/);
    expect(seen("U1 1.0")).toMatch(/Followed until.*one.*Stop/);
    await pass(6_000);
    expect([looks.length, edits]).toEqual([1, 0]);
    said = { ...said, snippet: { title: "web.log", text: "one two" } };
    await pass(6_000);
    expect(edits).toBe(1);
    expect(seen("U1 1.0")).toContain("one two");
  });

  it("takes turns: ten edits a minute, whoever follows", async () => {
    await follows.start(wish("U1"), said);
    await follows.start(wish("U2"), said);
    for (let turn = 0; turn < 10; turn += 1) await pass(6_000);
    expect(looks).toEqual(Array.from({ length: 5 }, () => ["U1", "U2"]).flat());
  });

  it("is one for each person, and five at most", async () => {
    for (const user of ["U1", "U2", "U3", "U4", "U5"]) await follows.start(wish(user), said);
    await follows.start(wish("U1"), said);
    expect(seen("U1 1.0")).toContain("You follow something else now.");
    expect(seen("U1 6.0")).toContain("Stop");
    await expect(follows.start(wish("U6"), said)).rejects.toMatchObject({ reason: "unavailable" });
  });

  it("ends when the person stops it, with what it showed last", async () => {
    await follows.start(wish("U1"), said);
    expect(await follows.stop("U1", { channel: "U1", ts: "1.0" })).toEqual({ text: "Stopped." });
    expect(seen("U1 1.0")).toMatch(/Stopped by you\..*one/);
    expect(seen("U1 1.0")).not.toContain("follow=stop");
    await pass(60_000);
    expect(looks).toEqual([]);
    expect((await follows.stop("U1", undefined)).text).toBe("You follow nothing here.");
  });

  it("ends by itself after ten minutes, and when there is nothing to follow any more", async () => {
    await follows.start(wish("U1"), said);
    for (let turn = 0; turn < 101; turn += 1) await pass(6_000);
    expect(seen("U1 1.0")).toContain("Ten minutes are over.");
    await follows.start(wish("U1"), said);
    said = { text: "docc has no web in staging.", reason: "not-found" };
    await pass(6_000);
    expect(seen("U1 2.0")).toMatch(/docc has no web in staging\..*one/);
  });

  it("outlasts a cluster and a Slack that do not answer for a moment", async () => {
    await follows.start(wish("U1"), said);
    const before = said;
    said = { text: "The cluster gave no log in time.", reason: "timeout" };
    await pass(6_000);
    said = { ...before, snippet: { title: "web.log", text: "two" } };
    failure = new webApi.WebAPIRequestError(new Error("socket hang up"));
    await pass(6_000);
    failure = undefined;
    await pass(6_000);
    expect(seen("U1 1.0")).toContain("two");
  });

  it("ends without a word where its message was taken away, here or by another replica", async () => {
    await follows.start(wish("U1"), said);
    slack.delete("U1 1.0");
    said = { ...said, text: "The last 2 lines of web." };
    await pass(6_000);
    await pass(60_000);
    expect(looks).toHaveLength(1);
    slack.set("U1 9.0", { text: "another replica's", blocks: [] });
    const other = await follows.stop("U1", { channel: "U1", ts: "9.0" });
    expect(other.text).toBe("Stopped, and its message is gone.");
    expect(slack.has("U1 9.0")).toBe(false);
  });

  it("ends with the process, and begins nothing after that", async () => {
    await follows.start(wish("U1"), said);
    await follows.close();
    expect(seen("U1 1.0")).toContain("docc ends here for a restart");
    await expect(follows.start(wish("U1"), said)).rejects.toMatchObject({ reason: "unavailable" });
  });
});

import { webApi } from "@slack/bolt";
import { beforeEach, describe, expect, it } from "vitest";
import { SteppedClock } from "../../sandbox/clock.ts";
import type { Answer } from "../../src/commands/answer.ts";
import { interpret, isInvocation } from "../../src/commands/dispatch.ts";
import { registry } from "../../src/commands/registry.ts";
import type { Address } from "../../src/controller/messenger.ts";
import { createLogger } from "../../src/log.ts";
import { budget, emptyLedger } from "../../src/slack/budget.ts";
import { Follows, type FollowWish } from "../../src/slack/follows.ts";
import type { Message } from "../../src/slack/message.ts";
import { type Book, MessageWriter } from "../../src/slack/writer.ts";

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
  let book: Book;
  /** What Slack waits for before it answers that it has a first message. */
  let taken: Promise<void>;
  let follows: Follows;
  beforeEach(() => {
    clock = new SteppedClock();
    said = { text: "The last line of web.", snippet: { title: "web.log", text: "one" } };
    looks = [];
    failure = undefined;
    slack = new Map();
    edits = 0;
    book = { ledger: emptyLedger };
    taken = Promise.resolve();
    const logger = createLogger("silent");
    const wire = {
      post: () => Promise.reject(platform("channel_not_found")),
      update: ({ channel, ts }: Address, message: Message) => {
        edits += 1;
        if (failure !== undefined) return Promise.reject(failure);
        if (!slack.has(`${channel} ${ts}`)) return Promise.reject(platform("message_not_found"));
        slack.set(`${channel} ${ts}`, message);
        return Promise.resolve();
      },
    };
    follows = new Follows({
      desk: {
        again: (_invocation, { requester }) => {
          looks.push(requester.user);
          return Promise.resolve(said);
        },
      },
      direct: async (user, message) => {
        const ts = `${slack.size + 1}.0`;
        slack.set(`${user} ${ts}`, message);
        await taken;
        return { channel: user, ts };
      },
      writer: new MessageWriter({ wire, book, clock, random: () => 0.5, logger }),
      remove: ({ channel, ts }) => {
        slack.delete(`${channel} ${ts}`);
        return Promise.resolve();
      },
      clock,
      logger,
    });
  });

  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const pass = async (ms: number): Promise<void> => {
    clock.step(ms);
    await settle();
  };
  const turn = 12_000;
  const live = (): readonly string[] =>
    [...slack].flatMap(([key, message]) => (texts(message).includes("follow=stop") ? [key] : []));
  const seen = (key: string): string => {
    const message = slack.get(key);
    return message === undefined ? "" : texts(message);
  };

  it("is one direct message, brought up to date where something is new", async () => {
    const answer = await follows.start(wish("U1"), said);
    expect(answer.text).toMatch(/^Followed in your direct messages with docc, until \d\d:\d\d UTC/);
    expect(seen("U1 1.0")).toMatch(/Followed until.*one.*Stop/);
    await pass(turn);
    expect([looks.length, edits]).toEqual([1, 0]);
    said = { ...said, snippet: { title: "web.log", text: "one two" } };
    await pass(turn);
    expect(edits).toBe(1);
    expect(seen("U1 1.0")).toContain("one two");
  });

  it("takes turns: five edits a minute, whoever follows", async () => {
    await follows.start(wish("U1"), said);
    await follows.start(wish("U2"), said);
    for (let look = 0; look < 10; look += 1) {
      said = { ...said, text: `Look ${look}.` };
      await pass(turn);
    }
    expect(looks).toEqual(Array.from({ length: 5 }, () => ["U1", "U2"]).flat());
    expect(edits).toBe(10);
    expect(book.ledger.asides.length).toBeLessThanOrEqual(budget.asidesPerMinute);
  });

  it("leaves the minute to releases, and catches up with the latest state", async () => {
    await follows.start(wish("U1"), said);
    const spent = budget.editsPerMinute - budget.leftByAside;
    book.ledger = { ...emptyLedger, edits: Array.from({ length: spent }, () => clock.now()) };
    for (const text of ["one two", "one two three"]) {
      said = { ...said, snippet: { title: "web.log", text } };
      await pass(turn);
    }
    expect([looks.length, edits]).toEqual([2, 0]);
    await pass(3 * turn);
    expect(edits).toBe(1);
    expect(seen("U1 1.0")).toContain("one two three");
  });

  it("is one for each person, and five at most", async () => {
    for (const user of ["U1", "U2", "U3", "U4", "U5"]) await follows.start(wish(user), said);
    await follows.start(wish("U1"), said);
    await settle();
    expect(seen("U1 1.0")).toContain("You follow something else now.");
    expect(seen("U1 6.0")).toContain("Stop");
    await expect(follows.start(wish("U6"), said)).rejects.toMatchObject({ reason: "unavailable" });
  });

  it("ends when the person stops it, with what it showed last", async () => {
    await follows.start(wish("U1"), said);
    expect(await follows.stop("U1", { channel: "U1", ts: "1.0" })).toEqual({ text: "Stopped." });
    await settle();
    expect(seen("U1 1.0")).toMatch(/Stopped by you\..*one/);
    expect(seen("U1 1.0")).not.toContain("follow=stop");
    await pass(60_000);
    expect(looks).toEqual([]);
    expect((await follows.stop("U1", undefined)).text).toBe("You follow nothing here.");
  });

  it("ends by itself after ten minutes, and when there is nothing to follow any more", async () => {
    await follows.start(wish("U1"), said);
    for (let look = 0; look < 51; look += 1) await pass(turn);
    expect(seen("U1 1.0")).toContain("Ten minutes are over.");
    await follows.start(wish("U1"), said);
    said = { text: "docc has no web in staging.", reason: "not-found" };
    await pass(turn);
    expect(seen("U1 2.0")).toMatch(/docc has no web in staging\..*one/);
  });

  it("outlasts a cluster and a Slack that do not answer for a moment", async () => {
    await follows.start(wish("U1"), said);
    const before = said;
    said = { text: "The cluster gave no log in time.", reason: "timeout" };
    await pass(turn);
    said = { ...before, snippet: { title: "web.log", text: "two" } };
    failure = new webApi.WebAPIRequestError(new Error("socket hang up"));
    await pass(turn);
    failure = undefined;
    await pass(turn);
    expect(seen("U1 1.0")).toContain("two");
  });

  it("ends without a word where its message was taken away, here or by another replica", async () => {
    await follows.start(wish("U1"), said);
    slack.delete("U1 1.0");
    said = { ...said, text: "The last 2 lines of web." };
    await pass(turn);
    await pass(60_000);
    expect(looks).toHaveLength(1);
    slack.set("U1 9.0", { text: "another replica's", blocks: [] });
    const other = await follows.stop("U1", { channel: "U1", ts: "9.0" });
    expect(other.text).toBe("Stopped, and its message is gone.");
    expect(slack.has("U1 9.0")).toBe(false);
  });

  it("ends with the process, and begins nothing after that", async () => {
    await follows.start(wish("U1"), said);
    await follows.close(1_000);
    expect(seen("U1 1.0")).toContain("docc ends here for a restart");
    await expect(follows.start(wish("U1"), said)).rejects.toMatchObject({ reason: "unavailable" });
  });

  it("is one for each person, also where two begin at once", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    taken = promise;
    const both = [follows.start(wish("U1"), said), follows.start(wish("U1"), said)];
    await settle();
    resolve();
    const [first, second] = await Promise.all(both);
    await settle();
    expect(live()).toEqual(["U1 2.0"]);
    expect(seen("U1 1.0")).toContain("You follow something else now.");
    expect(first?.text).toBe("You follow something else now.");
    expect(second?.text).toContain("Followed in your direct messages");
  });

  it("is five at most, also where more begin at once", async () => {
    const starts = ["U1", "U2", "U3", "U4", "U5", "U6"].map((user) =>
      follows.start(wish(user), said),
    );
    const ends = await Promise.allSettled(starts);
    expect(ends.map(({ status }) => status === "fulfilled")).toEqual([
      ...Array.from({ length: 5 }, () => true),
      false,
    ]);
  });

  it("says why it ends where the process ends before Slack has its first message", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    taken = promise;
    const started = follows.start(wish("U1"), said);
    const closed = follows.close(1_000);
    await settle();
    resolve();
    await closed;
    expect(live()).toEqual([]);
    expect(seen("U1 1.0")).toContain("docc ends here for a restart");
    expect((await started).text).toContain("docc ends here for a restart");
  });

  it("keeps no place for a message that Slack refused", async () => {
    taken = Promise.reject(platform("cannot_dm_bot"));
    await expect(follows.start(wish("U1"), said)).rejects.toThrow("cannot_dm_bot");
    expect((await follows.stop("U1", undefined)).text).toBe("You follow nothing here.");
  });
});

import { afterEach, describe, expect, it } from "vitest";
import { SteppedClock } from "../../../sandbox/clock.ts";
import type { FakeSlack } from "../../../sandbox/slack/fake-slack.ts";
import { isObject } from "../../../sandbox/slack/json.ts";
import { allScopes, startFakeSlack } from "../../../sandbox/slack/server.ts";
import { call, outcome } from "./support.ts";

const metadata = { event_type: "note", event_payload: { id: "1" } };

describe("reading a channel back", () => {
  let slack: FakeSlack;
  const clock = new SteppedClock();
  const start = async (scopes: readonly string[] = allScopes): Promise<void> => {
    slack = await startFakeSlack({ clock, scopes });
  };
  afterEach(() => slack.stop());

  const post = async (text: string, more: object = {}): Promise<string> => {
    const { body } = await call(slack, "chat.postMessage", { channel: "CDEPLOYS", text, ...more });
    // One a second is what a channel takes.
    clock.step(1_000);
    return String(body["ts"]);
  };
  const read = async (what: string, args: object): Promise<readonly unknown[]> => {
    const { body } = await call(slack, `conversations.${what}`, { channel: "CDEPLOYS", ...args });
    const { messages } = body;
    return Array.isArray(messages) ? messages : [];
  };
  const texts = (messages: readonly unknown[]): readonly unknown[] =>
    messages.map((each) => (isObject(each) ? each["text"] : undefined));

  it("shows roots and broadcast replies, newest first, page by page", async () => {
    await start();
    const ts = await post("one");
    await post("quiet", { thread_ts: ts });
    await post("loud", { thread_ts: ts, reply_broadcast: true });
    await post("two");
    const { body } = await call(slack, "conversations.history", { channel: "CDEPLOYS", limit: 2 });
    const { messages, has_more: hasMore, response_metadata: next } = body;
    expect([texts(Array.isArray(messages) ? messages : []), hasMore]).toEqual([
      ["two", "loud"],
      true,
    ]);
    const cursor = isObject(next) ? next["next_cursor"] : "";
    expect(texts(await read("history", { limit: 2, cursor }))).toEqual(["one"]);
  });

  it("shows a thread with its root first, and only what was said in the time asked for", async () => {
    await start();
    const ts = await post("root");
    const first = await post("first", { thread_ts: ts });
    await post("second", { thread_ts: ts });
    expect(texts(await read("replies", { ts }))).toEqual(["root", "first", "second"]);
    expect(texts(await read("replies", { ts, oldest: first }))).toEqual(["root", "second"]);
    const all = { ts, oldest: first, inclusive: true };
    expect(texts(await read("replies", all))).toEqual(["root", "first", "second"]);
    expect(
      await outcome(slack, "conversations.replies", { channel: "CDEPLOYS", ts: "1.000000" }),
    ).toBe("thread_not_found");
  });

  it("shows metadata only when asked, and keeps it when a message is edited without any", async () => {
    await start();
    const ts = await post("marked", { metadata });
    await call(slack, "chat.update", { channel: "CDEPLOYS", ts, text: "edited" });
    expect(await read("history", {})).toEqual([expect.not.objectContaining({ metadata })]);
    expect(await read("history", { include_all_metadata: true })).toEqual([
      expect.objectContaining({ text: "edited", metadata }),
    ]);
  });

  it("asks for the scope of the channel's kind, and for membership", async () => {
    await start(["chat:write", "groups:history"]);
    const history = (channel: string): Promise<string> =>
      outcome(slack, "conversations.history", { channel });
    expect(await history("CDEPLOYS")).toBe("missing_scope");
    expect(await history("CSECRET")).toBe("channel_not_found");
    await slack.stop();
    await start();
    expect(await history("CRANDOM")).toBe("not_in_channel");
    expect(await history("CDEPLOYS")).toBe("ok");
  });
});

import { webApi } from "@slack/bolt";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SteppedClock } from "../../../sandbox/clock.ts";
import type { FakeSlack } from "../../../sandbox/slack/fake-slack.ts";
import { allScopes, startFakeSlack } from "../../../sandbox/slack/server.ts";
import { button, call, modal, outcome } from "./support.ts";

let slack: FakeSlack;
let clock: SteppedClock;

beforeEach(async () => {
  clock = new SteppedClock();
  slack = await startFakeSlack({ clock });
});

afterEach(async () => {
  await slack.stop();
});

const post = async (more: object = {}): Promise<string> => {
  const { body } = await call(slack, "chat.postMessage", {
    channel: "CDEPLOYS",
    text: "a plan",
    ...more,
  });
  return String(body["ts"]);
};

describe("calling the Web API", () => {
  it("takes forms with JSON in strings and JSON bodies alike", async () => {
    const blocks = [{ type: "divider" }];
    const form = new URLSearchParams({
      token: slack.credentials.botToken,
      channel: "CDEPLOYS",
      text: "from a form",
      blocks: JSON.stringify(blocks),
    });
    await fetch(`${slack.apiUrl}chat.postMessage`, { method: "POST", body: form });
    await post({ blocks });
    expect(slack.messages("#deploys").map((message) => message.blocks[0]?.["type"])).toEqual([
      "divider",
      "divider",
    ]);
  });

  it("refuses unknown methods, missing and wrong tokens, and the wrong kind of token", async () => {
    expect(await outcome(slack, "chat.shout")).toBe("unknown_method");
    expect(await outcome(slack, "constructor")).toBe("unknown_method");
    const anonymous = await fetch(`${slack.apiUrl}auth.test`, { method: "POST" });
    expect(await anonymous.json()).toMatchObject({ error: "not_authed" });
    const tokens = ["xoxb-wrong", slack.credentials.appToken];
    const errors = await Promise.all(
      tokens.map(async (token) => (await call(slack, "auth.test", {}, token)).body["error"]),
    );
    expect(errors).toEqual(["invalid_auth", "not_allowed_token_type"]);
    expect(await outcome(slack, "apps.connections.open")).toBe("not_allowed_token_type");
  });

  it("names the scope that is missing", async () => {
    const scopes = allScopes.filter((scope) => scope !== "users:read.email");
    const narrow = await startFakeSlack({ clock, scopes });
    const { body } = await call(narrow, "users.lookupByEmail", { email: "a@b.example.com" });
    expect(body).toMatchObject({ error: "missing_scope", needed: "users:read.email" });
    const { body: info } = await call(narrow, "users.info", { user: "UDEVELOPER" });
    expect(info["user"]).not.toHaveProperty("profile.email");
    await narrow.stop();
  });

  it("never lets docc join a channel by itself", async () => {
    expect(await outcome(slack, "conversations.join", { channel: "CRANDOM" })).toBe(
      "missing_scope",
    );
  });

  it("keeps a log of calls without tokens", async () => {
    const client = new webApi.WebClient(slack.credentials.botToken, { slackApiUrl: slack.apiUrl });
    await client.chat.postMessage({ channel: "CDEPLOYS", text: "hello" });
    await outcome(slack, "chat.postMessage", { channel: "CNOWHERE", text: "hello" });
    const calls = slack.calls("chat.postMessage");
    expect(calls.map((one) => one.outcome)).toEqual(["ok", "channel_not_found"]);
    expect(JSON.stringify(slack.calls())).not.toContain(slack.credentials.botToken);
  });
});

describe("posting", () => {
  const refused: Record<string, readonly [object, string]> = {
    "into a channel without the bot": [{ channel: "CRANDOM", text: "a" }, "not_in_channel"],
    "into a private channel without the bot": [
      { channel: "CSECRET", text: "a" },
      "channel_not_found",
    ],
    "into no channel": [{ channel: "CNOWHERE", text: "a" }, "channel_not_found"],
    "to someone of another organisation": [
      { channel: "USTRANGER", text: "a" },
      "channel_not_found",
    ],
    nothing: [{ channel: "CDEPLOYS" }, "no_text"],
    "blocks that are no list": [{ channel: "CDEPLOYS", blocks: "{}" }, "invalid_blocks_format"],
    "an unknown block": [{ channel: "CDEPLOYS", blocks: [{ type: "x" }] }, "invalid_blocks"],
    "into a thread that is no time": [
      { channel: "CDEPLOYS", text: "a", thread_ts: "yesterday" },
      "invalid_thread_ts",
    ],
    "metadata without a payload": [
      { channel: "CDEPLOYS", text: "a", metadata: { event_type: "release" } },
      "invalid_metadata_schema",
    ],
  };
  it.each(Object.entries(refused))("%s is refused", async (_, [args, error]) => {
    expect(await outcome(slack, "chat.postMessage", args)).toBe(error);
    expect(slack.messages("#deploys")).toEqual([]);
  });

  it("takes metadata of 16,384 bytes and no more", async () => {
    const empty = { event_type: "release", event_payload: { diff: "" } };
    const sized = (bytes: number): object => {
      const diff = "x".repeat(bytes - JSON.stringify(empty).length);
      return { channel: "CDEPLOYS", text: "a", metadata: { ...empty, event_payload: { diff } } };
    };
    expect(await outcome(slack, "chat.postMessage", sized(16_384))).toBe("ok");
    expect(await outcome(slack, "chat.postMessage", sized(16_385))).toBe("metadata_too_large");
  });

  it("says where and why blocks are refused", async () => {
    const { body } = await call(slack, "chat.postMessage", {
      channel: "CDEPLOYS",
      blocks: [{ type: "x" }],
    });
    expect(body["response_metadata"]).toEqual({
      messages: ["[ERROR] unsupported type: x [json-pointer:/blocks/0/type]"],
    });
  });

  it("cuts a text at 40,000 characters", async () => {
    await post({ text: "x".repeat(40_001) });
    expect(slack.messages("#deploys")[0]?.text).toHaveLength(40_000);
  });

  it("to a person opens the direct message with them", async () => {
    await post({ channel: "UAPPROVER" });
    expect(slack.dms("approver").map(({ text }) => text)).toEqual(["a plan"]);
  });

  it("gives every message a time of its own, also within one instant", async () => {
    const times = [await post(), await post()];
    expect(times).toEqual(["1512518400.000000", "1512518400.000100"]);
  });

  it("puts replies into the thread, and into the channel only when they are broadcast", async () => {
    const root = await post();
    await post({ text: "applied", thread_ts: root });
    await post({ text: "failed", thread_ts: root, reply_broadcast: true });
    expect(slack.thread("#deploys", root).map(({ text }) => text)).toEqual(["applied", "failed"]);
    expect(slack.messages("#deploys").map(({ text }) => text)).toEqual(["a plan", "failed"]);
  });

  it("gives a permalink", async () => {
    const { body } = await call(slack, "chat.getPermalink", {
      channel: "CDEPLOYS",
      message_ts: await post(),
    });
    expect(body["permalink"]).toBe("https://corp.slack.com/archives/CDEPLOYS/p1512518400000000");
  });
});

describe("updating", () => {
  it("with a text and no blocks takes the blocks away and shows that it was edited", async () => {
    const ts = await post({ blocks: [button("Approve")] });
    await call(slack, "chat.update", { channel: "CDEPLOYS", ts, text: "approved" });
    const [message] = slack.messages("#deploys");
    expect(message).toMatchObject({ text: "approved", blocks: [], isEdited: true });
  });

  it("with blocks shows no trace of the edit", async () => {
    const ts = await post();
    const blocks = [button("Rollback")];
    await call(slack, "chat.update", { channel: "CDEPLOYS", ts, text: "live", blocks });
    expect(slack.messages("#deploys")[0]).not.toHaveProperty("isEdited");
    expect(slack.messages("#deploys").map(slack.render.bind(slack))).toEqual(["[Rollback]"]);
  });

  it("is refused for long texts, other people's messages, and messages that are not there", async () => {
    const ts = await post();
    const said = await slack.as("developer").say("#deploys", "hello");
    const update = async (args: object): Promise<string> =>
      outcome(slack, "chat.update", { channel: "CDEPLOYS", ts, text: "a", ...args });
    expect(await update({ text: "x".repeat(4_000) })).toBe("ok");
    expect(await update({ text: "x".repeat(4_001) })).toBe("msg_too_long");
    expect(await update({ ts: said.ts })).toBe("cant_update_message");
    expect(await update({ ts: "1.000000" })).toBe("message_not_found");
    expect(await update({ channel: "UAPPROVER" })).toBe("channel_not_found");
    expect(await update({ text: "" })).toBe("no_text");
  });

  it("of a deleted message is refused", async () => {
    const ts = await post();
    expect(await outcome(slack, "chat.delete", { channel: "CDEPLOYS", ts })).toBe("ok");
    expect(slack.messages("#deploys")).toEqual([]);
    expect(await outcome(slack, "chat.update", { channel: "CDEPLOYS", ts, text: "a" })).toBe(
      "message_not_found",
    );
  });
});

describe("ephemeral messages", () => {
  it("reach one person, who loses them with a reload", async () => {
    const args = { channel: "CDEPLOYS", user: "UDEVELOPER", text: "not for you" };
    expect(await outcome(slack, "chat.postEphemeral", args)).toBe("ok");
    expect(slack.ephemerals("developer")).toHaveLength(1);
    slack.as("developer").reload();
    expect(slack.ephemerals("developer")).toEqual([]);
  });

  it("are refused for people outside the channel and channels without the bot", async () => {
    const to = async (channel: string, user: string): Promise<string> =>
      outcome(slack, "chat.postEphemeral", { channel, user, text: "a" });
    expect(await to("CDEPLOYS", "USTRANGER")).toBe("user_not_in_channel");
    expect(await to("CRANDOM", "UDEVELOPER")).toBe("not_in_channel");
  });
});

describe("people and channels", () => {
  it("are found by e-mail unless they left or belong to another organisation", async () => {
    const find = async (email: string): Promise<string> =>
      outcome(slack, "users.lookupByEmail", { email });
    const { body } = await call(slack, "users.lookupByEmail", {
      email: "KubeCon-Team@corp.example.com",
    });
    expect(body["user"]).toMatchObject({ id: "UMAINTAINER", name: "maintainer" });
    expect(await find("departed@corp.example.com")).toBe("users_not_found");
    expect(await find("stranger@other.example.com")).toBe("users_not_found");
    expect(await find("nobody@corp.example.com")).toBe("users_not_found");
  });

  it("tell guests, strangers and the departed apart", async () => {
    const info = async (user: string): Promise<unknown> =>
      (await call(slack, "users.info", { user })).body["user"];
    expect(await info("UGUEST")).toMatchObject({ is_restricted: true });
    expect(await info("USTRANGER")).toMatchObject({ is_stranger: true, team_id: "T0OTHER" });
    expect(await info("UDEPARTED")).toMatchObject({ deleted: true });
    expect(await outcome(slack, "users.info", { user: "UNOBODY" })).toBe("user_not_found");
  });

  it("come in pages", async () => {
    const client = new webApi.WebClient(slack.credentials.botToken, { slackApiUrl: slack.apiUrl });
    const ids: string[] = [];
    for await (const page of client.paginate("users.list", { limit: 2 })) {
      const { members = [] } = page as { members?: { id: string }[] };
      expect(members.length).toBeLessThanOrEqual(2);
      ids.push(...members.map(({ id }) => id));
    }
    expect(ids).toEqual(["UDEVELOPER", "UAPPROVER", "UMAINTAINER", "UGUEST", "UDEPARTED", "UDOCC"]);
  });

  it("of a user group are listed", async () => {
    const { body } = await call(slack, "usergroups.users.list", { usergroup: "SKUBECON" });
    expect(body["users"]).toEqual(["UAPPROVER", "UMAINTAINER"]);
    expect(await outcome(slack, "usergroups.users.list", { usergroup: "SNONE" })).toBe(
      "no_such_subteam",
    );
  });

  it("of a channel are listed, and a channel says whether the bot is in it", async () => {
    const { body: members } = await call(slack, "conversations.members", { channel: "CPARTNERS" });
    expect(members["members"]).toEqual(["UDEVELOPER", "USTRANGER", "UDOCC"]);
    const { body: info } = await call(slack, "conversations.info", { channel: "CRANDOM" });
    expect(info["channel"]).toMatchObject({ name: "random", is_member: false });
    expect(await outcome(slack, "conversations.info", { channel: "CSECRET" })).toBe(
      "channel_not_found",
    );
  });

  it("can be written to directly unless they are bots or gone", async () => {
    const open = async (users: string): Promise<string> =>
      outcome(slack, "conversations.open", { users });
    const { body } = await call(slack, "conversations.open", { users: "UDEVELOPER" });
    expect(body["channel"]).toEqual({ id: "DDEVELOPER" });
    expect(await open("UDOCC")).toBe("cannot_dm_bot");
    expect(await open("UDEPARTED")).toBe("user_disabled");
    expect(await open("UNOBODY")).toBe("user_not_found");
  });
});

describe("views", () => {
  const trigger = (): string => {
    void slack.as("developer").command("#deploys", "/docc form");
    const payload = slack.deliveries().at(-1)?.payload;
    return String(payload?.["trigger_id"]);
  };
  const open = async (view: object, triggerId = trigger()): Promise<string> =>
    outcome(slack, "views.open", { trigger_id: triggerId, view });

  it("open once for each trigger", async () => {
    const triggerId = trigger();
    expect(await open(modal(), triggerId)).toBe("ok");
    expect(await open(modal(), triggerId)).toBe("exchanged_trigger_id");
    expect(await open(modal(), "made.up")).toBe("invalid_trigger_id");
  });

  it("do not open three seconds after the gesture", async () => {
    const [inTime, late] = [trigger(), trigger()];
    clock.step(3_000);
    expect(await open(modal(), inTime)).toBe("ok");
    clock.step(1);
    expect(await open(modal(), late)).toBe("expired_trigger_id");
  });

  it("do not spend the trigger when they are refused", async () => {
    const triggerId = trigger();
    expect(await open(modal({ title: "Deploy" }), triggerId)).toBe("invalid_arguments");
    expect(await open(modal(), triggerId)).toBe("ok");
  });

  it("are updated by id or external id, with the hash one last saw", async () => {
    await open(modal({ external_id: "deploy-1" }));
    const view = slack.views("developer")[0];
    const update = async (args: object): Promise<string> =>
      outcome(slack, "views.update", { view: modal({ callback_id: "next" }), ...args });
    expect(await update({ external_id: "deploy-1", hash: view?.hash })).toBe("ok");
    expect(await update({ view_id: view?.id, hash: view?.hash })).toBe("hash_conflict");
    expect(await update({ view_id: "V0" })).toBe("not_found");
    expect(slack.views("developer").map((one) => one.callbackId)).toEqual(["next"]);
  });

  it("keep what was entered when an update keeps the input", async () => {
    const input = {
      type: "input",
      block_id: "app",
      label: { type: "plain_text", text: "App" },
      element: { type: "static_select", action_id: "name", options: [choice("kubecon")] },
      dispatch_action: true,
    };
    const form = modal({ blocks: [input], submit: { type: "plain_text", text: "Plan" } });
    await open(form);
    const [view] = slack.views("developer");
    if (view === undefined) {
      throw new Error("nothing opened");
    }
    void slack.as("developer").click(view, "name", "kubecon");
    const note = { type: "divider" };
    const updated = modal({ blocks: [note, input], submit: { type: "plain_text", text: "Plan" } });
    await outcome(slack, "views.update", { view_id: view.id, view: updated });
    expect(slack.views("developer")[0]?.state).toMatchObject({
      app: { name: { selected_option: { value: "kubecon" } } },
    });
  });

  it("stack three deep", async () => {
    expect(await open(modal())).toBe("ok");
    const push = async (): Promise<string> =>
      outcome(slack, "views.push", { trigger_id: trigger(), view: modal() });
    expect([await push(), await push(), await push()]).toEqual(["ok", "ok", "push_limit_reached"]);
    expect(slack.views("developer")).toHaveLength(3);
  });

  it("of a home are published and take a hash", async () => {
    const view = { type: "home", blocks: [{ type: "divider" }] };
    const publish = async (args: object): Promise<string> =>
      outcome(slack, "views.publish", { user_id: "UDEVELOPER", view, ...args });
    expect(await publish({})).toBe("ok");
    expect(await publish({ hash: "1.old" })).toBe("hash_conflict");
    expect(await publish({ user_id: "UNOBODY" })).toBe("invalid_arguments");
    expect(await publish({ view: modal() })).toBe("invalid_arguments");
    const blocks = Array.from({ length: 101 }, () => ({ type: "divider" }));
    expect(await publish({ view: { ...view, blocks } })).toBe("invalid_arguments");
    const title = "x".repeat(2_900);
    const long = { type: "section", text: { type: "plain_text", text: title } };
    const large = { ...view, blocks: Array.from({ length: 90 }, () => long) };
    expect(await publish({ view: large })).toBe("view_too_large");
  });

  it("of a home are refused where the app has no Home tab, and nobody can open it", async () => {
    const without = await startFakeSlack({ clock, homeTab: false });
    const view = { type: "home", blocks: [{ type: "divider" }] };
    const args = { user_id: "UDEVELOPER", view };
    expect(await outcome(without, "views.publish", args)).toBe("not_enabled");
    await expect(without.as("developer").openHome()).rejects.toThrow("the app has no Home tab");
    await without.stop();
  });
});

const choice = (value: string): object => ({ text: { type: "plain_text", text: value }, value });

describe("files", () => {
  it("are uploaded by the real client into a thread and described", async () => {
    const client = new webApi.WebClient(slack.credentials.botToken, { slackApiUrl: slack.apiUrl });
    const thread_ts = await post();
    await client.filesUploadV2({
      channel_id: "CDEPLOYS",
      thread_ts,
      filename: "last.log",
      content: "DATABASE_URL is not set",
      snippet_type: "text",
      initial_comment: "the last lines",
    });
    const [reply] = slack.thread("#deploys", thread_ts);
    expect(slack.render(reply ?? { text: "", blocks: [] })).toBe(
      "the last lines\n[file: last.log]",
    );
    const { body } = await call(slack, "files.info", { file: reply?.files[0] });
    expect(body["file"]).toMatchObject({ name: "last.log", mode: "snippet", size: 23 });
  });

  it("are refused when a snippet is larger than a megabyte or nothing was uploaded", async () => {
    const large = { filename: "a.log", length: 1_048_577, snippet_type: "text" };
    expect(await outcome(slack, "files.getUploadURLExternal", large)).toBe("snippet_too_large");
    const largest = { ...large, length: 1_048_576 };
    expect(await outcome(slack, "files.getUploadURLExternal", largest)).toBe("ok");
    const { body } = await call(slack, "files.getUploadURLExternal", { filename: "a", length: 3 });
    const files = [{ id: body["file_id"] }];
    expect(await outcome(slack, "files.completeUploadExternal", { files })).toBe("file_not_found");
    const wrongLength = await fetch(String(body["upload_url"]), { method: "POST", body: "four" });
    expect(wrongLength.status).toBe(400);
    const raw = await fetch(String(body["upload_url"]), { method: "POST", body: "abc" });
    expect(await raw.text()).toBe("OK - 3");
    expect(await outcome(slack, "files.completeUploadExternal", { files })).toBe("ok");
  });

  it("that arrive as stubs are described by files.info", async () => {
    const draft = { name: "4-tls.json", content: "{}", isStub: true };
    const message = await slack.as("developer").uploadToChannel("#random", draft);
    const { body } = await call(slack, "files.info", { file: message.files[0] });
    expect(body["file"]).toMatchObject({ name: "4-tls.json", filetype: "json", size: 2 });
    expect(await outcome(slack, "files.info", { file: "F0" })).toBe("file_not_found");
  });
});

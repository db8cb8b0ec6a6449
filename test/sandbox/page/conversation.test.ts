import type { App, BlockAction, ButtonAction } from "@slack/bolt";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { textOf } from "../../../sandbox/page/markup.ts";
import { startPage } from "../../../sandbox/page/server.ts";
import type { Page } from "../../../sandbox/page/server.ts";
import type { Snapshot } from "../../../sandbox/page/snapshot.ts";
import type { FakeSlack } from "../../../sandbox/slack/fake-slack.ts";
import { startFakeSlack } from "../../../sandbox/slack/server.ts";
import { systemClock } from "../../../src/clock.ts";
import { manifestForm } from "../../../src/slack/views/manifest-form.ts";
import { eventually } from "../../support/until.ts";
import { startSocketApp } from "../slack/bolt.ts";
import type { RunningApp } from "../slack/bolt.ts";

/** What the browser does, over HTTP as it does it, with a real Bolt app behind. */

let slack: FakeSlack;
let page: Page;
let app: RunningApp;
let received: readonly { readonly name: string; readonly content: string }[];

beforeEach(async () => {
  received = [];
  slack = await startFakeSlack({ clock: systemClock });
  app = await startSocketApp(slack, listen);
  page = await startPage({
    slack,
    port: 0,
    examples: new URL("../../../examples/", import.meta.url),
    manifest: new URL("../../../app-manifest.yml", import.meta.url),
  });
});

afterEach(async () => {
  await page.stop();
  await app.stop();
  await slack.stop();
});

/** `/docc deploy` opens docc's own form; other words are answered in private. */
function listen(bolt: App): void {
  bolt.command("/docc", async ({ command, ack, respond, client }) => {
    await ack();
    if (command.text === "deploy") {
      const context = { command: "deploy", channel: command.channel_id } as const;
      const view = manifestForm({
        context,
        environments: ["staging", "production"],
        environment: "staging",
      });
      await client.views.open({ trigger_id: command.trigger_id, view });
    } else {
      await respond({ text: `you typed *${command.text}*` });
    }
  });
  bolt.event("app_home_opened", async ({ event, client }) => {
    const row = (value: string) => ({
      type: "actions" as const,
      elements: [
        {
          type: "button" as const,
          action_id: "row",
          text: { type: "plain_text" as const, text: `Press ${value}` },
          value,
        },
      ],
    });
    const blocks = [row("one"), row("two")];
    await client.views.publish({ user_id: event.user, view: { type: "home", blocks } });
  });
  bolt.action<BlockAction<ButtonAction>>("row", async ({ ack, action, body, client }) => {
    await ack();
    const text = `${body.user.id} pressed ${action.value ?? ""}`;
    await client.chat.postMessage({ channel: "CDEPLOYS", text });
  });
  bolt.view("manifest_form", async ({ ack, view, client }) => {
    const { environment, file, words } = view.state.values;
    const files = file?.["file"]?.files ?? [];
    if (files.length === 0) {
      await ack({ response_action: "errors", errors: { file: "Choose a file." } });
      return;
    }
    await ack();
    received = files.map(({ id, name }) => ({
      name,
      content: slack.workspace.file(id)?.content.toString() ?? "",
    }));
    const place = environment?.["environment"]?.selected_option?.value ?? "";
    const typed = words?.["words"]?.value ?? "nothing";
    await client.chat.postMessage({ channel: "CDEPLOYS", text: `to ${place}, ${typed}` });
  });
}

async function state(
  look: Partial<Record<"person" | "place" | "thread", string>> = {},
): Promise<Snapshot> {
  const query = new URLSearchParams({ person: "UDEVELOPER", place: "CDEPLOYS", ...look });
  const response = await fetch(`${page.origin}/state?${query.toString()}`);
  return (await response.json()) as Snapshot;
}

async function act(gesture: string, input: object, person = "UDEVELOPER"): Promise<void> {
  const response = await fetch(`${page.origin}/control/as/${person}/${gesture}`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: page.origin },
    body: JSON.stringify(input),
  });
  expect(response.status).toBe(200);
}

const words = (snapshot: Snapshot): readonly string[] =>
  snapshot.messages.map(({ markup }) => textOf(markup));

describe("the page, as the browser uses it", () => {
  it("shows an answer to the person who asked and to nobody else, until it is dismissed", async () => {
    await act("command", { channel: "CDEPLOYS", text: "/docc lits" });
    const mine = await eventually("the answer", async () => {
      const seen = await state();
      return seen.messages.length === 1 ? seen : undefined;
    });
    expect(words(mine)[0]).toContain("Only visible to you");
    expect(words(mine)[0]).toContain("you typed lits");
    expect((await state({ person: "UAPPROVER" })).messages).toEqual([]);
    const dismissed = (person: string): Promise<Response> =>
      fetch(`${page.origin}/dismiss?id=${mine.messages[0]?.key ?? ""}&person=${person}`, {
        method: "POST",
      });
    await dismissed("UAPPROVER");
    expect((await state()).messages).toHaveLength(1);
    await dismissed("UDEVELOPER");
    expect((await state()).messages).toEqual([]);
  });

  it("shows a form, its errors under the inputs, and delivers the file that was chosen", async () => {
    await act("command", { channel: "CDEPLOYS", text: "/docc deploy" });
    const form = await eventually("the form", async () => (await state()).dialog);
    expect(textOf(form.markup)).toContain("Manifest file (optional)");
    expect(textOf(form.markup)).toContain("4-tls.json");

    const values = { environment: "production", words: "scale=3" };
    await act("submit", { view: form.view, values, files: {} });
    const refused = (await state()).dialog;
    expect(refused?.errors).toEqual({ file: "Choose a file." });
    expect(refused?.key).toBe(form.key);

    const draft = { name: "x.json", base64: Buffer.from('{"ä":1}').toString("base64") };
    await act("submit", { view: form.view, values, files: { file: [draft] } });
    const after = await eventually("the message", async () => {
      const seen = await state();
      return seen.messages.length === 1 ? seen : undefined;
    });
    expect(after.dialog).toBeUndefined();
    expect(words(after)[0]).toContain("to production, scale=3");
    expect(received).toEqual([{ name: "x.json", content: '{"ä":1}' }]);
  });

  it("shows the app's Home once it is opened, and presses the very button of many alike", async () => {
    const before = await state({ place: "home" });
    expect(before.place.label).toBe("docc Home");
    expect(words(before)).toEqual(["Nothing is published here yet."]);
    await act("home", {});
    const home = await eventually("the page", async () => {
      const seen = await state({ place: "home" });
      return words(seen)[0]?.includes("Press two") === true ? seen : undefined;
    });
    const markup = JSON.stringify(home.messages);
    const view = /"data-view":"([^"]+)"/.exec(markup)?.[1];
    const blocks = [...markup.matchAll(/"data-block":"([^"]+)"/g)].map(([, id]) => id);
    expect(blocks).toHaveLength(2);
    await act("click", { view, action: "row", block: blocks[1] });
    const told = await slack.waitFor(() => slack.messages("#deploys").at(-1));
    expect(told.text).toBe("UDEVELOPER pressed two");
  });

  it("counts replies, shows the thread, and marks a broadcast", async () => {
    const root = await slack.as("developer").say("CDEPLOYS", "root");
    await slack.as("approver").say("CDEPLOYS", "one", { threadTs: root.ts });
    const post = {
      channel: "CDEPLOYS",
      thread_ts: root.ts,
      reply_broadcast: true,
      text: "two",
    } as const;
    await app.app.client.chat.postMessage(post);
    const seen = await state({ thread: root.ts });
    expect(words(seen)[0]).toContain("2 replies");
    expect(words(seen)[1]).toContain("also sent to the channel");
    expect(
      seen.thread?.messages
        .map(({ markup }) => textOf(markup))
        .map((text) => /root|one|two/.exec(text)?.[0]),
    ).toEqual(["root", "one", "two"]);
  });

  it("offers the app's shortcut on a message with a file, and shows what is in the file", async () => {
    await act("say", { channel: "CDEPLOYS", text: "no file" });
    await act("upload", {
      channel: "CDEPLOYS",
      name: "m.json",
      content: '{"<b>":1}',
      text: "here",
    });
    const [without, withFile] = words(await state());
    expect(without).not.toContain("Deploy this manifest");
    expect(withFile).toContain("Deploy this manifest");
    expect(withFile).toContain('{"<b>":1}');
  });

  it("gives each person their own channels, and nobody the messages of another", async () => {
    await slack.as("developer").say("#secret", "quiet");
    const labels = async (person: string): Promise<readonly string[]> =>
      (await state({ person })).places.map(({ label }) => label);
    expect(await labels("UDEVELOPER")).toEqual([
      "#deploys",
      "#random",
      "#secret",
      "#partners",
      "docc",
      "docc Home",
    ]);
    expect(await labels("UAPPROVER")).toEqual(["#deploys", "#random", "docc", "docc Home"]);
    const peeking = await state({ person: "UAPPROVER", place: "CSECRET" });
    expect([peeking.place.label, peeking.messages]).toEqual(["#deploys", []]);
  });

  it("tells of every change while it is open", async () => {
    const end = new AbortController();
    const stream = await fetch(`${page.origin}/control/events`, { signal: end.signal });
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    await slack.as("developer").say("CDEPLOYS", "hello");
    let heard = "";
    while (!heard.includes('"type":"message"')) heard += (await reader?.read())?.value ?? "";
    expect(heard).toMatch(/^data: \{"type":"message"/m);
    end.abort();
  });
});

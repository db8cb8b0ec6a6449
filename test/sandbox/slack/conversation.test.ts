import type { App, types } from "@slack/bolt";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { FakeSlack } from "../../../sandbox/slack/fake-slack.ts";
import { startFakeSlack } from "../../../sandbox/slack/server.ts";
import { systemClock } from "../../../src/clock.ts";
import { startHttpApp, startSocketApp } from "./bolt.ts";
import type { RunningApp } from "./bolt.ts";

const manifest = '{"app":"kubecon-2017"}';

/** A small app that uses each kind of listener; what it heard is kept for the tests. */
function listen(heard: Map<string, unknown>): (app: App) => void {
  return (app) => {
    app.command("/docc", async ({ command, ack, respond, client }) => {
      heard.set("command", command.text);
      if (command.text === "help") {
        await ack("the words of docc");
        return;
      }
      await ack();
      if (command.text === "form") {
        await client.views.open({ trigger_id: command.trigger_id, view: form });
        return;
      }
      await respond({ text: `looking at ${command.text}` });
      const posted = await client.chat.postMessage({
        channel: command.channel_id,
        text: "a plan",
        blocks: plan("waiting"),
      });
      heard.set("ts", posted.ts);
    });
    app.action("approve", async ({ ack, action, body, client, respond }) => {
      await ack();
      heard.set("value", "value" in action ? action.value : undefined);
      await respond({ text: "only you see this" });
      const channel = body.channel?.id ?? "";
      const ts = "message" in body ? (body.message?.ts ?? "") : "";
      await client.chat.update({ channel, ts, text: "approved", blocks: plan("approved") });
    });
    app.options("environment", async ({ ack, options }) => {
      heard.set("typed", options.value);
      const text = { type: "plain_text", text: "Production" } as const;
      await ack({ options: [{ text, value: "production" }] });
    });
    app.view("deploy", async ({ ack, view }) => {
      const values = view.state.values;
      if (values["app"]?.["name"]?.value === "wrong") {
        await ack({ response_action: "errors", errors: { app: "no such app" } });
        return;
      }
      await ack();
      heard.set("values", values);
    });
    app.shortcut("deploy_message", async ({ ack, shortcut, client }) => {
      await ack();
      await client.views.open({ trigger_id: shortcut.trigger_id, view: form });
    });
    app.event("app_home_opened", async ({ event, client }) => {
      const blocks = plan("home");
      await client.views.publish({ user_id: event.user, view: { type: "home", blocks } });
    });
    app.event("app_mention", async ({ event, say }) => {
      await say({ text: `you said: ${event.text}`, thread_ts: event.ts });
    });
  };
}

const plan = (phase: string): types.KnownBlock[] => [
  { type: "section", text: { type: "mrkdwn", text: `*kubecon-2017* is ${phase}` } },
  {
    type: "actions",
    elements: [
      {
        type: "button",
        action_id: "approve",
        value: "release-8",
        text: { type: "plain_text", text: "Approve" },
      },
    ],
  },
];

const form: types.ModalView = {
  type: "modal",
  callback_id: "deploy",
  title: { type: "plain_text", text: "Deploy" },
  submit: { type: "plain_text", text: "Plan" },
  blocks: [
    {
      type: "input",
      block_id: "app",
      label: { type: "plain_text", text: "App" },
      element: { type: "plain_text_input", action_id: "name" },
    },
    {
      type: "input",
      block_id: "where",
      label: { type: "plain_text", text: "Environment" },
      element: { type: "external_select", action_id: "environment", min_query_length: 0 },
    },
    {
      type: "input",
      block_id: "manifest",
      label: { type: "plain_text", text: "Manifest" },
      element: { type: "file_input", action_id: "file" },
    },
  ],
};

const modes = [
  { mode: "Socket Mode", start: async (...app: Start) => startSocketApp(...app) },
  { mode: "signed HTTP", start: async (...app: Start) => startHttpApp(...app) },
];

type Start = [slack: FakeSlack, listen: (app: App) => void];

describe.each(modes)("an unmodified Bolt app over $mode", ({ start }) => {
  let slack: FakeSlack;
  let running: RunningApp;
  let heard: Map<string, unknown>;

  beforeEach(async () => {
    heard = new Map();
    slack = await startFakeSlack({ clock: systemClock });
    running = await start(slack, listen(heard));
  });

  afterEach(async () => {
    await running.stop();
    await slack.stop();
  });

  it("takes a command, answers privately, posts, and updates the post on a click", async () => {
    const developer = slack.as("developer");
    const gesture = await developer.command("#deploys", "/docc deploy kubecon-2017 to=@approver");
    expect(gesture.ack).toEqual({ ok: true, payload: {} });
    expect(await gesture.answer()).toMatchObject({ ephemeral: { user: "UDEVELOPER" } });
    expect(heard.get("command")).toBe("deploy kubecon-2017 to=<@UAPPROVER|approver>");
    const root = await slack.waitFor(() => slack.messages("#deploys")[0]);
    expect(slack.render(root)).toBe("kubecon-2017 is waiting\n[Approve]");

    const click = await slack.as("approver").click(root, "Approve");
    expect(await click.answer()).toMatchObject({ ephemeral: { user: "UAPPROVER" } });
    const updated = await slack.waitFor(() =>
      slack.messages("#deploys").find((message) => message.text === "approved"),
    );
    expect(updated.ts).toBe(root.ts);
    expect(updated.isEdited).toBeUndefined();
    expect(heard.get("value")).toBe("release-8");
  });

  it("shows the text of an ack to the person alone", async () => {
    const gesture = await slack.as("developer").command("#deploys", "/docc help");
    expect(gesture.shown).toMatchObject({ kind: "ephemeral" });
    expect(slack.ephemerals("developer").map(({ text }) => text)).toEqual(["the words of docc"]);
    expect(slack.ephemerals("approver")).toEqual([]);
    expect(slack.messages("#deploys")).toEqual([]);
  });

  it("opens a form, loads options, shows errors, and hands over values and a file", async () => {
    const developer = slack.as("developer");
    const gesture = await developer.command("#deploys", "/docc form");
    const view = await gesture.opened();
    const files = { Manifest: [{ name: "4-tls.json", content: manifest }] };

    const incomplete = await developer.submit(view, { name: "wrong", environment: "Production" });
    expect(incomplete.errors).toEqual({ manifest: "Please complete this required field." });
    expect(heard.get("typed")).toBe("Production");

    const refused = await developer.submit(view, { name: "wrong" }, files);
    expect(refused.errors).toEqual({ app: "no such app" });
    expect(slack.views("developer")).toHaveLength(1);

    const accepted = await developer.submit(view, { name: "kubecon-2017" });
    expect(accepted.errors).toEqual({});
    expect(slack.views("developer")).toEqual([]);
    const values = heard.get("values");
    expect(values).toMatchObject({
      app: { name: { type: "plain_text_input", value: "kubecon-2017" } },
      where: { environment: { selected_option: { value: "production" } } },
      manifest: { file: { files: [{ name: "4-tls.json", filetype: "json", size: 22 }] } },
    });

    const [file] = (values as FormValues).manifest.file.files;
    const url = file?.url_private_download ?? "";
    const authorization = `Bearer ${slack.credentials.botToken}`;
    const good = await fetch(url, { headers: { authorization } });
    expect([good.headers.get("content-type"), await good.text()]).toEqual([
      "application/json",
      manifest,
    ]);
    const bad = await fetch(url);
    expect([bad.status, bad.headers.get("content-type")]).toEqual([
      200,
      "text/html; charset=utf-8",
    ]);
  });

  it("opens a form from a message shortcut", async () => {
    const developer = slack.as("developer");
    const message = await developer.uploadToChannel("#deploys", {
      name: "4-tls.json",
      content: manifest,
    });
    const gesture = await developer.messageShortcut(message, "deploy_message");
    expect(await gesture.opened()).toMatchObject({ callbackId: "deploy", type: "modal" });
  });

  it("hears of an opened home and of a mention", async () => {
    await slack.as("developer").openHome();
    const home = await slack.waitFor(() => slack.home("developer"));
    expect(slack.render({ text: "", blocks: home.blocks })).toContain("kubecon-2017 is home");

    const said = await slack.as("developer").say("#deploys", "@docc status");
    const reply = await slack.waitFor(() => slack.thread("#deploys", said.ts)[0]);
    expect(reply.text).toBe("you said: <@UDOCC> status");
  });
});

interface FormValues {
  readonly manifest: { readonly file: { readonly files: readonly Download[] } };
}

interface Download {
  readonly url_private_download: string;
}

import type { App, types } from "@slack/bolt";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { FakeSlack } from "../../../sandbox/slack/fake-slack.ts";
import { startFakeSlack } from "../../../sandbox/slack/server.ts";
import type { View } from "../../../sandbox/slack/types.ts";
import { systemClock } from "../../../src/clock.ts";
import type { RunningApp } from "./bolt.ts";
import { startSocketApp } from "./bolt.ts";

let slack: FakeSlack;
let running: RunningApp;
let answer: object | undefined;
let closed: [callbackId: string, isCleared: boolean][];
let offered: object;
let asked: string[];

const plain = (text: string): types.PlainTextElement => ({ type: "plain_text", text });

const page = (callbackId: string, more: Partial<types.ModalView> = {}): types.ModalView => ({
  type: "modal",
  callback_id: callbackId,
  title: plain("Deploy"),
  submit: plain("Next"),
  notify_on_close: true,
  blocks: [
    {
      type: "input",
      block_id: "app",
      optional: true,
      label: plain("App"),
      element: { type: "plain_text_input", action_id: "name", max_length: 10 },
    },
    {
      type: "input",
      block_id: "where",
      optional: true,
      label: plain("Environment"),
      element: { type: "external_select", action_id: "environment", min_query_length: 2 },
    },
    {
      type: "input",
      block_id: "file",
      optional: true,
      label: plain("Manifest"),
      element: { type: "file_input", action_id: "file", max_files: 1 },
    },
  ],
  ...more,
});

const option = (value: string): object => ({ text: plain(value), value });

function listen(app: App): void {
  app.command("/docc", async ({ ack, client, command }) => {
    await client.views.open({ trigger_id: command.trigger_id, view: page("first") });
    await ack();
  });
  app.view({ type: "view_submission", callback_id: /./ }, async ({ ack }) => {
    await ack(answer as never);
  });
  app.view({ type: "view_closed", callback_id: /./ }, async ({ ack, body, view }) => {
    await ack();
    closed.push([view.callback_id, "is_cleared" in body && body.is_cleared]);
  });
  app.options("environment", async ({ ack, options }) => {
    asked.push(options.value);
    await ack(offered as never);
  });
}

beforeEach(async () => {
  answer = undefined;
  closed = [];
  asked = [];
  offered = { options: [option("staging"), option("production")] };
  slack = await startFakeSlack({ clock: systemClock });
  running = await startSocketApp(slack, listen);
});

afterEach(async () => {
  await running.stop();
  await slack.stop();
});

const open = async (): Promise<View> =>
  (await slack.as("developer").command("#deploys", "/docc deploy")).opened();

const stack = (): string[] => slack.views("developer").map(({ callbackId }) => callbackId);

describe("submitting a modal", () => {
  it("closes it when the app only acknowledges", async () => {
    const { errors, view } = await slack.as("developer").submit(await open());
    expect([errors, view, stack()]).toEqual([{}, undefined, []]);
  });

  it("replaces it, puts another on top, and goes back to the one below", async () => {
    const developer = slack.as("developer");
    answer = { response_action: "update", view: page("second") };
    const second = await developer.submit(await open());
    expect(stack()).toEqual(["second"]);
    answer = { response_action: "push", view: page("third") };
    const third = await developer.submit(second.view as View);
    expect(stack()).toEqual(["second", "third"]);
    expect(third.view).toMatchObject({ rootId: second.view?.id, previousId: second.view?.id });
    answer = undefined;
    await developer.submit(third.view as View);
    expect(stack()).toEqual(["second"]);
  });

  it("closes the whole stack when the app clears it", async () => {
    const developer = slack.as("developer");
    answer = { response_action: "push", view: page("second") };
    const { view } = await developer.submit(await open());
    answer = { response_action: "clear" };
    await developer.submit(view as View);
    expect([stack(), closed]).toEqual([[], []]);
  });

  it("shows the app's errors under the inputs until the next try", async () => {
    const developer = slack.as("developer");
    const view = await open();
    answer = { response_action: "errors", errors: { app: "no such app" } };
    expect((await developer.submit(view)).errors).toEqual({ app: "no such app" });
    expect(slack.views("developer")[0]?.errors).toEqual({ app: "no such app" });
    answer = { response_action: "update", view: page("second") };
    await developer.submit(view);
    expect(slack.views("developer")[0]?.errors).toEqual({});
  });

  it.each([
    { what: "errors for no input", given: { response_action: "errors", errors: { nope: "a" } } },
    { what: "no errors at all", given: { response_action: "errors", errors: {} } },
    { what: "an unknown action", given: { response_action: "dance" } },
    {
      what: "a view that is too long",
      given: { response_action: "update", view: page("a", { title: plain("x".repeat(25)) }) },
    },
  ])("shows only that something went wrong when the app answers with $what", async ({ given }) => {
    answer = given;
    const { error } = await slack.as("developer").submit(await open());
    expect([error, stack()]).toEqual(["invalid_response", ["first"]]);
  });

  it("is stopped by Slack's own check of lengths and numbers before the app hears of it", async () => {
    const developer = slack.as("developer");
    const file = { name: "a.json", content: "{}" };
    const values = { App: "longer than ten" };
    const { errors } = await developer.submit(await open(), values, { file: [file, file] });
    expect(errors).toEqual({
      app: "Must be less than 11 characters.",
      file: "Choose at most 1 files.",
    });
    expect(slack.deliveries().map(({ type }) => type)).toEqual(["slash_commands"]);
  });
});

describe("closing a modal", () => {
  it("tells the app that asked for it, and shows the one below", async () => {
    const developer = slack.as("developer");
    answer = { response_action: "push", view: page("second") };
    const { view } = await developer.submit(await open());
    await developer.close(view as View);
    expect([stack(), closed]).toEqual([["first"], [["second", false]]]);
  });

  it("as a whole tells about each of the stack", async () => {
    const developer = slack.as("developer");
    answer = { response_action: "push", view: page("second") };
    const { view } = await developer.submit(await open());
    await developer.close(view as View, true);
    expect(closed).toEqual([
      ["second", true],
      ["first", true],
    ]);
  });

  it("tells nothing to an app that did not ask", async () => {
    answer = { response_action: "update", view: page("second", { notify_on_close: false }) };
    const { view } = await slack.as("developer").submit(await open());
    await slack.as("developer").close(view as View);
    expect([stack(), closed]).toEqual([[], []]);
  });
});

describe("an external select", () => {
  it("asks the app only once enough letters were typed", async () => {
    const developer = slack.as("developer");
    await open();
    expect(await developer.options("environment", "p")).toEqual({ options: [] });
    expect(await developer.options("environment", "pr")).toMatchObject({
      options: [{ value: "staging" }, { value: "production" }],
    });
    expect(asked).toEqual(["pr"]);
  });

  it("takes options in groups", async () => {
    offered = { option_groups: [{ label: plain("Europe"), options: [option("fra1")] }] };
    await open();
    const { options } = await slack.as("developer").options("environment", "fra");
    expect(options).toMatchObject([{ value: "fra1" }]);
  });

  it("shows nothing when the app offers more than 100 options", async () => {
    offered = { options: Array.from({ length: 101 }, (_, at) => option(`o${at}`)) };
    await open();
    expect(await slack.as("developer").options("environment", "prod")).toEqual({
      options: [],
      error: "invalid_response",
    });
  });

  it("lets nobody choose what was not offered", async () => {
    const submitting = slack.as("developer").submit(await open(), { environment: "moon" });
    await expect(submitting).rejects.toThrow('no option "moon" among: staging, production');
  });
});

describe("what a Slack client would not let a person do", () => {
  it("throws instead of reaching the app", async () => {
    const guest = slack.as("guest");
    await expect(guest.command("#random", "/docc deploy")).rejects.toThrow(
      "guest is not in #random",
    );
    await expect(guest.command("#deploys", "/deploy")).rejects.toThrow("not a valid command");
    expect(() => slack.as("departed")).toThrow("departed cannot sign in");
    expect(() => slack.as("docc")).toThrow("docc cannot sign in");
    const message = await guest.say("#deploys", "hello");
    await expect(guest.click(message, "approve")).rejects.toThrow("nothing called approve");
    const view = await open();
    await expect(guest.submit(view)).rejects.toThrow("guest does not have view");
    const sized = (bytes: number) => ({
      file: [{ name: "a", content: Buffer.alloc(bytes) }],
    });
    const developer = slack.as("developer");
    await expect(developer.submit(view, {}, sized(10_485_761))).rejects.toThrow("too large");
    const choosing = developer.click(view, "environment", "staging");
    await expect(choosing).rejects.toThrow("its input has no dispatch_action");
    expect((await developer.submit(view, {}, sized(10_485_760))).errors).toEqual({});
  });
});

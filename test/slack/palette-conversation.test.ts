import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { View } from "../../sandbox/slack/types.ts";
import { registry } from "../../src/commands/registry.ts";
import { application } from "../commands/ports.ts";
import { type Harness, startHarness } from "./harness.ts";
import { releaseIn } from "./releases.ts";

const before = releaseIn("succeeded", { status: { revision: 3 } });
const release = releaseIn("succeeded");
const releases = [{ ...before, metadata: { ...before.metadata, name: "earlier" } }, release];
const applications = [
  application("kubecon-2017", "production"),
  application("shop", "production"),
  application("shop", "staging"),
];

describe.each(["socket", "http"] as const)("without a typed command, in %s mode", (mode) => {
  let harness: Harness;
  const lastHeard = (): string => {
    const last = harness.slack.ephemerals("developer").at(-1);
    return last === undefined ? "" : harness.slack.render(last);
  };
  const heard = (text: string): Promise<unknown> =>
    harness.slack.waitFor(() => lastHeard().includes(text));
  const shown = (text: string): Promise<View> =>
    harness.slack.waitFor(() => {
      const view = harness.slack.views("developer").at(-1);
      return view !== undefined && JSON.stringify(view.blocks).includes(text) && view;
    });
  const developer = () => harness.slack.as("developer");

  /** Opens the palette and chooses a command. */
  async function chosen(command: string, field: string, channel = "deploys"): Promise<View> {
    const palette = await (await developer().command(channel, "/docc")).opened();
    await developer().click(palette, "palette:command", command);
    return shown(field);
  }

  beforeEach(async () => {
    harness = await startHarness({
      mode,
      registry,
      environments: ["production", "staging"],
      applications,
      releases,
    });
  });
  afterEach(async () => {
    await harness.stop();
  });

  it("opens the palette, offers apps and revisions, and runs what was chosen", async () => {
    const { audits, slack, stored } = harness;
    const palette = await chosen("rollback", "arg.app");
    const { options } = await developer().options("palette:app", "");
    expect(options.map(({ text }) => text)).toMatchObject([
      { text: "kubecon-2017" },
      { text: "shop" },
    ]);
    expect(await developer().options("palette:success", "")).toEqual({ options: [] });
    await developer().click(palette, "palette:app", "kubecon-2017");
    const ready = await shown("arg.to.production.kubecon-2017");
    const revisions = await developer().options("palette:success", "3");
    expect(revisions.options).toMatchObject([{ value: "3" }]);
    const { errors } = await developer().submit(ready, {
      "arg.to.production.kubecon-2017": "3",
      words: 'reason="too slow"',
    });
    expect(errors).toEqual({});
    await heard("Accepted: kubecon-2017 in production goes");
    expect(slack.calls("chat.postEphemeral")).toEqual([]);
    expect([...stored.values()]).toMatchObject([
      {
        app: "kubecon-2017",
        environment: "production",
        kind: "rollback",
        source: { release: "earlier", revision: 3 },
        reason: "too slow",
        channel: "CDEPLOYS",
      },
    ]);
    expect(audits).toMatchObject([{ command: "rollback", outcome: "ok", channel: "CDEPLOYS" }]);
    expect(audits[0]?.delivery).toMatch(/^view:/);
  });

  it("says what is wrong under the input that it is about", async () => {
    const palette = await chosen("rollback", "arg.app");
    const missing = await developer().submit(palette, {});
    expect(missing.errors).toEqual({ "arg.app": "Please complete this required field." });
    const unknown = await developer().submit(palette, { "arg.app": "shap" });
    expect(unknown.errors).toEqual({
      "arg.app": "docc has no shap in production. Did you mean shop?",
    });
    const surplus = await developer().submit(palette, { words: "colour=red" });
    expect(surplus.errors["words"]).toContain("rollback knows no colour=.");
    expect(harness.audits.map(({ outcome }) => outcome)).toEqual(["not-found", "bad-input"]);
  });

  it("puts the manifest form in the place of the palette", async () => {
    const palette = await chosen("deploy", "arg.app");
    const { view } = await developer().submit(palette, {});
    expect(view?.callbackId).toBe("manifest_form");
    const later = await chosen("validate", "arg.app");
    await developer().submit(later, {});
    const form = await shown("Or paste the manifest");
    expect(form.callbackId).toBe("manifest_form");
  });

  it("opens by its shortcut, and asks where a release is told", async () => {
    const { stored } = harness;
    const palette = await (await developer().globalShortcut("docc_palette")).opened();
    await developer().click(palette, "palette:command", "rollback");
    const ready = await shown("Channel that hears of it");
    await developer().options("palette:app", "kub");
    const { errors } = await developer().submit(ready, {
      channel: "CDEPLOYS",
      "arg.app": "kubecon-2017",
    });
    expect(errors).toEqual({});
    await heard("Accepted: kubecon-2017");
    expect([...stored.values()]).toMatchObject([{ channel: "CDEPLOYS" }]);
  });

  it("opens for no guest, and offers a guest nothing", async () => {
    const { audits, slack } = harness;
    await slack.as("guest").command("deploys", "/docc");
    await slack.waitFor(() => slack.ephemerals("guest").length > 0);
    expect(slack.views("guest")).toEqual([]);
    expect(audits).toMatchObject([{ command: "help", user: "UGUEST", outcome: "not-allowed" }]);
    const palette = await chosen("rollback", "arg.app");
    const offered = await slack.as("guest").options("palette:app", "", palette);
    expect(offered).toEqual({ options: [] });
  });

  it("answers in a channel that docc is not in, and says how to invite it", async () => {
    const { slack } = harness;
    await developer().command("random", "/docc rollback kubecon-2017 to=3");
    await heard("Accepted: kubecon-2017 in production goes");
    expect(lastHeard()).toContain("Invite it: /invite @docc");
    await developer().command("deploys", "/docc rollback kubecon-2017 to=3");
    await slack.waitFor(() => slack.ephemerals("developer").length === 2);
    expect(lastHeard()).not.toContain("/invite");
    await developer().command("secret", "/docc rollback kubecon-2017 to=3");
    await heard("docc cannot see who is in this channel.");
    expect(lastHeard()).toContain("/invite @docc");
  });

  it("runs the words behind a mention, and answers in that thread to the asker alone", async () => {
    const { slack, stored } = harness;
    const root = await developer().say("deploys", "it is slow");
    await developer().say("deploys", "@docc rollback kubecon-2017 to=3", { threadTs: root.ts });
    await heard("Accepted: kubecon-2017");
    expect(slack.ephemerals("developer").at(-1)).toMatchObject({
      channel: "CDEPLOYS",
      threadTs: root.ts,
    });
    expect(slack.calls("chat.postMessage")).toEqual([]);
    expect([...stored.values()]).toMatchObject([{ kind: "rollback", channel: "CDEPLOYS" }]);
    await slack.redeliver();
    await developer().say("deploys", "@docc histroy kubecon-2017");
    await heard("Did you mean /docc history?");
    expect(stored.size).toBe(1);
    expect(slack.ephemerals("developer")).toHaveLength(2);
    expect(slack.ephemerals("developer").at(-1)?.threadTs).toBeUndefined();
  });

  it("explains itself to who says its name alone, with a button that opens the palette", async () => {
    const { slack } = harness;
    await developer().say("deploys", "@docc");
    await heard("Write a command behind my name");
    const answer = slack.ephemerals("developer").at(-1) ?? expect.fail("no answer");
    const palette = await (await developer().click(answer, "Choose a command")).opened();
    expect(palette.callbackId).toBe("palette");
  });

  it("opens for who asks for completion, and answers where that was asked", async () => {
    const { audits, slack, stored } = harness;
    const palette = await (await developer().command("deploys", "/docc completion")).opened();
    expect(palette.callbackId).toBe("palette");
    expect(slack.ephemerals("developer")).toEqual([]);
    await developer().click(palette, "palette:command", "rollback");
    const ready = await shown("arg.app");
    await developer().options("palette:app", "");
    await developer().submit(ready, { "arg.app": "kubecon-2017" });
    await heard("Accepted: kubecon-2017");
    expect([...stored.values()]).toMatchObject([{ channel: "CDEPLOYS" }]);
    expect(slack.calls("chat.postEphemeral")).toEqual([]);
    const again = await chosen("completion", '"completion"');
    const { view } = await developer().submit(again, {});
    expect(view?.callbackId).toBe("palette");
    expect(audits.map(({ command, outcome }) => `${command} ${outcome}`)).toEqual([
      "completion ok",
      "rollback ok",
      "completion ok",
    ]);
  });

  it("says how to get completion where no form can be opened, and by its near names", async () => {
    await developer().say("deploys", "@docc completion");
    await heard("In Slack, /docc alone opens a form that offers commands");
    expect(lastHeard()).toContain("docc completion bash");
    await developer().command("deploys", "/docc completon");
    await heard("Did you mean /docc completion?");
  });

  it("gives a button where a mention would need a form", async () => {
    const { slack } = harness;
    await developer().say("deploys", "@docc deploy");
    await slack.waitFor(() => slack.ephemerals("developer").length === 1);
    const answer = slack.ephemerals("developer").at(-1) ?? expect.fail("no answer");
    const form = await (await developer().click(answer, "Give its manifest")).opened();
    expect(form.callbackId).toBe("manifest_form");
  });

  it("asks for the name before it deletes, from the palette and behind a button of a mention", async () => {
    const { slack, stored } = harness;
    const palette = await chosen("delete", "arg.app");
    await developer().options("palette:app", "");
    await developer().submit(palette, { "arg.app": "kubecon-2017" });
    await shown("Type kubecon-2017 to delete it");
    await developer().say("deploys", "@docc delete kubecon-2017");
    await slack.waitFor(() => slack.ephemerals("developer").length === 1);
    const answer = slack.ephemerals("developer").at(-1) ?? expect.fail("no answer");
    const form = await (await developer().click(answer, "Go on")).opened();
    expect(form.callbackId).toBe("confirm_form");
    await developer().submit(form, { confirm: "kubecon-2017" });
    await heard("Accepted");
    expect([...stored.values()]).toMatchObject([{ kind: "delete", channel: "CDEPLOYS" }]);
  });

  it("hears no bot, no edit, and no stranger", async () => {
    const { slack, stored } = harness;
    const says = async (more: object): Promise<void> => {
      const text = "<@UDOCC> rollback kubecon-2017 to=3";
      await slack.event({ type: "app_mention", channel: "CDEPLOYS", text, ...more });
    };
    await says({ user: "UDEVELOPER", bot_id: "B1" });
    await says({ user: "UDOCC" });
    await says({ user: "UDEVELOPER", subtype: "bot_message" });
    await says({ user: "UDEVELOPER", edited: { user: "UDEVELOPER", ts: "1.000000" } });
    await says({ user: "UDEVELOPER", user_team: "T0OTHER" });
    await slack.waitFor(() => slack.ephemerals("developer").length === 1);
    expect(lastHeard()).toBe("docc serves the people of its own workspace only.");
    expect(stored.size).toBe(0);
  });

  it("looks closer at the release of a message of its own, in a modal", async () => {
    const { slack } = harness;
    const payload = { release: release.metadata.uid, name: release.metadata.name, key: "root" };
    const message = (user: string) =>
      slack.workspace.post({
        channel: "CDEPLOYS",
        user,
        isBot: user === "UDOCC",
        text: "2017 is live in production.",
        metadata: { event_type: "docc_message", event_payload: payload },
      });
    const ask = async (user: string): Promise<View> =>
      (await developer().messageShortcut(message(user), "docc_ask_message")).opened();
    const about = await ask("UDOCC");
    expect(slack.render({ text: "", blocks: about.blocks })).toContain(
      "About kubecon-2017 in production",
    );
    await developer().click(about, "History");
    await shown("Releases of kubecon-2017");
    expect(slack.views("developer")).toHaveLength(2);
    expect((await ask("UAPPROVER")).callbackId).toBe("palette");
  });
});

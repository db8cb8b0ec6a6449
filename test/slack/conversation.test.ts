import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { View } from "../../sandbox/slack/types.ts";
import { type Harness, startHarness } from "./harness.ts";

const manifest = '{\n  "application": "web"\n}\n';

describe.each(["socket", "http"] as const)("a conversation in %s mode", (mode) => {
  let harness: Harness;
  const formText = ({ blocks }: View) => harness.slack.render({ text: "", blocks });
  const lastHeard = (user: string): string => {
    const last = harness.slack.ephemerals(user).at(-1);
    return last === undefined ? "" : harness.slack.render(last);
  };
  const heard = (user: string, text: string): Promise<unknown> =>
    harness.slack.waitFor(() => lastHeard(user).includes(text));

  beforeEach(async () => {
    harness = await startHarness({ mode });
  });
  afterEach(async () => {
    await harness.stop();
  });

  it("answers a deploy in the acknowledgement, once it is stored", async () => {
    const { slack, stored, audits } = harness;
    await slack.as("developer").command("deploys", "/docc deploy web tag=2017");
    expect(lastHeard("developer")).toBe("Accepted: web. Its thread tells the rest.");
    expect([...stored.values()]).toMatchObject([
      {
        app: "web",
        words: { tag: "2017" },
        channel: "CDEPLOYS",
        requester: { provider: "slack", team: "T0DOCC", user: "UDEVELOPER" },
      },
    ]);
    expect(audits).toMatchObject([{ command: "deploy", user: "UDEVELOPER", outcome: "ok" }]);
    expect(audits[0]?.delivery).toMatch(/^command:/);
  });

  it("stores a delivery once that comes twice", async () => {
    const { slack, stored } = harness;
    await slack.as("developer").command("deploys", "/docc deploy web");
    await slack.redeliver();
    expect(stored.size).toBe(1);
  });

  it("accepts nothing that is not stored in time, and says so if it was after all", async () => {
    const { slack } = harness;
    const store = harness.holdStore();
    const asked = slack.as("developer").command("deploys", "/docc deploy web");
    await store.reached;
    await stepUntil(asked, harness);
    expect(lastHeard("developer")).toMatch(/^Not accepted: .* Please try again\./);
    store.release();
    await heard("developer", "Accepted: web");
  });

  it("acknowledges at once and answers later what it must ask for, to the asker alone", async () => {
    const { slack } = harness;
    const gesture = await slack.as("developer").command("deploys", "/docc logs web");
    expect(gesture.shown).toBeUndefined();
    await heard("developer", "The log of web.");
    expect(slack.messages("deploys")).toEqual([]);
    expect(JSON.stringify(slack.ephemerals("developer").at(-1)?.blocks)).toContain(
      "rich_text_preformatted",
    );
  });

  it("finds another way when the response URL fails", async () => {
    const { slack } = harness;
    slack.faults.add({ method: "response_url", kind: "status500", times: 1 });
    await slack.as("developer").command("deploys", "/docc logs web");
    await heard("developer", "The log of web.");
    expect(slack.calls("chat.postEphemeral")).toHaveLength(1);
  });

  it("writes a direct message where it cannot answer in the channel", async () => {
    const { slack } = harness;
    slack.faults.add({ method: "response_url", kind: "status500", times: 1 });
    await slack.as("developer").command("random", "/docc logs web");
    await slack.waitFor(() => slack.dms("developer").length > 0);
    expect(slack.dms("developer")[0]?.text).toBe("The log of web.");
  });

  it("helps with a mistyped word, in the acknowledgement", async () => {
    const { slack } = harness;
    await slack.as("developer").command("deploys", "/docc deplyo web");
    expect(lastHeard("developer")).toBe(
      'There is no command "deplyo".\nDid you mean /docc deploy?',
    );
  });

  it("says why it refuses, with what to do", async () => {
    const { slack } = harness;
    await slack.as("developer").command("deploys", "/docc refuse");
    expect(lastHeard("developer")).toBe("web is locked.\nAsk its owner.");
  });

  it("reads the words as they were typed, not as Slack sent them", async () => {
    const { slack, stored } = harness;
    await slack
      .as("developer")
      .command("deploys", '/docc deploy web reason="a < b & c" owner=@approver');
    expect([...stored.values()][0]?.words).toEqual({ reason: "a < b & c", owner: "UAPPROVER" });
  });

  it("serves nobody of another workspace", async () => {
    const { slack, stored } = harness;
    await slack.as("stranger").command("partners", "/docc deploy web");
    expect(lastHeard("stranger")).toBe("docc serves the people of its own workspace only.");
    expect(stored.size).toBe(0);
  });

  it("opens the form at once when the command needs a manifest, and takes a pasted one", async () => {
    const { slack, stored } = harness;
    const developer = slack.as("developer");
    const form = await (await developer.command("deploys", "/docc deploy")).opened();
    expect(formText(form)).toMatchInlineSnapshot(`
      "Manifest file (optional): [file_input]
      Or paste the manifest (optional): [plain_text_input]
      Words (optional): [tag=2017 scale=3]
      Changes to the manifest, as after /docc deploy."
    `);
    const bad = await developer.submit(form, { manifest: "{}" });
    expect(bad.errors).toEqual({
      manifest: "Not accepted: 1 error in the manifest. Line 1: application is missing. Add it.",
    });
    const missing = await developer.submit(form, { manifest: "" });
    expect(missing.errors).toEqual({ manifest: "Choose a file, or paste the manifest here." });
    const words = await developer.submit(form, { manifest, words: "a b c" });
    expect(words.errors["words"]).toContain("one word too many");
    const good = await developer.submit(form, { manifest, words: "tag=2017" });
    expect(good.errors).toEqual({});
    await heard("developer", "Accepted: your manifest.");
    expect([...stored.values()]).toMatchObject([{ words: { tag: "2017" }, channel: "CDEPLOYS" }]);
  });

  it("takes a file in the form and leaves it to be fetched later", async () => {
    const { slack, stored, edge } = harness;
    const developer = slack.as("developer");
    const form = await (
      await developer.command("deploys", "/docc deploy web")
    )
      .opened()
      .catch(() => undefined);
    expect(form).toBeUndefined();
    const opened = await (await developer.command("deploys", "/docc deploy")).opened();
    await developer.submit(opened, {}, { file: [{ name: "web.json", content: manifest }] });
    await heard("developer", "Accepted: your manifest.");
    const source = [...stored.values()].at(-1)?.source;
    const file = source?.type === "slack-file" ? source.file : "";
    const read = await edge.files.read(file);
    expect({ name: read.name, text: Buffer.from(read.text).toString() }).toEqual({
      name: "web.json",
      text: manifest,
    });
  });

  it("shows the button of an answer, and opens the form for its app", async () => {
    const { slack, stored } = harness;
    const developer = slack.as("developer");
    await developer.command("deploys", "/docc deploy unknown");
    const answer = slack.ephemerals("developer").at(-1) ?? expect.fail("no answer");
    const form = await (await developer.click(answer, "Give its manifest")).opened();
    expect(formText(form)).toContain("The manifest of unknown");
    await developer.submit(form, { manifest });
    await heard("developer", "Accepted: unknown.");
    expect([...stored.values()]).toMatchObject([{ app: "unknown", channel: "CDEPLOYS" }]);
  });

  it("checks a file that the form brings, after the acknowledgement", async () => {
    const { slack } = harness;
    const developer = slack.as("developer");
    const form = await (await developer.command("deploys", "/docc validate")).opened();
    await developer.submit(form, {}, { file: [{ name: "web.yaml", content: "application: web" }] });
    await heard("developer", "web.yaml has 16 bytes.");
  });

  it("takes the file of a message by its shortcut", async () => {
    const { slack, stored } = harness;
    const developer = slack.as("developer");
    const message = await developer.uploadToChannel("deploys", {
      name: "web.json",
      content: manifest,
    });
    const form = await (await developer.messageShortcut(message, "docc_deploy_message")).opened();
    expect(formText(form)).toContain("web.json");
    await developer.submit(form, {});
    await heard("developer", "Accepted: your manifest.");
    expect([...stored.values()]).toMatchObject([
      { source: { type: "slack-file", file: message.files[0] } },
    ]);
  });

  it("takes a code block of a message by its shortcut", async () => {
    const { slack, stored } = harness;
    const developer = slack.as("developer");
    const message = await developer.say("deploys", `try this\n\`\`\`\n${manifest}\`\`\``);
    const form = await (await developer.messageShortcut(message, "docc_deploy_message")).opened();
    expect(JSON.stringify(form.blocks)).toContain(JSON.stringify(manifest.trim()).slice(1, -1));
    await developer.submit(form, {});
    await heard("developer", "Accepted: your manifest.");
    expect(stored.size).toBe(1);
  });

  it("asks from nowhere which channel hears of it", async () => {
    const { slack, stored } = harness;
    const developer = slack.as("developer");
    const form = await (await developer.globalShortcut("docc_deploy_global")).opened();
    const missing = await developer.submit(form, { manifest });
    expect(Object.keys(missing.errors)).toEqual(["channel"]);
    await developer.submit(form, { manifest, channel: "CDEPLOYS" });
    await slack.waitFor(() => stored.size === 1);
    expect([...stored.values()]).toMatchObject([{ channel: "CDEPLOYS" }]);
    await slack.waitFor(() => slack.dms("developer").length === 1);
  });

  it("gives a bug a reference into the log, and closes the form that met it", async () => {
    const { slack, logged } = harness;
    const developer = slack.as("developer");
    const form = await (await developer.command("deploys", "/docc deploy")).opened();
    slack.workspace.views.put({ ...form, privateMetadata: "of another docc" });
    await developer.submit(form, { manifest });
    await slack.waitFor(() => slack.dms("developer").length === 1);
    expect(slack.dms("developer")[0]?.text).toContain("docc made a mistake, reference 80000000.");
    expect(slack.views("developer")).toEqual([]);
    expect(logged.some((line) => line.startsWith("error") && line.includes("80000000"))).toBe(true);
  });

  it("finishes what runs before it stops", async () => {
    const { slack } = harness;
    const store = harness.holdStore();
    const asked = slack.as("developer").command("deploys", "/docc deploy web");
    await store.reached;
    const stopping = harness.edge.stopIntake(3_000);
    store.release();
    await asked;
    expect(lastHeard("developer")).toContain("Accepted: web.");
    await stopping;
    expect(harness.edge.connected()).toBe(false);
  });

  it("logs a failed listener without payloads or tokens", async () => {
    const { slack, logged } = harness;
    slack.faults.add({ method: "views.open", kind: "status500", times: 1 });
    await slack.as("developer").command("deploys", "/docc deploy");
    await heard("developer", "Slack did not open the form in time.");
    const lines = logged.join("\n");
    for (const secret of [...Object.values(slack.credentials), "/respond/"]) {
      expect(lines).not.toContain(secret);
    }
  });
});

/** Steps the clock until the promise settles, as time would pass. */
async function stepUntil<T>(promise: Promise<T>, { clock }: Harness): Promise<T> {
  const ticking = setInterval(() => clock.step(500), 50);
  try {
    return await promise;
  } finally {
    clearInterval(ticking);
  }
}

describe("several environments", () => {
  it("are offered in the form, the asked one first", async () => {
    const harness = await startHarness({ mode: "socket", environments: ["staging", "production"] });
    try {
      const { slack, stored } = harness;
      const developer = slack.as("developer");
      const form = await (await developer.command("deploys", "/docc deploy")).opened();
      await developer.submit(form, { manifest, environment: "production" });
      await slack.waitFor(() => stored.size === 1);
      expect([...stored.values()]).toMatchObject([{ environment: "production" }]);
    } finally {
      await harness.stop();
    }
  });
});

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { renderView } from "../../sandbox/slack/render.ts";
import type { Ephemeral, View } from "../../sandbox/slack/types.ts";
import { registry } from "../../src/commands/registry.ts";
import { parseManifest } from "../../src/manifest/parse.ts";
import { defaultPlatform as platform } from "../../src/manifest/platform.ts";
import { type Harness, startHarness } from "./harness.ts";

const image = "registry.example.com/team/shop:1.0";

describe.each(["socket", "http"] as const)("a first manifest, in %s mode", (mode) => {
  let harness: Harness;
  beforeEach(async () => {
    harness = await startHarness({ mode, registry, environments: ["production", "staging"] });
  });
  afterEach(async () => {
    await harness.stop();
  });

  const developer = () => harness.slack.as("developer");
  const heard = (text: string): Promise<Ephemeral> =>
    harness.slack.waitFor(() =>
      harness.slack.ephemerals("developer").find((each) => JSON.stringify(each).includes(text)),
    );
  const opened = async (typed: string): Promise<View> =>
    (await developer().command("deploys", typed)).opened();

  it("is asked for in a form that begins with what was typed", async () => {
    const view = await opened(`/docc init shop image=${image} scheme=https`);
    expect(renderView(view)).toMatchInlineSnapshot(`
      "A first manifest
      This asks what the manifest is to say; nothing is deployed by it.
      Name of the application: [shop]
      Small letters, digits and hyphens. Kubernetes objects are named after it.
      Image, with its tag: [registry.example.com/team/shop:1.0]
      Later deploys change the tag alone.
      Port (optional): [8080]
      The one that it listens on. Leave it empty for a worker that listens on none.
      How it is reached from outside: [static_select]
      Host names (optional): [shop.example.com]
      Several with commas between. Left empty it is the name above, in example.com.
      Copies: [2]
      How many run at once.
      Memory of each copy (optional): [512Mi]
      Left empty it is 512Mi.
      Maintainer: [team@example.com]
      Who owns it and hears of trouble: an e-mail address, or a Slack id. Yours stands here.
      [Write it] [Cancel]"
    `);
  });

  it("has what is wrong under its input, and nothing is lost of it", async () => {
    const view = await opened("/docc init");
    const empty = await developer().submit(view, { scale: "" });
    expect(Object.keys(empty.errors)).toEqual(["app", "image", "scale"]);
    const wrong = {
      scale: "2",
      app: "Shop",
      image: "shop",
      port: "web",
      scheme: "http",
      maintainer: "@me",
    };
    const { errors } = await developer().submit(view, wrong);
    expect(errors).toMatchInlineSnapshot(`
      {
        "app": ""Shop" cannot name an application. Use lower-case letters, digits and hyphens, at most 50, with a letter first and no hyphen last.",
        "image": "The tag is missing: shop:1.0, for example.",
        "maintainer": ""@me" is no e-mail address and no Slack id. Names can be forged: give the id, like U0123456789; Slack shows it under Copy member ID.",
        "port": "A port is a number from 1 to 65535.",
      }
    `);
    const quotes = await developer().submit(view, { ...wrong, app: 'shop" in="production' });
    expect(quotes.errors).toEqual({ app: "Leave out the quotation marks." });
    expect(harness.stored.size).toBe(0);
  });

  it("keeps a team that was typed, which the form does not ask", async () => {
    const odd = await opened(`/docc init shop image=${image} team="Two Words"`);
    const { errors } = await developer().submit(odd, {});
    expect(errors["app"]).toMatch(/^Not written: 1 answer will not do\. team=: "Two Words" /u);
    const view = await opened(`/docc init shop image=${image} team=payments`);
    expect((await developer().submit(view, {})).errors).toEqual({});
    expect(harness.slack.render(await heard("is written"))).toContain('"team": "payments"');
  });

  it("comes as a file and as a form of a deploy that is filled in", async () => {
    const view = await opened(`/docc init shop image=${image} in=staging`);
    const given = { port: "8080", scheme: "https", maintainer: "shop@example.com" };
    const { errors } = await developer().submit(view, given);
    expect(errors).toEqual({});
    const answer = await heard("is written");
    expect(harness.slack.render(answer)).toMatchInlineSnapshot(`
      "The manifest of shop is written, and nothing is deployed yet.
      Deploy opens the form with it, where you choose the environment.
      Keep the file with the code: whoever changes more than tag and scale deploys it anew.
      manifest.json is in your direct messages with docc.
      manifest.json
        {
          "$schema": "./manifest.schema.json",
          "application": "shop",
          "maintainer": "shop@example.com",
          "scale": 2,
          "containers": {
            "shop": {
              "image": "registry.example.com/team/shop",
              "image_tag": "1.0",
              "ports": [
                8080
              ],
              "health": {
                "tcp": 8080
              },
              "memory": "512Mi"
            }
          },
          "ingresses": {
            "shop": {
              "scheme": "https",
              "container_port": 8080
            }
          },
          "auto_tls": true
        }
      [Deploy]"
    `);
    const [file = ""] = harness.slack.dms("developer").flatMap(({ files }) => files);
    const stored = harness.slack.workspace.file(file);
    expect(stored?.name).toBe("manifest.json");
    const text = stored?.content.toString() ?? "";
    expect(parseManifest(text, { platform }).findings).toEqual([]);
    const form = await (await developer().click(answer, "Deploy")).opened();
    expect(form.state["manifest"]?.["manifest"]).toMatchObject({ value: text });
    expect(form.state["environment"]?.["environment"]).toMatchObject({
      selected_option: { value: "staging" },
    });
    await developer().submit(form, {});
    await harness.slack.waitFor(() => harness.stored.size > 0);
    expect([...harness.stored.values()]).toMatchObject([
      { app: "shop", environment: "staging", kind: "deploy", source: { manifest: text } },
    ]);
    const outcomes = harness.audits.map(({ command, outcome }) => `${command} ${outcome}`);
    expect(outcomes).toEqual(["init ok", "init ok", "deploy ok"]);
  });

  it("is asked for behind a button where nothing can be opened", async () => {
    await developer().say("deploys", `@docc init shop image=${image}`);
    const answer = await heard("This asks what");
    const view = await (await developer().click(answer, "Go on")).opened();
    expect(view.state["image"]?.["image"]).toMatchObject({ value: image });
  });

  it("takes the place of the palette, and is told where that was opened for", async () => {
    const palette = await (await developer().globalShortcut("docc_palette")).opened();
    await developer().click(palette, "palette:command", "init");
    const chosen = await harness.slack.waitFor(() => {
      const view = harness.slack.views("developer").at(-1);
      return view !== undefined && JSON.stringify(view.blocks).includes("arg.app") && view;
    });
    const { view } = await developer().submit(chosen, { "arg.app": "shop", channel: "CDEPLOYS" });
    expect(view?.callbackId).toBe("questions_form");
    expect(view?.state["app"]?.["app"]).toMatchObject({ value: "shop" });
    if (view === undefined) throw new Error("no form");
    await developer().submit(view, { image });
    expect((await heard("is written")).channel).toBe("CDEPLOYS");
  });
});

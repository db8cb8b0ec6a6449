import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { textAt } from "../../sandbox/slack/json.ts";
import type { Suggestions } from "../../sandbox/slack/person.ts";
import type { View } from "../../sandbox/slack/types.ts";
import { command, say, uploadManifest } from "./main-job.ts";
import { reads, readsForm, rootIn } from "./reading.ts";
import { openStage, type Stage, type Target } from "./stage.ts";
import { steady } from "./steady.ts";

/** From an empty `/docc` to a release, by what docc offers. */
export function paletteJob(target: Target): void {
  describe(`the palette on the ${target.name}`, { timeout: 120_000 }, () => {
    let stage: Stage;
    beforeAll(async () => {
      stage = await openStage(target, "socket");
      await uploadManifest(stage, "4-tls.json", "tag=2016");
      expect(say(await stage.ended(1))).toBe("succeeded");
      await command(stage, "/docc deploy kubecon-2017 tag=2017");
      expect(say(await stage.ended(2))).toBe("succeeded");
    }, 120_000);
    afterAll(() => stage.close(), 60_000);

    /** Every word that a select offers, as a person reads it. */
    const offered = ({ options }: Suggestions): string =>
      steady(options.map((each) => textAt(each, "text") ?? "").join("\n"), stage);

    const shown = (text: string): Promise<View> =>
      stage.until(`a modal shows ${text}`, () => {
        const view = stage.slack.views("developer").at(-1);
        return JSON.stringify(view?.blocks ?? []).includes(text) ? view : undefined;
      });

    it("rolls back to a revision that was chosen from those that docc offers", async () => {
      const developer = stage.slack.as("developer");
      await developer.command("#deploys", "/docc");
      const palette = await shown('"command"');
      expect(readsForm(stage, palette)).toMatchInlineSnapshot(`
        "docc
        Command: [static_select]
        Choose a command; its fields follow.
        [Run] [Cancel]"
      `);
      await developer.click(palette, "palette:command", "rollback");
      const fields = await shown("arg.app");
      expect(readsForm(stage, fields)).toMatchInlineSnapshot(`
        "docc
        Command: [static_select]
        /docc rollback <app> [to=] [scale=] [in=] [reason=]
        App: [Choose, or type a part of it]
        the application's name
        To (optional): [Choose, or type a part of it]
        the revision; without it the one that succeeded last before what runs now
        Further words (optional): [key=value key=value]
        scale= another scale than today's: 3, or 2..10; reason= why, in a few words; shown with the release
        [Run] [Cancel]"
      `);
      const apps = await developer.options("palette:app", "kubcon");
      expect(offered(apps)).toMatchInlineSnapshot(`
        "kubecon-2017
        kubcon (as typed)"
      `);
      await developer.click(fields, "palette:app", "kubecon-2017");
      const ready = await shown(".kubecon-2017");
      const revisions = await developer.options("palette:success", "");
      expect(offered(revisions)).toMatchInlineSnapshot(`
        "2 (live): 2016 -> 2017, succeeded, TIME
        1 (rollback returns here): 2016, succeeded, TIME"
      `);
      const block = ready.blocks.find(({ block_id: id }) => String(id).startsWith("arg.to."));
      const { errors } = await developer.submit(ready, {
        [String(block?.["block_id"])]: "1",
        words: "reason=“2017 is slow”",
      });
      expect(errors).toEqual({});
      const release = await stage.ended(3);
      expect(say(release)).toBe("succeeded");
      expect(release.spec).toMatchObject({
        kind: "rollback",
        source: { type: "release", revision: 1 },
        reason: "2017 is slow",
        requester: { user: "UDEVELOPER" },
      });
      const root = await rootIn(stage, release.metadata.name, "succeeded", /2016 is live/);
      expect(root).toMatchInlineSnapshot(`
        "(Rollback of kubecon-2017 in production: 2016 is live in production. 3 of 3 ready and stable, SPAN.)
        kubecon-2017 -> production   2017 -> 2016, back to revision 1
        2016 is live in production. 3 of 3 ready and stable, SPAN.
        https://kubecon-2017.DOMAIN
        Asked by @developer, release 3: "2017 is slow"
        [Roll back to 2017] [Logs]"
      `);
    });

    it("takes a look from its thread, by a mention", async () => {
      const root = stage.roots()[2];
      await stage.slack
        .as("developer")
        .say("#deploys", "@docc status kubecon-2017", { threadTs: root?.ts ?? "" });
      const answer = await stage.until("the developer is told in the thread", () =>
        stage.slack.ephemerals("developer").find(({ threadTs }) => threadTs === root?.ts),
      );
      expect(reads(stage, answer)).toMatchInlineSnapshot(`
        "kubecon-2017 in production runs 2016, revision 3, 3 of 3 ready.
        Nothing is in flight.
        It is as docc left it."
      `);
    });

    it("looks closer at the release of a message, by the shortcut on that message", async () => {
      const developer = stage.slack.as("developer");
      const root = stage.roots()[2] ?? expect.fail("there is no third root message");
      await developer.messageShortcut(root, "docc_ask_message");
      const about = await shown("About *kubecon-2017*");
      expect(readsForm(stage, about)).toMatchInlineSnapshot(`
        "Ask docc
        About kubecon-2017 in production, release RELEASE:
        [Status] [Logs] [History] [What changes]
        [Close]"
      `);
      await developer.click(about, "What changes");
      const diff = await shown("Release 3");
      expect(readsForm(stage, diff)).toMatchInlineSnapshot(`
        "What changes
        Release 3 of kubecon-2017 in production: 2017 -> 2016.
        Plan 1, DIGEST. Values of variables and Secrets are never shown.
          Deployment kubecon-2017: changes
            container kubecon: image  2017 -> 2016
            label app.kubernetes.io/version  2017 -> 2016
            pod label app.kubernetes.io/version  2017 -> 2016
          Unchanged: 4 objects
        [Close]"
      `);
      await developer.close(diff, true);
    });

    it("opens for who asks for completion, and leads to the check of a pasted manifest", async () => {
      const developer = stage.slack.as("developer");
      await developer.command("#deploys", "/docc completion");
      await developer.click(await shown('"command"'), "palette:command", "validate");
      const fields = await shown("arg.app");
      expect(readsForm(stage, fields)).toMatchInlineSnapshot(`
        "docc
        Command: [static_select]
        /docc validate [app] [in=]
        App (optional): [Choose, or type a part of it]
        the application's name
        [Run] [Cancel]"
      `);
      await developer.submit(fields, {});
      const form = await shown("Or paste the manifest");
      expect(readsForm(stage, form)).toMatchInlineSnapshot(`
        "Check a manifest
        Manifest file (optional): [file_input]
        Or paste the manifest (optional): [plain_text_input]
        [Check] [Cancel]"
      `);
      const seen = stage.slack.ephemerals("developer").length;
      const manifest = '{\n  "application": "web",\n  "scale": "many"\n}';
      const { errors } = await developer.submit(form, { manifest });
      expect(errors).toEqual({});
      const answer = await stage.until("the developer is told what is wrong with it", () =>
        stage.slack.ephemerals("developer").at(seen),
      );
      expect(reads(stage, answer)).toMatchInlineSnapshot(`
        "The manifest is not valid: 3 errors.
          1:1 missing-key maintainer
              "maintainer" is missing.
              "maintainer" is who owns it: an e-mail address or a Slack id, or a list of up to ten.
          1:1 missing-key containers
              "containers" is missing.
              "containers" is an object of containers by name, each with image and image_tag.
          3:12 wrong-type scale
              "scale" must be a whole number or an object, but is the text "many".
              "scale" is how many copies run, a whole number, or {min, max} for an autoscaler."
      `);
    });
  });
}

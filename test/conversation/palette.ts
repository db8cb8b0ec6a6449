import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { View } from "../../sandbox/slack/types.ts";
import { command, rootSays, say, uploadManifest } from "./main-job.ts";
import { openStage, type Stage, type Target } from "./stage.ts";

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

    const shown = (text: string): Promise<View> =>
      stage.until(`a modal shows ${text}`, () => {
        const view = stage.slack.views("developer").at(-1);
        return JSON.stringify(view?.blocks ?? []).includes(text) ? view : undefined;
      });

    it("rolls back to a revision that was chosen from those that docc offers", async () => {
      const developer = stage.slack.as("developer");
      await developer.command("#deploys", "/docc");
      await developer.click(await shown('"command"'), "palette:command", "rollback");
      const fields = await shown("arg.app");
      const apps = await developer.options("palette:app", "kubcon");
      expect(apps.options[0]).toMatchObject({ value: "kubecon-2017" });
      await developer.click(fields, "palette:app", "kubecon-2017");
      const ready = await shown(".kubecon-2017");
      const revisions = await developer.options("palette:success", "");
      expect(revisions.options.map(({ value }) => value)).toEqual(["2", "1"]);
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
      await rootSays(stage, 3, /production {3}2017 -> 2016, back to revision 1$/m);
      await rootSays(stage, 3, /2016 is live in production/);
    });

    it("takes a look from its thread, by a mention", async () => {
      const root = stage.roots()[2];
      await stage.slack
        .as("developer")
        .say("#deploys", "@docc status kubecon-2017", { threadTs: root?.ts ?? "" });
      const answer = await stage.until("the developer is told in the thread", () =>
        stage.slack.ephemerals("developer").find(({ threadTs }) => threadTs === root?.ts),
      );
      expect(stage.slack.render(answer)).toMatch(/kubecon-2017 in production runs 2016/);
    });
  });
}

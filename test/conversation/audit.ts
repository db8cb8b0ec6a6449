import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AuditRecord } from "../../src/audit/record.ts";
import { recordsIn } from "../../src/audit/segment.ts";
import { type AuditStore, createAuditStore } from "../../src/k8s/audit-store.ts";
import { command, uploadManifest } from "./main-job.ts";
import { openStage, type Stage, type Target } from "./stage.ts";

/** Everything that people do is in the log, and docc says so to whoever asks. */
export function auditJob(target: Target): void {
  describe(`the audit log of a conversation on the ${target.name}`, { timeout: 120_000 }, () => {
    let stage: Stage;
    let store: AuditStore;
    beforeAll(async () => {
      const audit = { channel: "CSHOPTEAM", seal_after: "1m" };
      stage = await openStage({ ...target, top: { audit } }, "socket");
      store = createAuditStore(stage.world.api, stage.home);
    }, 120_000);
    afterAll(() => stage.close(), 60_000);

    /** All that is recorded, sealed or not, oldest first. */
    const records = async (): Promise<readonly AuditRecord[]> => {
      const waiting = await store.waiting(1_000);
      const all = new Map(waiting.map(({ record }) => [record.name, record]));
      for await (const segment of store.segments()) {
        for (const record of recordsIn(segment)) all.set(record.name, record);
      }
      return [...all.values()].toSorted((a, b) => (a.time < b.time ? -1 : 1));
    };
    const recorded = (what: string, isIt: (record: AuditRecord) => boolean) =>
      stage.until(`${what} is recorded`, async () => (await records()).find(isIt));
    const people = () => ({
      developer: stage.slack.as("developer"),
      guest: stage.slack.as("guest"),
    });

    it("has a deploy with who asked, its words and the Release", async () => {
      await uploadManifest(stage, "4-tls.json", "tag=2016");
      const release = await stage.ended(1);
      const found = await recorded(
        "the deploy",
        ({ release: name }) => name === release.metadata.name,
      );
      expect(found).toMatchObject({
        name: `request-${release.metadata.name}`,
        type: "command",
        word: "deploy",
        who: { provider: "slack", team: "T0DOCC", user: "UDEVELOPER" },
        environment: "production",
        channel: "CDEPLOYS",
        delivery: expect.stringMatching(/^view:/),
        words: ["tag=2016"],
        outcome: "ok",
      });
    });

    it("has what became of it", async () => {
      const end = await recorded("its end", ({ type }) => type === "end");
      expect(end).toMatchObject({ word: "succeeded", app: "kubecon-2017", outcome: "ok" });
      expect(end.digest).toMatch(/^sha256:/);
    });

    it("has refusals with their code, and no value that may be secret", async () => {
      await command(stage, "/docc deploy kubecon-2017 kubecon.env.PASSWORD=hunter2 scale=99999");
      const refused = await recorded("the refusal", ({ outcome }) => outcome === "bad-input");
      expect(refused).toMatchObject({
        word: "deploy",
        app: "kubecon-2017",
        words: ["kubecon.env.PASSWORD=", "scale=99999"],
      });
      await command(stage, "/docc deply kubecon-2017 env.PASSWORD=hunter2");
      await recorded("a word that is none", ({ word }) => word === "unknown");
      await command(stage, "/docc logs");
      await recorded("a command without its app", ({ word }) => word === "logs");
      expect(JSON.stringify(await records())).not.toContain("hunter2");
    });

    it("has a guest's click, which did nothing", async () => {
      const [root] = stage.roots();
      if (root === undefined) throw new Error("there is no root message");
      await people().guest.click(root, "Logs");
      const refused = await recorded("the click", ({ who }) => who.user === "UGUEST");
      expect(refused).toMatchObject({
        word: "logs",
        app: "kubecon-2017",
        who: { provider: "slack", team: "T0DOCC" },
        delivery: expect.stringMatching(/^action:/),
        outcome: "not-allowed",
      });
    });

    it("has a guest's click for the form", async () => {
      await people().guest.globalShortcut("docc_deploy_global");
      await recorded(
        "the shortcut",
        ({ who, word, outcome }) =>
          who.user === "UGUEST" && word === "deploy" && outcome === "not-allowed",
      );
    });

    it("has a delivery once that came twice", async () => {
      await command(stage, "/docc deploy kubecon-2017 tag=2017");
      await stage.slack.redeliver();
      const release = await stage.ended(2);
      await recorded("the deploy", ({ release: name }) => name === release.metadata.name);
      await command(stage, "/docc help");
      await stage.slack.redeliver();
      await command(stage, "/docc list");
      await recorded("what came after it", ({ word }) => word === "list");
      const all = await records();
      expect(all.filter(({ word }) => word === "help")).toHaveLength(1);
      expect(
        all.filter(({ word, words }) => word === "deploy" && words?.[0] === "tag=2017"),
      ).toHaveLength(1);
    });

    it("is shown to whoever asks, to them alone, newest first", async () => {
      await stage.until("both ends are recorded", async () => {
        const ends = (await records()).filter(({ type }) => type === "end");
        return ends.length === 2 ? true : undefined;
      });
      await command(stage, "/docc audit kubecon-2017");
      const answer = await stage.until("the answer", () => {
        const texts = stage.slack.ephemerals("developer").map((each) => stage.slack.render(each));
        return texts.find((text) => text.includes("times in UTC"));
      });
      const steady = answer
        .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, "YYYY-MM-DD hh:mm:ss")
        .replaceAll(/-[0-9a-f]{12}\b/g, "-HASH");
      expect(`\n${steady}\n`).toMatchInlineSnapshot(`
        "
        The 6 latest records of kubecon-2017, times in UTC.
        When | Who | What | Outcome
        YYYY-MM-DD hh:mm:ss | docc | succeeded: kubecon-2017 in production kubecon-2017-HASH | ok
        YYYY-MM-DD hh:mm:ss | @developer | deploy kubecon-2017 in production tag=2017 | ok
        YYYY-MM-DD hh:mm:ss | @guest | logs kubecon-2017 in production | not-allowed
        YYYY-MM-DD hh:mm:ss | @developer | deploy kubecon-2017 in production kubecon.env.PASSWORD= scale=99999 | bad-input
        YYYY-MM-DD hh:mm:ss | docc | succeeded: kubecon-2017 in production upload-HASH | ok
        YYYY-MM-DD hh:mm:ss | @developer | deploy in production tag=2016 | ok
        "
      `);
    });

    it("is sealed, and its head is posted", async () => {
      const text = await stage.until("the post", () =>
        stage.slack
          .messages("#shop-team")
          .map((each) => stage.read(each))
          .find((each) => each.includes("Audit log sealed")),
      );
      expect(text).toMatch(
        /^Audit log sealed: segment \d+, \d+ records?, head sha256:[0-9a-f]{64}$/,
      );
    });

    it("holds no manifest, whatever came along", async () => {
      expect(JSON.stringify(await records())).not.toContain("registry.corp.example.com");
    });
  });
}

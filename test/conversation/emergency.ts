import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAuditStore } from "../../src/k8s/audit-store.ts";
import { deployed, ownedBy } from "./deciding.ts";
import { command, rootSays, say, threadSays, uploadFile, uploadManifest } from "./main-job.ts";
import { rootIn } from "./reading.ts";
import { openStage, type Stage, type Target } from "./stage.ts";

/** Frozen at all times, with an approval that nobody gives. */
const settings = {
  approval: { count: 1, from: ["maintainers"] },
  freezes: [{ from: "0 * * * *", lasts: "70m", reason: "the keynote" }],
};

/** An environment that is frozen: what waits, what is refused, and what goes past the rules for whom. */
export function emergencyJob(target: Target): void {
  describe(`a freeze, and what goes past it, on the ${target.name}`, { timeout: 120_000 }, () => {
    let stage: Stage;
    beforeAll(async () => {
      const top = { operators: ["UDEVELOPER"] };
      stage = await openStage({ ...target, settings, top }, "socket");
    }, 120_000);
    afterAll(() => stage.close(), 60_000);

    it("lets an operator deploy in an emergency without anybody's yes", async () => {
      await uploadManifest(stage, "4-tls.json", 'tag=2016 emergency="the site is down"');
      const release = await stage.ended(1);
      expect(say(release)).toBe("succeeded");
      expect(release.status?.approvals).toBeUndefined();
      expect(release.status?.plan?.policy).toMatchObject({ approvals: 0, emergency: true });
      await threadSays(stage, 1, /^Emergency by @developer, past approval, .*: the site is down/);
      const root = await rootIn(stage, release.metadata.name, "succeeded", /2016 is live/);
      expect(root).toMatchInlineSnapshot(`
        "(Deploy of kubecon-2017 to production: 2016 is live in production. 3 of 3 ready and stable, SPAN.)
        kubecon-2017 -> production   2016
        2016 is live in production. 3 of 3 ready and stable, SPAN.
        https://kubecon-2017.DOMAIN
        Asked by @developer, release 1, an emergency: "the site is down"
        [Logs]"
      `);
    });

    it("tells the owners of what is live, in the thread and by mention", async () => {
      await uploadManifest(stage, "4-tls.json", 'tag=2017 emergency="still down"');
      expect(say(await stage.ended(2))).toBe("succeeded");
      await threadSays(stage, 2, /^@maintainer: emergency by @developer, .*: still down/);
    });

    it("keeps who set the rules aside, and why, in the audit log", async () => {
      const store = createAuditStore(stage.world.api, stage.home);
      const asked = await stage.until("the emergency is recorded", async () =>
        (await store.waiting(1_000))
          .map(({ record }) => record)
          .find(({ reason }) => reason === "emergency: still down"),
      );
      expect(asked).toMatchObject({ who: { user: "UDEVELOPER" }, word: "deploy", outcome: "ok" });
    });

    it("refuses a deploy, and says until when and why", async () => {
      await command(stage, "/docc deploy kubecon-2017 tag=2016", "approver");
      const release = await stage.ended(3);
      expect(say(release)).toBe("refused: frozen");
      await rootSays(
        stage,
        3,
        /production is frozen until \d{4}-\d\d-\d\d \d\d:\d\d UTC \(the keynote\)/,
      );
      expect(await deployed(stage)).toMatch(/:2017$/);
    });

    it("does not take an emergency from somebody who may not call it", async () => {
      await command(stage, '/docc deploy kubecon-2017 tag=2016 emergency="me too"', "approver");
      await stage.ended(4);
      await rootSays(stage, 4, /who asked may not set the rules of production aside/);
      const refused = (await stage.releases()).find(({ spec }) => spec.emergency === "me too");
      expect(refused && say(refused)).toBe("refused: not-entitled");
      expect(refused?.status?.revision).toBeUndefined();
      expect(await deployed(stage)).toMatch(/:2017$/);
    });

    it("lets a rollback through", async () => {
      await command(stage, "/docc rollback kubecon-2017", "approver");
      expect(say(await stage.ended(5))).toBe("succeeded");
      expect(await deployed(stage)).toMatch(/:2016$/);
    });

    it("tells those whose app it is, not those whom the new manifest names", async () => {
      await uploadFile(
        stage,
        { name: "mine.json", content: await ownedBy("approver@corp.example.com") },
        'tag=2018 emergency="mine now"',
      );
      await threadSays(stage, 6, /^@maintainer: emergency by @developer, .*: mine now/);
    });
  });
}

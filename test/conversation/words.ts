import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { command, say, uploadManifest } from "./main-job.ts";
import { recordApps } from "./many-apps.ts";
import { heard } from "./reading.ts";
import { openStage, type Stage, type Target } from "./stage.ts";

/** Every word that only looks, what holds an app still, and what docc cannot do, as the asker alone reads it. */
export function wordsJob(target: Target): void {
  describe(`what the words answer on the ${target.name}`, { timeout: 120_000 }, () => {
    let stage: Stage;
    beforeAll(async () => {
      stage = await openStage(target, "socket");
      await uploadManifest(stage, "3-ingress.json", "tag=2016");
      expect(say(await stage.ended(1))).toBe("succeeded");
      await command(stage, "/docc deploy kubecon-2017 tag=2017 scale=2");
      expect(say(await stage.ended(2))).toBe("succeeded");
    }, 120_000);
    afterAll(() => stage.close(), 60_000);

    const read = (typed: string): Promise<string> => heard(stage, typed);

    /** What is said once the release before has left nothing behind. */
    const readWithout = (typed: string, left: string): Promise<string> =>
      stage.until(`${typed} says nothing of ${left}`, async () => {
        const now = await read(typed);
        return now.includes(left) ? undefined : now;
      });

    /** What is said once docc's watch has caught up with what the test wrote. */
    const readOnce = (typed: string, told: string): Promise<string> =>
      stage.until(`${typed} says ${told}`, async () => {
        const now = await read(typed);
        return now.includes(told) ? now : undefined;
      });

    it("lists what runs", async () => {
      expect(await readWithout("list", "2016 -> 2017")).toMatchInlineSnapshot(`
        "docc runs 1 app.
        App | Environment | Health | Image | Scale | Revision | Maintainer | Age
        kubecon-2017 | production | healthy, 2 of 2 | kubecon:2017 | 2 | 2 | kubecon-team@corp.example.com | SPAN"
      `);
      expect(await read("list health=unhealthy")).toMatchInlineSnapshot(
        `"docc runs no app with health=unhealthy."`,
      );
    });

    it("shows manifests, of now and of then", async () => {
      expect(await read("show kubecon-2017")).toMatchInlineSnapshot(`
        "The manifest of kubecon-2017 in production, revision 2.
        kubecon-2017.json
          {
            "application": "kubecon-2017",
            "auto_tls": false,
            "containers": {
              "kubecon": {
                "image": "registry.corp.example.com/demo/kubecon",
                "image_tag": "2017",
                "ports": [
                  8080
                ]
              }
            },
            "ingresses": {
              "kubecon-2017": {
                "container_port": 8080,
                "scheme": "http"
              }
            },
            "maintainer": [
              "kubecon-team@corp.example.com"
            ],
            "scale": 2
          }"
      `);
      expect(await read("show kubecon-2017 revision=1 as=yaml")).toMatchInlineSnapshot(`
        "The manifest of kubecon-2017 in production, revision 1.
        kubecon-2017.yaml
          application: kubecon-2017
          auto_tls: false
          containers:
            kubecon:
              image: registry.corp.example.com/demo/kubecon
              image_tag: "2016"
              ports:
                - 8080
          ingresses:
            kubecon-2017:
              container_port: 8080
              scheme: http
          maintainer:
            - kubecon-team@corp.example.com
          scale: 3"
      `);
    });

    it("inspects an app on one screen", async () => {
      expect(await readWithout("inspect kubecon-2017", "| Terminating |")).toMatchInlineSnapshot(`
        "(kubecon-2017 in production is well: 2 of 2 ready.
        url: http://kubecon-2017.DOMAIN)
        kubecon-2017 in production is well: 2 of 2 ready.
        Revision 2 (2017), released TIME UTC by @developer: succeeded.
        Image of kubecon: registry.corp.example.com/demo/kubecon:2017
        Ingress kubecon-2017: http://kubecon-2017.DOMAIN
        Last events, times in UTC:
        Owner: kubecon-team@corp.example.com.
        Pod | State | Ready | Restarts | Age
        POD | Running | 1 of 1 | 0 | SPAN
        POD | Running | 1 of 1 | 0 | SPAN
        [url]"
      `);
    });

    it("reads events and logs", async () => {
      expect(await read("events kubecon-2017")).toMatchInlineSnapshot(`
        "Recent events of kubecon-2017 in production, newest first.
        kubecon-2017.events"
      `);
      expect(await read("logs kubecon-2017 lines=1")).toMatchInlineSnapshot(`
        "The last line of kubecon-2017 in production.
        kubecon-2017.log (UTC)
          TIME POD  listening on :8080
        [Share]"
      `);
    });

    it("opens links", async () => {
      expect(await read("open kubecon-2017")).toMatchInlineSnapshot(`
        "(Links of kubecon-2017 in production.
        url: http://kubecon-2017.DOMAIN)
        Links of kubecon-2017 in production.
        [url]"
      `);
    });

    it("tells what happened", async () => {
      expect(await read("history kubecon-2017")).toMatchInlineSnapshot(`
        "Releases of kubecon-2017 in production, newest first, times in UTC.
        Revision | When | By | What | Outcome | Took
        2 (live) | TIME | @developer | 2016 -> 2017 scale=2 | succeeded | SPAN
        1 (rollback returns here) | TIME | @developer | 2016 | succeeded | SPAN"
      `);
      expect(await read("diff kubecon-2017")).toMatchInlineSnapshot(`
        "Release 2 of kubecon-2017 in production: 2016 -> 2017.
        Known risk: scales down from 3 to 2.
        Plan 1, DIGEST. Values of variables and Secrets are never shown.
        RELEASE.diff
          Deployment kubecon-2017: changes
            container kubecon: image  2016 -> 2017
            replicas  3 -> 2
            label app.kubernetes.io/version  2016 -> 2017
            pod label app.kubernetes.io/version  2016 -> 2017
          Unchanged: 3 objects"
      `);
    });

    it("tells where things stand", async () => {
      expect(await read("status")).toMatchInlineSnapshot(
        `"Nothing is in flight, and nothing waits."`,
      );
      expect(await read("status kubecon-2017")).toMatchInlineSnapshot(`
        "kubecon-2017 in production runs 2017, revision 2, 2 of 2 ready.
        Nothing is in flight.
        It is as docc left it."
      `);
    });

    it("checks by today's rules", async () => {
      expect(await read("validate kubecon-2017")).toMatchInlineSnapshot(`
        "The manifest of kubecon-2017 in production is valid: 2 warnings.
          1:62 warning no-health containers.kubecon
              Nothing says when kubecon is well: it gets traffic as soon as its port opens.
              Add "health": {"path": "/healthz"}, or what the container has.
          1:62 warning no-memory containers.kubecon
              kubecon does not say what memory it needs: beyond 512Mi it is killed.
              Say what one copy needs, like "memory": "512Mi"."
      `);
    });

    it("locks, and unlocks", async () => {
      expect(await read('lock kubecon-2017 for=2h reason="the keynote"')).toMatchInlineSnapshot(`
        "Locked kubecon-2017 in production until TIME UTC: the keynote.
        Your own releases do not end it. Rollbacks are not held up by it."
      `);
      expect(await read("status kubecon-2017")).toMatchInlineSnapshot(`
        "kubecon-2017 in production runs 2017, revision 2, 2 of 2 ready.
        Nothing is in flight.
        It is as docc left it.
        Locked by @developer until TIME UTC: the keynote"
      `);
      expect(await read("unlock kubecon-2017")).toMatchInlineSnapshot(
        `"Unlocked kubecon-2017 in production."`,
      );
    });

    it("says why it does nothing", async () => {
      expect(await read("cancel kubecon-2017")).toMatchInlineSnapshot(`
        "No release of kubecon-2017 is under way in production.
        Another environment is named with in=."
      `);
      expect(await read("approve kubecon-2017")).toMatchInlineSnapshot(`
        "No release of kubecon-2017 waits for approval in production.
        Another environment is named with in=."
      `);
      expect(await read("rollback kubecon-2017 to=9")).toMatchInlineSnapshot(`
        "There is no revision 9 of kubecon-2017 in production.
        These succeeded, and to= takes their number: 2 (2017), 1 (2016)."
      `);
      expect(await read("restart kubecon-2018")).toMatchInlineSnapshot(`
        "docc has no kubecon-2018 in production.
        Did you mean kubecon-2017?"
      `);
      expect(await read("delete kubecon-2018")).toMatchInlineSnapshot(`
        "docc has no kubecon-2018 in production.
        Did you mean kubecon-2017?"
      `);
      expect(await read("update kubecon-2017 colour=red")).toMatchInlineSnapshot(`
        "Not accepted: 1 error in the words.
          unknown-word
              "colour=" changes nothing in a manifest.
              A manifest is changed by tag=, digest=, scale=, cpu=, memory=, env.NAME=."
      `);
    });

    it("helps", async () => {
      expect(await read("help restart")).toMatchInlineSnapshot(`
        "/docc restart <app> [in=] [reason=]: Replace the pods of an app one after another, at the same version.
        app  the application's name
        in=  the environment; without it the default that config shows
        reason=  why, in a few words; shown with the release
        Who may: Everybody may ask; it is planned and applied for the environment's deployers, not past another person's lock. Freezes do not hold it up, and approvers are asked only where approval.rollbacks is true.
        Example: /docc restart kubecon-2017
        Example: /docc restart kubecon-2017 in=production reason="stale cache""
      `);
    });

    it("lists by pages, and by team", async () => {
      const environment = "production";
      await recordApps(stage, 50, { environment });
      await recordApps(stage, 2, { environment, team: "market" });
      expect(await readOnce("list page=2", "of 53.")).toMatchInlineSnapshot(`
        "docc runs 53 apps.
        Page 2 of 2: 51 to 53 of 53.
        App | Environment | Health | Image | Scale | Revision | Maintainer | Age
        shop-7 | production | unhealthy, gone | kubecon:2017 | 3 | 8 | dev@example.com | unknown
        shop-8 | production | unhealthy, gone | kubecon:2017 | 3 | 8 | dev@example.com | unknown
        shop-9 | production | unhealthy, gone | kubecon:2017 | 3 | 8 | dev@example.com | unknown"
      `);
      expect(await read("list page=3")).toMatchInlineSnapshot(`
        "There is no page 3: the list has 2.
        The last: /docc list page=2"
      `);
      expect(await read("list team=market")).toMatchInlineSnapshot(`
        "docc runs 2 apps with team=market.
        App | Environment | Health | Image | Scale | Revision | Maintainer | Age
        market-1 | production | unhealthy, gone | kubecon:2017 | 3 | 8 | dev@example.com | unknown
        market-2 | production | unhealthy, gone | kubecon:2017 | 3 | 8 | dev@example.com | unknown"
      `);
      expect(await read("list team=markt")).toMatchInlineSnapshot(`
        "docc runs no app with team=markt.
        Did you mean team=market?"
      `);
    });

    it("keeps the record of it", async () => {
      expect(await read("audit kubecon-2017 lines=5")).toMatchInlineSnapshot(`
        "The 5 latest records of kubecon-2017, times in UTC.
        When | Who | What | Outcome
        TIME | @developer | update kubecon-2017 in production colour= | bad-input
        TIME | @developer | rollback kubecon-2017 in production to=9 | not-found
        TIME | @developer | unlock kubecon-2017 in production | ok
        TIME | @developer | status kubecon-2017 | ok
        TIME | @developer | lock kubecon-2017 in production for=2h: "the keynote" | ok"
      `);
    });
  });
}

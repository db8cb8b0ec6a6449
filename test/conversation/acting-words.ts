import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { View } from "../../sandbox/slack/types.ts";
import { deployments } from "../../src/k8s/kinds.ts";
import { foreign } from "./foreign.ts";
import { answerTo, command } from "./main-job.ts";
import { heard, hearsAt, made, reads, readsForm, rootIn, story } from "./reading.ts";
import { openStage, type Stage, type Target } from "./stage.ts";

const image = "registry.corp.example.com/demo/kubecon";

/**
 * Every word that acts, typed once where somebody else must approve: what who types is told, what the channel reads
 * when it is over, and the refusals that people meet most. One story, told in order.
 */
export function actingWordsJob(target: Target): void {
  describe(`what is read of the words that act on the ${target.name}`, { timeout: 120_000 }, () => {
    let stage: Stage;
    /** The name of the last release. */
    let release = "";
    beforeAll(async () => {
      const settings = {
        channel: "CDEPLOYS",
        approval: { count: 1, from: ["SKUBECON"] },
        deployers: ["UDEVELOPER", "UMAINTAINER"],
      };
      stage = await openStage({ ...target, settings }, "socket");
    }, 120_000);
    afterAll(() => stage.close(), 60_000);

    const hears = (typed: string, who?: string): Promise<string> => heard(stage, typed, who);
    /** The answer to words that make a release, which is the one spoken of from here on. */
    const asks = async (typed: string, who?: string): Promise<string> => {
      let answer = "";
      release = await made(stage, async () => {
        answer = await hears(typed, who);
      });
      return answer;
    };
    const waits = (): Promise<string> => rootIn(stage, release, "awaiting-approval", /\[Approve\]/);
    const form = (callback: string): Promise<View> =>
      stage.until(`${callback} opens`, () =>
        stage.slack.views("developer").find(({ callbackId }) => callbackId === callback),
      );
    const live = (last = /Watching/) =>
      story(stage, release, "succeeded", { root: /is live/, last });

    describe("init", () => {
      it("asks by a form, and says under its inputs what will not do", async () => {
        await command(stage, `/docc init web image=${image}`);
        const view = await form("questions_form");
        expect(readsForm(stage, view)).toMatchInlineSnapshot(`
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
          Several with commas between. Left empty it is the name above, in DOMAIN.
          Copies: [2]
          How many run at once.
          Memory of each copy (optional): [512Mi]
          Left empty it is 512Mi.
          Maintainer: [team@example.com]
          Who owns it and hears of trouble: an e-mail address, or a Slack id. Yours stands here.
          [Write it] [Cancel]"
        `);
        const given = { port: "http", scheme: "http", hosts: "not a host" };
        const { errors } = await stage.slack.as("developer").submit(view, given);
        expect(errors).toMatchInlineSnapshot(`
          {
            "hosts": ""not" is no host name. Write it like shop.example.com.",
            "image": "The tag is missing: registry.corp.example.com/demo/kubecon:1.0, for example.",
            "port": "A port is a number from 1 to 65535.",
          }
        `);
        await stage.slack.as("developer").close(view);
      });

      it("writes what was said already, or says what is missing", async () => {
        expect(await hears(`init web image=${image}:2017 port=8080 write=true`))
          .toMatchInlineSnapshot(`
          "The manifest of web is written, and nothing is deployed yet.
          Deploy opens the form with it, where you choose the environment.
          Keep the file with the code: whoever changes more than tag and scale deploys it anew.
          manifest.json is in your direct messages with docc.
          manifest.json
            {
              "$schema": "./manifest.schema.json",
              "application": "web",
              "maintainer": "UDEVELOPER",
              "scale": 2,
              "containers": {
                "web": {
                  "image": "registry.corp.example.com/demo/kubecon",
                  "image_tag": "2017",
                  "ports": [
                    8080
                  ],
                  "health": {
                    "tcp": 8080
                  },
                  "memory": "512Mi"
                }
              }
            }
          [Deploy]"
        `);
        expect(await hears(`init web image=${image} port=http write=true`)).toMatchInlineSnapshot(`
          "Not written: 2 answers will not do.
          image=: The tag is missing: registry.corp.example.com/demo/kubecon:1.0, for example.
          port=: A port is a number from 1 to 65535."
        `);
      });

      it("writes down what runs without docc", async () => {
        await stage.world.api.create(deployments, foreign("shop", stage.apps, `${image}:2016`));
        expect(await hears("init from=deployment/shop")).toMatchInlineSnapshot(`
          "Deployment shop in production, as a manifest. Nothing is changed.
          Under docc this will be otherwise:
          - "shop" says nothing usable about memory: docc lets it use 512Mi, and beyond it is killed.
          - Nothing says which user "shop" runs as, and docc does not start images as root: give it run_as_user, or run_as_root where the operator allows that.
          - The selector of Deployment/shop is not docc's and can never be changed: docc makes a Deployment of its own, with new pods.
          - docc touches no objects that it did not make, and Deployment/shop would be in its way: either somebody deletes them before its first deploy, or the application gets another name and the traffic moves over.
          The manifest does not say this of what runs now:
          - Deployment/shop spec.template.metadata.labels: A manifest has no labels of its own: "app" is left out.
          It cannot be taken over: Deployment shop finds its pods by app=shop, docc would by app.kubernetes.io/instance=shop and app.kubernetes.io/name=shop, and Kubernetes lets nobody change that. To go on: deploy it beside the old one under a new name, lead its callers there, then delete the old one.
          manifest.yaml is in your direct messages with docc.
          manifest.yaml
            application: shop
            maintainer: UDEVELOPER
            scale: 1
            containers:
              shop:
                image: registry.corp.example.com/demo/kubecon
                image_tag: "2016"
                writable: []
                read_only: false"
        `);
        expect(await hears("init from=deployment/shp")).toMatchInlineSnapshot(`
          "There is no Deployment "shp" in the namespace "NAMESPACE".
          Did you mean "shop"?"
        `);
        expect(await hears("init from=pod/shop")).toMatchInlineSnapshot(`
          ""pod/shop" is no Deployment, and docc runs nothing else.
          Write from=deployment/NAME."
        `);
        expect(await hears("init from=deployment/shop", "approver")).toMatchInlineSnapshot(`
          "Only those who may deploy to production read it there.
          Ask one of them, or docc's operators."
        `);
      });
    });

    describe("deploy and approve", () => {
      it("asks for the manifest of an app that docc does not know", async () => {
        const answer = await answerTo(stage, "/docc deploy kubecon-2017 tag=2016");
        expect(reads(stage, answer)).toMatchInlineSnapshot(`
          "docc does not know kubecon-2017 in production yet: its first deploy needs its manifest.
          [Give its manifest]"
        `);
        expect(await hears("deploy kubecon-2017 tag=2016", "guest")).toMatchInlineSnapshot(
          `"docc serves full members of the workspace, not guests."`,
        );
        await stage.slack.as("developer").click(answer, "Give its manifest");
        const view = await form("manifest_form");
        expect(readsForm(stage, view)).toMatchInlineSnapshot(`
          "Deploy
          The manifest of kubecon-2017
          Manifest file (optional): [file_input]
          Or paste the manifest (optional): [plain_text_input]
          Words (optional): [tag=2017 scale=3]
          Changes to the manifest, as after /docc deploy.
          [Deploy] [Cancel]"
        `);
        const content = await readFile(new URL("../../examples/3-ingress.json", import.meta.url));
        const file = [{ name: "3-ingress.json", content }];
        const words = { words: "tag=2016 scale=2" };
        release = await made(stage, async () => {
          const { errors } = await stage.slack.as("developer").submit(view, words, { file });
          expect(errors).toEqual({});
        });
      });

      it("shows the plan, and asks who may approve", async () => {
        expect(await waits()).toMatchInlineSnapshot(`
          "(Approval needed: kubecon-2017 2016 in production, by @developer. 4 changes, no known risk.)
          kubecon-2017 -> production   2016
          Waiting for approval.
          New: Service, PodDisruptionBudget, Deployment, Ingress.
          Known risks: none.
          Any 1 of @kubecon-team, until TIME UTC.
          Asked by @developer, release RELEASE
          [Approve] [Reject] [View diff] [Cancel]"
        `);
        const direct = await stage.until("the approver is asked", () =>
          stage.slack.dms("approver").at(-1),
        );
        expect(reads(stage, direct)).toMatchInlineSnapshot(`
          "Approval needed: kubecon-2017 2016 in production, by @developer. 4 changes, no known risk.
          New: Service, PodDisruptionBudget, Deployment, Ingress.
          Known risks: none.
          Release RELEASE. Its thread is in #deploys.
          [Approve] [Reject] [View diff] [Cancel]"
        `);
      });

      it("takes no yes of who asked, nor of a guest", async () => {
        expect(await hears("approve kubecon-2017")).toMatchInlineSnapshot(`
          "You asked for this, so somebody else must approve it.
          About kubecon-2017 in production: 2016 scale=2."
        `);
        expect(await hearsAt(stage, release, "Approve")).toMatchInlineSnapshot(`
          "You asked for this, so somebody else must approve it.
          About kubecon-2017 in production: 2016 scale=2."
        `);
        expect(await hears("approve kubecon-2017", "guest")).toMatchInlineSnapshot(
          `"docc serves full members of the workspace, not guests."`,
        );
      });

      it("goes on by one yes, and no second one counts", async () => {
        expect(await hears("approve kubecon-2017", "approver")).toMatchInlineSnapshot(
          `"Approved: kubecon-2017 in production. Its thread tells the rest."`,
        );
        expect(await hears(`approve ${release}`, "maintainer")).toMatchInlineSnapshot(`
          "Already approved by @approver.
          About kubecon-2017 in production: 2016 scale=2."
        `);
        expect(await live()).toMatchInlineSnapshot(`
          "(Deploy of kubecon-2017 to production: 2016 is live in production. 2 of 2 ready and stable, SPAN.)
          kubecon-2017 -> production   2016
          2016 is live in production. 2 of 2 ready and stable, SPAN.
          http://kubecon-2017.DOMAIN
          Asked by @developer, release 1
          [Logs]
          └ @kubecon-team: Approval needed: kubecon-2017 2016 in production, by @developer. 4 changes, no known risk.
          └ Approved by @approver.
          └ Applied 4 objects.
          └ 2 of 2 ready. Watching SPAN before the verdict."
        `);
        expect(await hears(`approve ${release}`, "maintainer")).toMatchInlineSnapshot(`
          "It is over already: succeeded, approved by @approver.
          About kubecon-2017 in production: 2016 scale=2."
        `);
        const direct = await stage.until("the direct message is decided", () => {
          const last = stage.slack.dms("approver").at(-1);
          return last !== undefined && stage.read(last).includes("Approved") ? last : undefined;
        });
        expect(reads(stage, direct)).toMatchInlineSnapshot(`
          "(Approved by @approver. It was about: Approval needed: kubecon-2017 2016 in production, by @developer. 4 changes, no known risk.)
          Approval needed: kubecon-2017 2016 in production, by @developer. 4 changes, no known risk.
          Approved by @approver.
          Release RELEASE. Its thread is in #deploys."
        `);
      });

      it("changes the tag of what it knows", async () => {
        expect(
          await asks('deploy kubecon-2017 tag=2017 reason="new schedule"'),
        ).toMatchInlineSnapshot(
          `"Accepted: kubecon-2017 to production. Its thread tells the rest."`,
        );
        expect(await waits()).toMatchInlineSnapshot(`
          "(Approval needed: kubecon-2017 2016 -> 2017 in production, by @developer. 1 change, no known risk.)
          kubecon-2017 -> production   2016 -> 2017
          Waiting for approval.
          Changes: Deployment (image). Unchanged: Service, PodDisruptionBudget, Ingress.
          Known risks: none.
          Any 1 of @kubecon-team, until TIME UTC.
          Asked by @developer, release RELEASE: "new schedule"
          [Approve] [Reject] [View diff] [Cancel]"
        `);
        await hears("approve kubecon-2017", "approver");
        expect(await live()).toMatchInlineSnapshot(`
          "(Deploy of kubecon-2017 to production: 2017 is live in production. 2 of 2 ready and stable, SPAN.)
          kubecon-2017 -> production   2016 -> 2017
          2017 is live in production. 2 of 2 ready and stable, SPAN.
          http://kubecon-2017.DOMAIN
          Asked by @developer, release 2: "new schedule"
          [Roll back to 2016] [Logs]
          └ @kubecon-team: Approval needed: kubecon-2017 2016 -> 2017 in production, by @developer. 1 change, no known risk.
          └ Approved by @approver.
          └ Applied 1 object; 3 unchanged.
          └ 2 of 2 ready. Watching SPAN before the verdict."
        `);
      });

      it("says when there is nothing to deploy, and what it does not understand", async () => {
        expect(await asks("deploy kubecon-2017 tag=2017")).toMatchInlineSnapshot(
          `"Accepted: kubecon-2017 to production. Its thread tells the rest."`,
        );
        expect(await story(stage, release, "refused", { root: /Not deployed/ }))
          .toMatchInlineSnapshot(`
            "(Deploy of kubecon-2017 to production: Not deployed: production runs exactly this already, as revision 2.)
            kubecon-2017 -> production   2017
            Not deployed: production runs exactly this already, as revision 2.
            Asked by @developer, release RELEASE"
          `);
        expect(await hears("deploy kubecon-2018 tag=2017")).toMatchInlineSnapshot(`
          "docc does not know kubecon-2018 in production yet: its first deploy needs its manifest.
          Did you mean kubecon-2017?
          [Give its manifest]"
        `);
        expect(await hears("deploy kubecon-2017 tga=2017")).toMatchInlineSnapshot(`
          "Not accepted: 1 error in the words.
            unknown-word
                "tga=" changes nothing in a manifest.
                Did you mean tag=?"
        `);
        expect(await hears("deploy kubecon-2017 tag=2017 in=prod")).toMatchInlineSnapshot(`
          "There is no environment "prod".
          There are: production."
        `);
      });
    });

    describe("update", () => {
      it("changes a few things", async () => {
        expect(await asks("update kubecon-2017 scale=1 env.LOG=debug")).toMatchInlineSnapshot(
          `"Accepted: kubecon-2017 in production changes. Its thread tells the rest."`,
        );
        await waits();
        await hears("approve kubecon-2017", "maintainer");
        expect(await live(/Removed/)).toMatchInlineSnapshot(`
          "(Update of kubecon-2017 in production: 2017 is live in production. 1 of 1 ready and stable, SPAN.)
          kubecon-2017 -> production   2017
          2017 is live in production. 1 of 1 ready and stable, SPAN.
          http://kubecon-2017.DOMAIN
          Asked by @developer, release 3
          [Roll back to revision 2] [Logs]
          └ @kubecon-team: Approval needed: kubecon-2017 2017 in production, by @developer. 2 changes, 1 known risk.
          └ Approved by @maintainer.
          └ Applied 1 object; 2 unchanged.
            Known risk: scales down from 2 to 1.
            Warning: Traffic from outside reaches a single replica: each deploy or node loss is felt.
          └ 1 of 1 ready. Watching SPAN before the verdict.
          └ Removed PodDisruptionBudget kubecon-2017."
        `);
      });

      it("pauses, once", async () => {
        expect(await asks("update kubecon-2017 pause")).toMatchInlineSnapshot(
          `"Accepted: kubecon-2017 in production pauses. Its thread tells the rest."`,
        );
        await waits();
        await hears("approve kubecon-2017", "approver");
        expect(await story(stage, release, "succeeded", { root: /is paused/, last: /Watching/ }))
          .toMatchInlineSnapshot(`
            "(Update of kubecon-2017 in production: kubecon-2017 is paused in production: no copy runs. SPAN.)
            kubecon-2017 -> production   2017
            kubecon-2017 is paused in production: no copy runs. SPAN.
            http://kubecon-2017.DOMAIN
            Asked by @developer, release 4
            [Roll back to revision 2] [Logs]
            └ @kubecon-team: Approval needed: kubecon-2017 2017 in production, by @developer. 1 change, 2 known risks.
            └ Approved by @approver.
            └ Applied 1 object; 2 unchanged.
              Known risk: scales down from 1 to 0.
              Known risk: no pod will run.
            └ No copy runs any more. Watching SPAN before the verdict."
          `);
        expect(await hears("update kubecon-2017 pause")).toMatchInlineSnapshot(
          `"kubecon-2017 in production is paused already."`,
        );
      });

      it("resumes, once", async () => {
        expect(await asks("update kubecon-2017 resume")).toMatchInlineSnapshot(
          `"Accepted: kubecon-2017 in production resumes at scale 1. Its thread tells the rest."`,
        );
        await waits();
        await hears("approve kubecon-2017", "approver");
        expect(await live()).toMatchInlineSnapshot(`
          "(Update of kubecon-2017 in production: 2017 is live in production. 1 of 1 ready and stable, SPAN.)
          kubecon-2017 -> production   2017
          2017 is live in production. 1 of 1 ready and stable, SPAN.
          http://kubecon-2017.DOMAIN
          Asked by @developer, release 5
          [Roll back to revision 2] [Logs]
          └ @kubecon-team: Approval needed: kubecon-2017 2017 in production, by @developer. 1 change, no known risk.
          └ Approved by @approver.
          └ Applied 1 object; 2 unchanged.
            Warning: Traffic from outside reaches a single replica: each deploy or node loss is felt.
          └ 1 of 1 ready. Watching SPAN before the verdict."
        `);
        expect(await hears("update kubecon-2017 resume")).toMatchInlineSnapshot(
          `"kubecon-2017 in production is not paused: its scale is 1."`,
        );
        expect(await hears("update kubecon-2017")).toMatchInlineSnapshot(`
          "Say what changes of kubecon-2017.
          Write /docc update kubecon-2017 scale=5 in=production, or in its place tag=, env.NAME=, cpu= or memory=, or pause, or resume."
        `);
        expect(await hears("update kubecon-2017 scale=many")).toMatchInlineSnapshot(`
          "Not accepted: 1 error in the words.
            wrong-type
                scale="many" is no whole number.
                Write scale=3, or scale=2..10 for an autoscaler."
        `);
      });

      it("is accepted of anybody, and refused by today's rules", async () => {
        expect(await asks("update kubecon-2017 scale=3", "approver")).toMatchInlineSnapshot(
          `"Accepted: kubecon-2017 in production changes. Its thread tells the rest."`,
        );
        expect(await story(stage, release, "refused", { root: /Not updated/ }))
          .toMatchInlineSnapshot(`
            "(Update of kubecon-2017 in production: Not updated: only @developer and @maintainer may change applications in production.)
            kubecon-2017 -> production
            Not updated: only @developer and @maintainer may change applications in production.
            Next: ask one of them to do it.
            Asked by @approver, release RELEASE"
          `);
      });
    });

    describe("reject and cancel", () => {
      it("rejects with a reason, once", async () => {
        await asks("deploy kubecon-2017 tag=2016");
        await waits();
        expect(await hears("reject kubecon-2017")).toMatchInlineSnapshot(`
          "You may not decide on this plan. Those who may: @kubecon-team.
          About kubecon-2017 in production: 2017 -> 2016."
        `);
        expect(
          await hears('reject kubecon-2017 reason="not before the keynote"', "approver"),
        ).toMatchInlineSnapshot(
          `"Rejected: kubecon-2017 in production. Its thread tells the rest."`,
        );
        expect(await story(stage, release, "rejected", { root: /Rejected/, last: /Rejected/ }))
          .toMatchInlineSnapshot(`
          "(Deploy of kubecon-2017 to production: Rejected by @approver: not before the keynote. Nothing was changed.)
          kubecon-2017 -> production   2017 -> 2016
          Rejected by @approver: not before the keynote. Nothing was changed.
          Asked by @developer, release RELEASE
          └ @kubecon-team: Approval needed: kubecon-2017 2017 -> 2016 in production, by @developer. 1 change, no known risk.
          └ @developer: Rejected by @approver: not before the keynote. Nothing was changed."
        `);
        expect(await hears(`reject ${release}`, "maintainer")).toMatchInlineSnapshot(`
          "It is over already: rejected by @approver.
          About kubecon-2017 in production: 2017 -> 2016."
        `);
        expect(await hears("reject kubecon-2017", "approver")).toMatchInlineSnapshot(`
          "No release of kubecon-2017 waits for approval in production.
          Another environment is named with in=."
        `);
      });

      it("cancels what waits, once", async () => {
        await asks("deploy kubecon-2017 tag=2016");
        await waits();
        expect(await hears("cancel kubecon-2017", "guest")).toMatchInlineSnapshot(
          `"docc serves full members of the workspace, not guests."`,
        );
        expect(await hears('cancel kubecon-2017 reason="wrong tag"')).toMatchInlineSnapshot(
          `"Cancelled: kubecon-2017 in production. Its thread tells the rest."`,
        );
        expect(await story(stage, release, "cancelled", { root: /Cancelled/, last: /Cancelled/ }))
          .toMatchInlineSnapshot(`
            "(Deploy of kubecon-2017 to production: Cancelled by @developer: wrong tag. Nothing was changed.)
            kubecon-2017 -> production   2017 -> 2016
            Cancelled by @developer: wrong tag. Nothing was changed.
            Asked by @developer, release RELEASE
            └ @kubecon-team: Approval needed: kubecon-2017 2017 -> 2016 in production, by @developer. 1 change, no known risk.
            └ Cancelled by @developer: wrong tag. Nothing was changed."
          `);
        expect(await hears(`cancel ${release}`)).toMatchInlineSnapshot(`
          "It is over already: cancelled by @developer.
          About kubecon-2017 in production: 2017 -> 2016."
        `);
        expect(await hears(`approve ${release}`, "approver")).toMatchInlineSnapshot(`
          "It is over already: cancelled by @developer.
          About kubecon-2017 in production: 2017 -> 2016."
        `);
      });

      it("stops what rolls out, and goes back", async () => {
        await asks("deploy kubecon-2017 tag=2019");
        await waits();
        await hears("approve kubecon-2017", "approver");
        await rootIn(stage, release, "progressing", /\[Stop and roll back\]/);
        const stopped = release;
        expect(await hears("cancel kubecon-2017", "approver")).toMatchInlineSnapshot(`
          "Only an owner of the app or who may change applications in production may stop it.
          About kubecon-2017 in production: 2017 -> 2019."
        `);
        expect(await asks('cancel kubecon-2017 reason="wrong tag"')).toMatchInlineSnapshot(
          `"kubecon-2017 in production is being stopped. Its thread tells the rest."`,
        );
        expect(
          await story(stage, stopped, "failed", { root: /was stopped/, last: /it was stopped/ }),
        ).toMatchInlineSnapshot(`
          "(Deploy of kubecon-2017 to production: 2019 failed in production: it was stopped on the way: wrong tag.)
          kubecon-2017 -> production   2017 -> 2019
          2019 failed in production: it was stopped on the way: wrong tag.
          Rolling back to 2017.
          Users are still on 2017: 1 of 1 old pod ready.
          Asked by @developer, release 6
          [Retry] [Logs]
          └ @kubecon-team: Approval needed: kubecon-2017 2017 -> 2019 in production, by @developer. 1 change, no known risk.
          └ Approved by @approver.
          └ Applied 1 object; 2 unchanged.
            Warning: Traffic from outside reaches a single replica: each deploy or node loss is felt.
          └ Stopped by @developer: wrong tag.
          └ (@developer @maintainer: it was stopped on the way: wrong tag. Changed: image 2017 -> 2019 only. Rolling back to 2017.)
            @developer @maintainer: it was stopped on the way: wrong tag.
            Changed: image 2017 -> 2019 only.
            Rolling back to 2017."
        `);
        expect(await live()).toMatchInlineSnapshot(`
          "(Rollback of kubecon-2017 in production: 2017 is live in production. 1 of 1 ready and stable, SPAN.)
          kubecon-2017 -> production   2019 -> 2017, back to revision 5
          2017 is live in production. 1 of 1 ready and stable, SPAN.
          http://kubecon-2017.DOMAIN
          Asked by @developer, release 7: "release 6 was stopped: wrong tag"
          [Roll back to revision 2] [Logs]
          └ Applied 1 object; 2 unchanged.
            Warning: Traffic from outside reaches a single replica: each deploy or node loss is felt.
          └ 1 of 1 ready. Watching SPAN before the verdict."
        `);
      });
    });

    describe("a deploy that fails, retry, and rollback", () => {
      let failed = "";

      it("says why, to whom it may concern", async () => {
        await asks("deploy kubecon-2017 tag=2018");
        failed = release;
        await waits();
        await hears("approve kubecon-2017", "approver");
        expect(await story(stage, release, "failed", { root: /failed/, last: /Next: / }))
          .toMatchInlineSnapshot(`
            "(Deploy of kubecon-2017 to production: 2018 failed in production: kubecon exits with code 1 at start.)
            kubecon-2017 -> production   2017 -> 2018
            2018 failed in production: kubecon exits with code 1 at start.
            Users are still on 2017: 1 of 1 old pod ready.
            Next: mend what its last lines say, and deploy again.
            Asked by @developer, release 8
            [Roll back to 2017] [Retry] [Logs]
            └ @kubecon-team: Approval needed: kubecon-2017 2017 -> 2018 in production, by @developer. 1 change, no known risk.
            └ Approved by @approver.
            └ Applied 1 object; 2 unchanged.
              Warning: Traffic from outside reaches a single replica: each deploy or node loss is felt.
            └ (@developer @maintainer: kubecon exits with code 1 at start. Changed: image 2017 -> 2018 only. Next: mend what its last lines say, and deploy again.)
              @developer @maintainer: kubecon exits with code 1 at start.
                kubecon 2018 starting
                DATABASE_URL is not set
              Changed: image 2017 -> 2018 only.
              Next: mend what its last lines say, and deploy again."
          `);
      });

      it("tries the same again", async () => {
        release = await made(stage, async () => {
          expect(await hearsAt(stage, failed, "Retry")).toMatchInlineSnapshot(
            `"Accepted: kubecon-2017 to production. Its thread tells the rest."`,
          );
        });
        expect(await waits()).toMatchInlineSnapshot(`
          "(Approval needed: kubecon-2017 2017 -> 2018 in production, by @developer. Nothing changes, no known risk.)
          kubecon-2017 -> production   2017 -> 2018
          Waiting for approval.
          Unchanged: Service, Deployment, Ingress.
          Known risks: none.
          Warning: Traffic from outside reaches a single replica: each deploy or node loss is felt.
          Any 1 of @kubecon-team, until TIME UTC.
          Asked by @developer, release RELEASE
          [Approve] [Reject] [View diff] [Cancel]"
        `);
        await hears("cancel kubecon-2017");
      });

      it("rolls back without an approval", async () => {
        expect(
          await asks('rollback kubecon-2017 to=1 reason="2018 crashes"'),
        ).toMatchInlineSnapshot(
          `"Accepted: kubecon-2017 in production goes from 2018 back to 2016, revision 1. Its thread tells the rest."`,
        );
        expect(await live()).toMatchInlineSnapshot(`
          "(Rollback of kubecon-2017 in production: 2016 is live in production. 1 of 1 ready and stable, SPAN.)
          kubecon-2017 -> production   2018 -> 2016, back to revision 1
          2016 is live in production. 1 of 1 ready and stable, SPAN.
          http://kubecon-2017.DOMAIN
          Asked by @developer, release 9: "2018 crashes"
          [Roll back to 2017] [Logs]
          └ Applied 1 object; 2 unchanged.
            Warning: the scale stays 1, as today; revision 1 had 2.
            Warning: Traffic from outside reaches a single replica: each deploy or node loss is felt.
          └ 1 of 1 ready. Watching SPAN before the verdict."
        `);
        expect(await asks("rollback kubecon-2017 to=1")).toMatchInlineSnapshot(
          `"Accepted: kubecon-2017 in production goes back to 2016, revision 1. Its thread tells the rest."`,
        );
        expect(await story(stage, release, "refused", { root: /Not rolled back/ }))
          .toMatchInlineSnapshot(`
            "(Rollback of kubecon-2017 in production: Not rolled back: production runs 2016 as revision 1 made it already.)
            kubecon-2017 -> production   back to revision 1
            Not rolled back: production runs 2016 as revision 1 made it already.
            Asked by @developer, release RELEASE"
          `);
      });

      it("says where it cannot go back", async () => {
        expect(await hears("rollback kubecon-2018")).toMatchInlineSnapshot(`
          "docc has no kubecon-2018 in production.
          Did you mean kubecon-2017?"
        `);
        expect(await hears("rollback kubecon-2017 to=yesterday")).toMatchInlineSnapshot(`
          "to= takes the number of a revision.
          The right form: /docc rollback <app> [to=] [scale=] [in=] [reason=]"
        `);
      });
    });

    describe("restart", () => {
      it("replaces the pods", async () => {
        expect(await asks('restart kubecon-2017 reason="stale cache"')).toMatchInlineSnapshot(
          `"Accepted: kubecon-2017 in production restarts. Its thread tells the rest."`,
        );
        expect(await live()).toMatchInlineSnapshot(`
          "(Restart of kubecon-2017 in production: 2016 is live in production. 1 of 1 ready and stable, SPAN.)
          kubecon-2017 -> production   2016
          2016 is live in production. 1 of 1 ready and stable, SPAN.
          http://kubecon-2017.DOMAIN
          Asked by @developer, release 10: "stale cache"
          [Roll back to 2017] [Logs]
          └ Applied 1 object; 2 unchanged.
          └ 1 of 1 ready. Watching SPAN before the verdict."
        `);
      });
    });

    describe("lock and unlock", () => {
      const posted = (pattern: RegExp): Promise<string> =>
        stage.until(`the channel hears ${pattern}`, () => {
          const last = stage.roots().findLast((each) => pattern.test(stage.read(each)));
          return last && reads(stage, last);
        });

      it("holds the others up", async () => {
        expect(await hears('lock kubecon-2017 for=2h reason="the keynote"', "maintainer"))
          .toMatchInlineSnapshot(`
          "Locked kubecon-2017 in production until TIME UTC: the keynote.
          Your own releases do not end it. Rollbacks are not held up by it."
        `);
        expect(await posted(/is locked by/)).toMatchInlineSnapshot(
          `"kubecon-2017 in production is locked by @maintainer until TIME UTC: the keynote."`,
        );
        expect(await asks("deploy kubecon-2017 tag=2017")).toMatchInlineSnapshot(
          `"Accepted: kubecon-2017 to production. Its thread tells the rest."`,
        );
        expect(await story(stage, release, "refused", { root: /Not deployed/ }))
          .toMatchInlineSnapshot(`
            "(Deploy of kubecon-2017 to production: Not deployed: kubecon-2017 is locked by @maintainer until TIME UTC: the keynote.)
            kubecon-2017 -> production   2017
            Not deployed: kubecon-2017 is locked by @maintainer until TIME UTC: the keynote.
            Next: ask them; the app's owners may /docc unlock kubecon-2017 in=production.
            Asked by @developer, release RELEASE"
          `);
        expect(await hears("lock kubecon-2017")).toMatchInlineSnapshot(`
          "kubecon-2017 in production is locked by @maintainer until TIME UTC: the keynote.
          Ask them; the app's owners may /docc unlock kubecon-2017 in=production"
        `);
        expect(await hears("unlock kubecon-2017")).toMatchInlineSnapshot(
          `"Only @maintainer, those who answer for kubecon-2017, and docc's operators may unlock it."`,
        );
        expect(await hears("lock kubecon-2017", "approver")).toMatchInlineSnapshot(
          `"Only those who may change applications in production may lock them."`,
        );
        expect(await hears("lock kubecon-2017 for=soon")).toMatchInlineSnapshot(`
          "for= takes a duration such as 30m, 2h or 1d, from 1m to 30d.
          The right form: /docc lock <app> [for=] [in=] [reason=]"
        `);
        expect(await hears("lock kubecon-2018")).toMatchInlineSnapshot(`
          "docc has no kubecon-2018 in production.
          Did you mean kubecon-2017?"
        `);
      });

      it("is given up by its owner, or taken by who answers for the app", async () => {
        expect(await hears("unlock kubecon-2017", "maintainer")).toMatchInlineSnapshot(
          `"Unlocked kubecon-2017 in production."`,
        );
        expect(await hears("unlock kubecon-2017", "maintainer")).toMatchInlineSnapshot(
          `"kubecon-2017 in production is not locked."`,
        );
        expect(await hears("lock kubecon-2017")).toMatchInlineSnapshot(`
          "Locked kubecon-2017 in production.
          Your own releases do not end it. Rollbacks are not held up by it."
        `);
        expect(await hears("unlock kubecon-2017", "maintainer")).toMatchInlineSnapshot(`
          "Unlocked kubecon-2017 in production. It was locked by @developer.
          They are told."
        `);
        expect(await posted(/was unlocked by/)).toMatchInlineSnapshot(
          `"kubecon-2017 in production was unlocked by @maintainer; it was locked by @developer."`,
        );
        const direct = await stage.until("whose lock it was is told", () =>
          stage.slack.dms("developer").findLast((each) => stage.read(each).includes("lock")),
        );
        expect(reads(stage, direct)).toMatchInlineSnapshot(
          `"Your lock is gone: kubecon-2017 in production was unlocked by @maintainer."`,
        );
      });
    });

    describe("config", () => {
      it("keeps what a person, or a channel, prefers", async () => {
        expect(await hears("config quiet=on")).toMatchInlineSnapshot(
          `"From now on, for you: docc sends you no direct messages but those that wait for you."`,
        );
        expect(await hears("config channel quiet=on")).toMatchInlineSnapshot(`
          "From now on, in this channel: threads carry only what decides.
          The channel has been told."
        `);
        expect(await posted()).toMatchInlineSnapshot(
          `"@developer has set for this channel: threads carry only what decides. /docc config shows what holds."`,
        );
        expect(await hears("config channel quiet=default")).toMatchInlineSnapshot(`
          "From now on, in this channel: threads tell every step.
          The channel has been told."
        `);
        expect(await hears("config")).toMatchInlineSnapshot(`
          "Here, commands without in= go to production, as docc.yaml says.
          Set yours with /docc config environment=NAME, this channel's with /docc config channel environment=NAME; =default takes it back.
          setting | value | from
          environment | production | docc.yaml
          quiet in this channel | off | docc's default
          quiet for you | on | you
          notify | mention | docc's default"
        `);
      });

      it("says what it does not take", async () => {
        expect(await hears("config quiet=maybe")).toMatchInlineSnapshot(`
          "quiet= takes no "maybe".
          It takes on, off or default."
        `);
        expect(await hears("config environment=staging")).toMatchInlineSnapshot(`
          "There is no environment "staging".
          There are: production."
        `);
        expect(await hears("config channel quiet=on", "approver")).toMatchInlineSnapshot(`
          "Only those who may deploy where releases are told here, and docc's operators, set what holds in this channel.
          Your own is yours to set: /docc config without channel."
        `);
      });

      const posted = (): Promise<string> =>
        stage.until("the channel is told", () => {
          const last = stage.roots().at(-1);
          return last && /has set/.test(stage.read(last)) ? reads(stage, last) : undefined;
        });
    });

    describe("delete", () => {
      it("asks for the name, and takes no other", async () => {
        await command(stage, '/docc delete kubecon-2017 reason="the conference is over"');
        const view = await form("confirm_form");
        expect(readsForm(stage, view)).toMatchInlineSnapshot(`
          "Delete
          This deletes kubecon-2017 from production: 3 objects that docc made, and their pods.
          Service kubecon-2017, Deployment kubecon-2017, Ingress kubecon-2017.
          The plan in its thread says exactly what goes and what stays. Where the environment asks for approval, it waits for that.
          Reason: the conference is over.
          Type kubecon-2017 to delete it: [plain_text_input]
          [Delete] [Keep]"
        `);
        const { errors } = await stage.slack.as("developer").submit(view, { confirm: "kubecon" });
        expect(errors).toMatchInlineSnapshot(`
          {
            "confirm": "That is not the name: kubecon-2017 in production is deleted by typing kubecon-2017.",
          }
        `);
        release = await made(stage, async () => {
          await stage.slack.as("developer").submit(view, { confirm: "kubecon-2017" });
        });
      });

      it("waits for approval, and tells what is gone", async () => {
        expect(await waits()).toMatchInlineSnapshot(`
          "(Approval needed: deletion of kubecon-2017 2016 from production, by @developer. 3 objects go, 1 known risk.)
          Delete kubecon-2017 from production   2016
          Waiting for approval.
          Deletes: Ingress kubecon-2017, Service kubecon-2017, Deployment kubecon-2017.
          Known risks: kubecon-2017.DOMAIN does not answer any more.
          Any 1 of @kubecon-team, until TIME UTC.
          Asked by @developer, release RELEASE: "the conference is over"
          [Approve] [Reject] [View diff] [Cancel]"
        `);
        await hears("approve kubecon-2017", "approver");
        expect(await story(stage, release, "succeeded", { root: /is gone/, last: /is gone/ }))
          .toMatchInlineSnapshot(`
            "(Deletion of kubecon-2017 from production: kubecon-2017 is gone from production: 3 objects deleted.)
            Delete kubecon-2017 from production   2016
            kubecon-2017 is gone from production: 3 objects deleted.
            Asked by @developer, release 11: "the conference is over"
            [Roll back to 2016]
            └ @kubecon-team: Approval needed: deletion of kubecon-2017 2016 from production, by @developer. 3 objects go, 1 known risk.
            └ Approved by @approver.
            └ Deleting 3 objects: Ingress kubecon-2017, Service kubecon-2017, Deployment kubecon-2017.
              kubecon-2017.DOMAIN does not answer any more.
            └ kubecon-2017 is gone from production: 3 objects deleted."
          `);
      });

      it("leaves nothing to act on", async () => {
        expect(await hears("delete kubecon-2017")).toMatchInlineSnapshot(`
          "kubecon-2017 was deleted from production by release 11.
          /docc history kubecon-2017 in=production shows what was, and /docc rollback kubecon-2017 in=production brings it back."
        `);
        expect(await hears("update kubecon-2017 scale=2")).toMatchInlineSnapshot(`
          "kubecon-2017 was deleted from production by release 11.
          /docc history kubecon-2017 in=production shows what was, and /docc rollback kubecon-2017 in=production brings it back."
        `);
        expect(await hears("restart kubecon-2017")).toMatchInlineSnapshot(`
          "kubecon-2017 was deleted from production by release 11.
          /docc history kubecon-2017 in=production shows what was, and /docc rollback kubecon-2017 in=production brings it back."
        `);
      });
    });
  });
}

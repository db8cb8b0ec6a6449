import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pass, type Rule, statusAnswer } from "../support/proxy/fates.ts";
import { answers } from "./deciding.ts";
import { answerOf, answerTo, command, say } from "./main-job.ts";
import { heard, reads, readsForm } from "./reading.ts";
import { openStage, type Stage, type Target } from "./stage.ts";

const image = "registry.corp.example.com/demo";
const operators = { logs: "https://logs.example.com/{app}?env={environment}" };

/** An app that scales by itself and prints a lot. */
const first = {
  application: "kubecon-2017",
  maintainer: "kubecon-team@corp.example.com",
  scale: { min: 2, max: 4 },
  containers: {
    kubecon: { image: `${image}/kubecon`, image_tag: "2016", ports: [8080] },
    chatty: { image: `${image}/chatty`, image_tag: "1000", ports: [] },
  },
};
/** The same to the outside, and with a link of its own. */
const second = {
  ...first,
  auto_tls: true,
  ingresses: { "kubecon-2017": { scheme: "tls", container_port: 8080 } },
  links: { dashboard: "https://grafana.example.com/d/{app}?x=1&y=" },
};

/** Both clusters have none that measures; on the real one the autoscaler says so in its own time. */
const autoscaler =
  /^Autoscaler: (2 now, of )?2 to 4; cpu not known, aims at 70%\. It (has not begun yet|does not scale: \w+)\.\n/mu;
/** What a crash loop is seen at. */
const crashing = /\| (CrashLoopBackOff|Error|Running) \| 1 of 2 \| \d+ \(/gu;

/**
 * One app from its arrival by the shortcuts to a crash, and all that can be seen of it on the way: links, what the
 * cluster says, events, a long log.
 */
export function lookingJob(target: Target): void {
  describe(`looking closely on the ${target.name}`, { timeout: 120_000 }, () => {
    let stage: Stage;
    beforeAll(async () => {
      const settings = { links: operators };
      stage = await openStage({ ...target, settings, hasProxies: true }, "socket");
    }, 120_000);
    afterAll(() => stage.close(), 60_000);

    const developer = () => stage.slack.as("developer");
    const form = () => stage.until("the form opens", () => stage.slack.views("developer").at(-1));
    const hears = (typed: string): Promise<string> => heard(stage, typed);
    const inspected = async (): Promise<string> =>
      (await hears("inspect kubecon-2017")).replaceAll(crashing, "| CRASHING | 1 of 2 | SOME (");
    const follow = (rule: Rule): void => stage.proxies?.kube.follow(rule);

    it("takes a message's file by the shortcut on that message", async () => {
      const content = JSON.stringify(first);
      const message = await developer().uploadToChannel("#deploys", { name: "docc.json", content });
      await developer().messageShortcut(message, "docc_deploy_message");
      const opened = await form();
      expect(readsForm(stage, opened)).toMatchInlineSnapshot(`
        "Deploy
        Manifest: \`docc.json\`
        Words (optional): [tag=2017 scale=3]
        Changes to the manifest, as after /docc deploy.
        [Deploy] [Cancel]"
      `);
      const { errors } = await developer().submit(opened, { words: "kubecon.tag=2017" });
      expect(errors).toEqual({});
      const release = await stage.ended(1);
      expect(say(release)).toBe("succeeded");
      expect(release.status).toMatchObject({ revision: 1, plan: { to: "1000, 2017" } });
    });

    it("takes pasted text by the shortcut from anywhere, which changes what runs", async () => {
      await developer().globalShortcut("docc_deploy_global");
      const values = { manifest: JSON.stringify(second), channel: "CDEPLOYS" };
      const opened = await form();
      expect(readsForm(stage, opened)).toMatchInlineSnapshot(`
        "Deploy
        Channel that hears of it: [conversations_select]
        Manifest file (optional): [file_input]
        Or paste the manifest (optional): [plain_text_input]
        Words (optional): [tag=2017 scale=3]
        Changes to the manifest, as after /docc deploy.
        [Deploy] [Cancel]"
      `);
      const { errors } = await developer().submit(opened, values);
      expect(errors).toEqual({});
      const release = await stage.ended(2);
      expect(say(release)).toBe("succeeded");
      const changes = release.status?.plan?.changes.map(({ kind, action }) => `${kind} ${action}`);
      expect(changes).toEqual([
        "Certificate create",
        "Service unchanged",
        "PodDisruptionBudget unchanged",
        "Deployment change",
        "HorizontalPodAutoscaler unchanged",
        "Ingress create",
      ]);
    });

    it("shows the address and all links, and takes the clicks on them", async () => {
      const message = await answerTo(stage, "/docc open kubecon-2017");
      expect(reads(stage, message)).toMatchInlineSnapshot(`
        "(Links of kubecon-2017 in production.
        url: https://kubecon-2017.DOMAIN
        dashboard: https://grafana.example.com/d/kubecon-2017?x=1&y=
        logs: https://logs.example.com/kubecon-2017?env=production)
        Links of kubecon-2017 in production.
        [url] [dashboard] [logs]"
      `);
      expect(message.text).toContain("?x=1&amp;y=");
      for (const label of ["url", "dashboard", "logs"]) {
        const { ack } = await developer().click(message, label);
        expect(ack.ok).toBe(true);
      }
    });

    it("shows one link by its name, or says what there is", async () => {
      expect(await hears("open kubecon-2017 logs")).toMatchInlineSnapshot(`
        "(The link logs of kubecon-2017 in production.
        logs: https://logs.example.com/kubecon-2017?env=production)
        The link logs of kubecon-2017 in production.
        [logs]"
      `);
      expect(await hears("open kubecon-2017 lgos")).toMatchInlineSnapshot(`
        "kubecon-2017 in production has no link "lgos", only url, dashboard, logs.
        Did you mean logs?"
      `);
    });

    it("shows a healthy app to the asker alone, with everything that the cluster answers", async () => {
      const roots = stage.roots().length;
      const text = await stage.until("the old pods are gone", async () => {
        const now = await inspected();
        return now.includes("Terminating") ? undefined : now;
      });
      expect(text).toMatch(autoscaler);
      // Neither cluster has metrics.k8s.io: nothing is said of use.
      expect(text.replace(autoscaler, "")).toMatchInlineSnapshot(`
        "(kubecon-2017 in production is well: 2 of 2 ready.
        url: https://kubecon-2017.DOMAIN
        dashboard: https://grafana.example.com/d/kubecon-2017?x=1&y=
        logs: https://logs.example.com/kubecon-2017?env=production)
        kubecon-2017 in production is well: 2 of 2 ready.
        Revision 2 (1000, 2016), released TIME UTC by @developer: succeeded.
        Image of chatty: registry.corp.example.com/demo/chatty:1000
        Image of kubecon: registry.corp.example.com/demo/kubecon:2016
        Ingress kubecon-2017: https://kubecon-2017.DOMAIN
        Certificate kubecon-2017 expires in 89 days, at TIME UTC.
        Last events, times in UTC:
        Owner: kubecon-team@corp.example.com.
        Pod | State | Ready | Restarts | Age
        POD | Running | 2 of 2 | 0 | SPAN
        POD | Running | 2 of 2 | 0 | SPAN
        [url] [dashboard] [logs]"
      `);
      expect(stage.roots()).toHaveLength(roots);
    });

    it("says what the pods use where the cluster measures it", async () => {
      const usage = { cpu: "152345678n", memory: "131072Ki" };
      const measured = ["a", "b", "c"].map((name) => ({
        metadata: { name },
        containers: [{ name: "kubecon", usage }],
      }));
      // As metrics-server answers: no uid, and no resourceVersion.
      const list = { kind: "PodMetricsList", metadata: {}, items: measured };
      follow(({ path }) =>
        path.includes("metrics.k8s.io")
          ? {
              type: "answer",
              status: 200,
              headers: { "content-type": "application/json" },
              body: JSON.stringify(list),
            }
          : pass,
      );
      expect(/^Uses .*$/m.exec(await inspected())?.[0]).toMatchInlineSnapshot(
        `"Uses 0.46 cores of 0.6 requested and 384 MiB of 3 GiB allowed, 3 pods together."`,
      );
    });

    it("answers all the same where docc may not list events, and nobody measures in time", async () => {
      follow(({ kind, path }) => {
        if (path.includes("metrics.k8s.io")) return { type: "hold" };
        return kind === "LIST events" ? statusAnswer(403, "Forbidden") : pass;
      });
      const text = await inspected();
      follow(() => pass);
      expect(text.replace(autoscaler, "")).toMatchInlineSnapshot(`
        "(How kubecon-2017 in production does is not known: docc may not read that.
        url: https://kubecon-2017.DOMAIN
        dashboard: https://grafana.example.com/d/kubecon-2017?x=1&y=
        logs: https://logs.example.com/kubecon-2017?env=production)
        How kubecon-2017 in production does is not known: docc may not read that.
        Revision 2 (1000, 2016), released TIME UTC by @developer: succeeded.
        Images: not known, docc may not read that.
        Ingress kubecon-2017: https://kubecon-2017.DOMAIN
        Certificate kubecon-2017 expires in 89 days, at TIME UTC.
        Use: not known, the cluster did not answer in time.
        Events: not known, docc may not read that.
        Owner: kubecon-team@corp.example.com.
        Pod | State | Ready | Restarts | Age
        POD | Running | 2 of 2 | 0 | SPAN
        POD | Running | 2 of 2 | 0 | SPAN
        [url] [dashboard] [logs]"
      `);
    });

    it("sends a log that is too long for a message as a file, to the asker alone", async () => {
      const answer = await answerTo(stage, "/docc logs kubecon-2017 container=chatty lines=500");
      const lines = reads(stage, answer).split("\n");
      expect([...lines.slice(0, 4), "...", ...lines.slice(-2)].join("\n")).toMatchInlineSnapshot(`
        "The last 500 lines of kubecon-2017 in production.
        All of it is in a file in your direct messages with docc.
        kubecon-2017.log (UTC)
          (418 lines before this)
        ...
          TIME POD  level=info msg="request served" path=/talks/999 status=200 duration=9ms
        [Share]"
      `);
      const files = stage.slack.dms("developer").flatMap((each) => each.files ?? []);
      expect(files).toHaveLength(1);
      const file = stage.slack.workspace.file(files[0] ?? "");
      expect(file?.name).toBe("kubecon-2017.log");
      expect(file?.content.toString().split("\n")).toHaveLength(500);
    });

    it("says of a crashing one what crashes, and that users are still served", async () => {
      await command(stage, "/docc deploy kubecon-2017 kubecon.tag=2018");
      expect(say(await stage.ended(3))).toBe("failed: crash-loop");
      const text = await inspected();
      expect(text.replace(autoscaler, "")).toMatchInlineSnapshot(`
        "(kubecon-2017 in production is failing: kubecon exits with code 1 at start (0 of 2 ready).
        url: https://kubecon-2017.DOMAIN
        dashboard: https://grafana.example.com/d/kubecon-2017?x=1&y=
        logs: https://logs.example.com/kubecon-2017?env=production)
        kubecon-2017 in production is failing: kubecon exits with code 1 at start (0 of 2 ready).
        Users are still on 1000, 2016: 2 of 2 old pods ready.
        Next: mend what its last lines say, and deploy again.
        Revision 3 (1000, 2018), released TIME UTC by @developer: failed.
        Revision 2 succeeded last.
        Image of chatty: registry.corp.example.com/demo/chatty:1000
        Image of kubecon: registry.corp.example.com/demo/kubecon:2018
        Ingress kubecon-2017: https://kubecon-2017.DOMAIN
        Certificate kubecon-2017 expires in 89 days, at TIME UTC.
        Last events, times in UTC:
        Owner: kubecon-team@corp.example.com.
        Pod | State | Ready | Restarts | Age
        POD | CRASHING | 1 of 2 | SOME (SPAN ago) | SPAN
        POD | Running | 2 of 2 | 0 | SPAN
        POD | Running | 2 of 2 | 0 | SPAN
        [url] [dashboard] [logs]"
      `);
    });

    it("says where the events are that one screen has no room for", async () => {
      const older = /^\d+ older groups: \/docc events kubecon-2017 in=production$/m;
      await answers(stage, "/docc inspect kubecon-2017", older);
    });

    it("shows events grouped, of Deployment and pods alike", async () => {
      await answers(stage, "/docc events kubecon-2017", /Normal ScalingReplicaSet.*\(Deployment /);
      await answers(stage, "/docc events kubecon-2017", /Warning BackOff.*\(Pod kubecon-2017-/);
    });

    it("shows events of one kind where one asks so, and not older than one asks for", async () => {
      await answers(
        stage,
        "/docc events kubecon-2017 kind=pod",
        /^Recent events of kind Pod of kubecon-2017 in production, newest first\.(?![^]*\(Deployment )/,
      );
      // Nobody here serves routes; of a Service, controllers have something to tell on a busy machine.
      expect(await hears("events kubecon-2017 kind=TLSRoute")).toMatchInlineSnapshot(
        `"kubecon-2017 in production has no recent events of kind TLSRoute."`,
      );
      expect(await hears("events kubecon-2017 kind=Pdo")).toMatchInlineSnapshot(`
        "No object of an app is of kind "Pdo".
        Did you mean kind=Pod?"
      `);
      const wide = "events kubecon-2017 since=7d kind=Deployment";
      const answer = await answerTo(stage, `/docc ${wide}`);
      const scaled = stage.slack
        .render(answer)
        .replaceAll(/\d\d:\d\d:\d\d/g, "TIME")
        .replaceAll(/kubecon-2017-[a-z0-9]{6,10}\b/g, "REPLICASET")
        .replaceAll(/ x\d+/g, "");
      expect(scaled).toMatchInlineSnapshot(`
        "Recent events of kind Deployment of kubecon-2017 in production in the last 7d, newest first.
        kubecon-2017.events
          TIME Normal ScalingReplicaSet (Deployment kubecon-2017): Scaled up replica set REPLICASET from 0 to 1"
      `);
      expect(await hears(wide)).toMatchInlineSnapshot(`
        "Recent events of kind Deployment of kubecon-2017 in production in the last 7d, newest first.
        kubecon-2017.events"
      `);
      expect(await hears("events kubecon-2017 since=soon")).toMatchInlineSnapshot(`
        "since= takes a duration such as 30m or 2h, from 1m to 7d.
        The right form: /docc events <app> [since=] [kind=] [in=]"
      `);
    });

    it("asks to be invited where a release is asked for that it cannot tell there", async () => {
      const typed = "/docc rollback kubecon-2017";
      const answer = await answerOf(stage, typed, await developer().command("#random", typed));
      expect(reads(stage, answer)).toMatchInlineSnapshot(`
        "Accepted: kubecon-2017 in production goes from 1000, 2018 back to 1000, 2016, revision 2. Its thread tells the rest.
        docc is not in this channel, so it tells nothing here. Invite it: /invite @docc"
      `);
      const release = await stage.ended(4);
      expect(say(release)).toBe("succeeded");
      expect(release.spec).toMatchObject({ channel: "CRANDOM", source: { revision: 2 } });
      expect(stage.slack.messages("#random")).toEqual([]);
    });
  });
}

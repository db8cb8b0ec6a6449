import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pass, type Rule, statusAnswer } from "../support/proxy/fates.ts";
import { answers, told } from "./deciding.ts";
import { answerTo, command, say } from "./main-job.ts";
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
    const inspected = async (): Promise<string> =>
      stage.slack.render(await answerTo(stage, "/docc inspect kubecon-2017"));
    const follow = (rule: Rule): void => stage.proxies?.kube.follow(rule);

    it("takes a message's file by the shortcut on that message", async () => {
      const content = JSON.stringify(first);
      const message = await developer().uploadToChannel("#deploys", { name: "docc.json", content });
      await developer().messageShortcut(message, "docc_deploy_message");
      const { errors } = await developer().submit(await form(), { words: "kubecon.tag=2017" });
      expect(errors).toEqual({});
      const release = await stage.ended(1);
      expect(say(release)).toBe("succeeded");
      expect(release.status).toMatchObject({ revision: 1, plan: { to: "1000, 2017" } });
    });

    it("takes pasted text by the shortcut from anywhere, which changes what runs", async () => {
      await developer().globalShortcut("docc_deploy_global");
      const values = { manifest: JSON.stringify(second), channel: "CDEPLOYS" };
      const { errors } = await developer().submit(await form(), values);
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
      expect(stage.slack.render(message)).toMatch(/\[url\] \[dashboard\] \[logs\]/);
      expect(message.text).toContain(
        "dashboard: https://grafana.example.com/d/kubecon-2017?x=1&amp;y=\nlogs: https://logs.example.com/kubecon-2017?env=production",
      );
      expect(message.text).toMatch(/^url: https:\/\/.*\.example\.com$/m);
      for (const label of ["url", "dashboard", "logs"]) {
        const { ack } = await developer().click(message, label);
        expect(ack.ok).toBe(true);
      }
    });

    it("shows one link by its name, or says what there is", async () => {
      await answers(stage, "/docc open kubecon-2017 logs", /The link logs of kubecon-2017/);
      await answers(
        stage,
        "/docc open kubecon-2017 lgos",
        /has no link "lgos", only url, dashboard/,
      );
      await told(stage, /Did you mean logs\?/);
    });

    it("shows a healthy app to the asker alone, with everything that the cluster answers", async () => {
      const roots = stage.roots().length;
      const text = await stage.until("the old pods are gone", async () => {
        const now = await inspected();
        return now.includes("Terminating") ? undefined : now;
      });
      expect(text).toMatch(/^kubecon-2017 in production is well: 2 of 2 ready\.$/m);
      expect(text).toMatch(
        /^Revision 2 \(1000, 2016\), released \S+ \S+ UTC by @developer: succeeded\.$/m,
      );
      expect(text).toMatch(/^Image of kubecon: registry\.corp\.example\.com\/demo\/kubecon:2016/m);
      expect(text).toContain(`Ingress kubecon-2017: https://kubecon-2017.${stage.domain}`);
      expect(text).toMatch(/^(Warning: c|C)ertificate kubecon-2017\b/m);
      expect(text).toMatch(/^(Warning: a|A)utoscaler.* cpu not known, aims at 70%/m);
      expect(text.match(/\| Running \| 2 of 2 \| 0 \|/g)).toHaveLength(2);
      expect(text).toMatch(/^Owner: /m);
      expect(text).not.toContain(": not known");
      // Neither cluster has metrics.k8s.io.
      expect(text).not.toMatch(/^Uses /m);
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
      expect(await inspected()).toMatch(/^Uses 0\.46 cores.* and 384 MiB.*, 3 pods together\.$/m);
    });

    it("answers all the same where docc may not list events, and nobody measures in time", async () => {
      follow(({ kind, path }) => {
        if (path.includes("metrics.k8s.io")) return { type: "hold" };
        return kind === "LIST events" ? statusAnswer(403, "Forbidden") : pass;
      });
      const text = await inspected();
      follow(() => pass);
      expect(text).toMatch(
        /^How kubecon-2017 in production does is not known: docc may not read that\.$/m,
      );
      expect(text).toMatch(/^Events: not known, docc may not read that\.$/m);
      expect(text).toMatch(/^Use: not known, the cluster did not answer in time\.$/m);
      expect(text.match(/\| Running \| 2 of 2 \| 0 \|/g)).toHaveLength(2);
      expect(text).toContain("Certificate kubecon-2017 expires");
    });

    it("sends a log that is too long for a message as a file, to the asker alone", async () => {
      const answer = await answerTo(stage, "/docc logs kubecon-2017 container=chatty lines=500");
      const text = stage.slack.render(answer);
      expect(text).toContain("path=/talks/999 status=200");
      expect(text).toMatch(/^ *\(\d+ lines before this\)$/m);
      expect(text).toContain("All of it is in a file in your direct messages with docc.");
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
      expect(text).toMatch(
        /^kubecon-2017 in production is failing: kubecon exits with code 1 at start \(0 of 2 ready\)\.$/m,
      );
      expect(text).toMatch(/^Users are still on 1000, 2016: 2 of 2 old pods ready\.$/m);
      expect(text).toMatch(/\| (CrashLoopBackOff|Error|Running) \| 1 of 2 \| \d+ \(\d+ s ago\) \|/);
      expect(text).toMatch(/^Revision 3 \(1000, 2018\), released .*: failed\.$/m);
      expect(text).toMatch(/^Revision 2 succeeded last\.$/m);
      expect(text).toMatch(/^\d+ older groups: \/docc events kubecon-2017 in=production$/m);
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
      await answers(
        stage,
        "/docc events kubecon-2017 kind=Service",
        /has no recent events of kind/,
      );
      await answers(stage, "/docc events kubecon-2017 kind=Pdo", /Did you mean kind=Pod\?/);
      const wide = "/docc events kubecon-2017 since=7d kind=Deployment";
      await answers(stage, wide, /in the last 7d, newest first/);
      await answers(stage, "/docc events kubecon-2017 since=soon", /since= takes a duration/);
    });

    it("asks to be invited where a release is asked for that it cannot tell there", async () => {
      const seen = stage.slack.ephemerals("developer").length;
      const { ack } = await developer().command("#random", "/docc rollback kubecon-2017");
      expect(ack.ok).toBe(true);
      await told(stage, /^Accepted: [^]*docc is not in this channel.*\/invite @docc$/m, seen);
      const release = await stage.ended(4);
      expect(say(release)).toBe("succeeded");
      expect(release.spec).toMatchObject({ channel: "CRANDOM", source: { revision: 2 } });
      expect(stage.slack.messages("#random")).toEqual([]);
    });
  });
}

import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { View } from "../../sandbox/slack/types.ts";
import type { Release } from "../../src/release/release.ts";
import { answers, press, viewDiff } from "./deciding.ts";
import { command, rootSays, say, threadSays, uploadFile, uploadManifest } from "./main-job.ts";
import { openStage, type Stage, type Target } from "./stage.ts";

/** What a plan changes, in a modal for who presses the button, and in an answer for who types. */
export function diffJob(target: Target): void {
  describe(`viewing a diff on the ${target.name}`, { timeout: 120_000 }, () => {
    let stage: Stage;
    beforeAll(async () => {
      stage = await openStage(
        { ...target, settings: { approval: { count: 1, from: ["SKUBECON"] } } },
        "socket",
      );
    }, 120_000);
    afterAll(() => stage.close(), 60_000);

    it("shows who decides what a first deploy makes", async () => {
      await uploadManifest(stage, "2-service.json", "tag=2016");
      await rootSays(stage, 1, /\[Approve\] \[Reject\] \[View diff\]/);
      const { text } = await viewDiff(stage, "approver", 1);
      expect(text).toMatch(/^The plan of kubecon-2017 in production: 2016\.$/m);
      expect(text).toContain("Deployment kubecon-2017: new\n");
      expect(text).toContain(
        "container kubecon: image  registry.corp.example.com/demo/kubecon:2016",
      );
      expect(text).toContain("replicas  3\n");
      expect(text).toContain("Service kubecon-2017: new\n");
      await press(stage, "approver", 1, "Approve");
      expect(say(await stage.ended(1))).toBe("succeeded");
    });

    it("shows anybody else the same, with secrets and markup harmless", async () => {
      await uploadFile(stage, { name: "docc.json", content: await changed() });
      await rootSays(stage, 2, /\[View diff\]/);
      const { text, view } = await viewDiff(stage, "developer", 2);
      expect(text).toContain("container kubecon: image  2016 -> 2017\n");
      expect(text).toContain("container kubecon: env DATABASE_URL  added\n");
      expect(text).toContain(
        "container kubecon: args  added: [--greet=<!channel> ``` <@UAPPROVER>]",
      );
      expect(text).toContain("Unchanged: 2 objects");
      expect(JSON.stringify(view)).not.toContain("hunter2");
      expect(mrkdwn(view)).not.toMatch(/<[!@]/);
      const { status } = await latest(stage);
      expect(status?.plan?.diff).not.toContain("hunter2");
      await press(stage, "approver", 2, "Approve");
      expect(say(await stage.ended(2))).toBe("succeeded");
    });

    it("answers who types in words, by the app, by a revision and by a release", async () => {
      const { metadata } = await latest(stage);
      const first = "/docc diff kubecon-2017 revision=1";
      await answers(stage, "/docc diff kubecon-2017", /image {2}2016 -> 2017/);
      await answers(stage, first, /Release 1 of kubecon-2017 in production: 2016\./);
      await answers(stage, `/docc diff ${metadata.name}`, /Release 2 of kubecon-2017/);
      await answers(stage, "/docc diff kubecon-2017 revision=9", /no record of revision 9/);
      await answers(stage, "/docc diff kubecon-2071", /Did you mean kubecon-2017\?/);
    });

    it("says whose words a manifest undoes", async () => {
      await command(stage, "/docc deploy kubecon-2017 scale=5");
      await rootSays(stage, 3, /\[Approve\]/);
      await press(stage, "approver", 3, "Approve");
      expect(say(await stage.ended(3))).toBe("succeeded");
      await uploadFile(stage, { name: "docc.json", content: await changed() });
      const undoes = /scale 5 -> 3: you undo @developer, .*UTC, release 3/;
      await rootSays(stage, 4, undoes);
      expect((await viewDiff(stage, "approver", 4)).text).toMatch(undoes);
      await press(stage, "approver", 4, "Approve");
      expect(say(await stage.ended(4))).toBe("succeeded");
      await threadSays(stage, 4, undoes);
    });

    it("shows a change of labels alone", async () => {
      const content = (await changed()).replace('"maintainer"', '"team": "web", "maintainer"');
      await uploadFile(stage, { name: "docc.json", content });
      await rootSays(stage, 5, /\[View diff\]/);
      expect((await viewDiff(stage, "developer", 5)).text).toMatch(
        /label docc\.dev\/team {2}added: web/,
      );
    });

    it("tells it in words when Slack opens no modal", async () => {
      stage.slack.faults.add({ method: "views.open", kind: "status500", times: 1 });
      await press(stage, "developer", 5, "View diff");
      await stage.until("the developer is answered", () =>
        stage.slack
          .ephemerals("developer")
          .find((each) => /label docc\.dev\/team/.test(stage.slack.render(each))),
      );
    });
  });
}

/** The second slide with another tag, a secret, and words that would call the whole channel. */
async function changed(): Promise<string> {
  const text = await readFile(new URL("../../examples/2-service.json", import.meta.url), "utf8");
  const manifest = JSON.parse(text) as {
    readonly containers: { readonly kubecon: object };
  };
  const { containers, ...rest } = manifest;
  const kubecon = {
    ...containers.kubecon,
    image_tag: "2017",
    env: { DATABASE_URL: "postgres://shop:hunter2@db" },
    args: ["--greet=<!channel> ``` <@UAPPROVER>"],
  };
  return JSON.stringify({ ...rest, containers: { kubecon } });
}

/** What Slack parses of a modal. */
function mrkdwn(view: View): string {
  const found: string[] = [];
  JSON.stringify(view, (_key, value: unknown) => {
    if (typeof value === "object" && value !== null && "type" in value && "text" in value) {
      if (value.type === "mrkdwn") found.push(String(value.text));
    }
    return value;
  });
  return found.join("\n");
}

async function latest(stage: Stage): Promise<Release> {
  const all = await stage.releases();
  const found = all.at(-1);
  if (found === undefined) throw new Error("there is no release");
  return found;
}

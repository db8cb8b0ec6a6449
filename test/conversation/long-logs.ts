import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answerTo, say, uploadManifest } from "./main-job.ts";
import { openStage, type Stage, type Target } from "./stage.ts";

const withoutFiles = [
  "channels:read",
  "chat:write",
  "commands",
  "files:read",
  "groups:read",
  "im:write",
  "users:read",
];

/**
 * Its end in the answer, the whole to the asker alone, and nothing of it that does harm.
 * @param which whether docc may send files
 */
export function longLogsJob(target: Target, which: "with files:write" | "without"): void {
  const where = which === "without" ? { ...target, scopes: withoutFiles } : target;
  const title = `a log too long for a message, ${which}, on the ${target.name}`;
  describe(title, { timeout: 120_000 }, () => {
    let stage: Stage;
    beforeAll(async () => {
      stage = await openStage(where, "socket");
      await uploadManifest(stage, "1-application.json", "tag=3000");
      expect(say(await stage.ended(1))).toBe("succeeded");
    }, 120_000);
    afterAll(() => stage.close(), 60_000);

    it("has its end in the answer, and goes whole as a file to the asker alone", async () => {
      const refused = await answerTo(stage, "/docc logs kubecon-2017 lines=402 pod=nobody");
      expect(stage.slack.render(refused)).toMatch(/^kubecon-2017 has no pod of that name\./);
      const answer = await answerTo(stage, "/docc logs kubecon-2017 lines=500");
      const text = stage.slack.render(answer);
      expect(text).toContain("line 399 of a log");
      expect(text).toMatch(/^ *\(\d+ lines before this\)$/m);
      const files = stage.slack.dms("developer").flatMap((each) => each.files ?? []);
      if (which === "without") {
        expect(files).toEqual([]);
        expect(text).toContain(
          "Here is what fits. docc may not send files, so there is none. An operator can give its Slack app the scope files:write.",
        );
        return;
      }
      expect(text).toContain("All of it is in a file in your direct messages with docc.");
      expect(files).toHaveLength(1);
      const file = stage.slack.workspace.file(files[0] ?? "");
      expect(file?.name).toBe("kubecon-2017.log");
      const lines = file?.content.toString().split("\n") ?? [];
      expect(lines).toHaveLength(500);
      expect(lines.at(-1)).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z [a-z0-9]{5} {2}line 399 of/);
      expect(stage.slack.messages("#deploys").flatMap((each) => each.files ?? [])).toEqual([]);
    });

    it("is masked, and harmless", async () => {
      const answer = await answerTo(stage, "/docc logs kubecon-2017 grep=postgres");
      const text = stage.slack.render(answer);
      expect(text).toContain("connecting by postgres://shop:[masked]@db:5432/shop");
      expect(text).toContain("3 probable secrets are masked.");
      expect(JSON.stringify(answer)).not.toContain("hunter2");
      const red = await answerTo(stage, "/docc logs kubecon-2017 grep=red");
      expect(JSON.stringify(red.blocks)).toContain("red <!channel> ```");
      expect(red.text).not.toContain("channel>");
      expect(JSON.stringify(red.blocks)).not.toContain("\\u001b");
    });
  });
}

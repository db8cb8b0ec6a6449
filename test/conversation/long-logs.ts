import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answerTo, say, uploadManifest } from "./main-job.ts";
import { reads } from "./reading.ts";
import { openStage, type Stage, type Target } from "./stage.ts";
import { steady } from "./steady.ts";

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
      await uploadManifest(stage, "1-application.json", "tag=3000 scale=1");
      expect(say(await stage.ended(1))).toBe("succeeded");
    }, 120_000);
    afterAll(() => stage.close(), 60_000);

    it("has its end in the answer, and goes whole as a file to the asker alone", async () => {
      const refused = await answerTo(stage, "/docc logs kubecon-2017 lines=402 pod=nobody");
      expect(reads(stage, refused)).toMatchInlineSnapshot(`
        "kubecon-2017 has no pod of that name.
        Leave pod= out to read all pods."
      `);
      const answer = await answerTo(stage, "/docc logs kubecon-2017 lines=500");
      const text = reads(stage, answer);
      const files = stage.slack.dms("developer").flatMap((each) => each.files ?? []);
      if (which === "without") {
        expect(files).toEqual([]);
        expect(endsOf(text, { first: 5, last: 2 })).toMatchInlineSnapshot(`
          "The last 402 lines of kubecon-2017 in production.
          1 probable secret is masked.
          Here is what fits. docc may not send files, so there is none. An operator can give its Slack app the scope files:write.
          kubecon-2017.log (UTC)
            (290 lines before this)
          ...
            TIME POD  line 399 of a log that is too long for a message
          [Share]"
        `);
        return;
      }
      expect(endsOf(text, { first: 5, last: 2 })).toMatchInlineSnapshot(`
        "The last 402 lines of kubecon-2017 in production.
        1 probable secret is masked.
        All of it is in a file in your direct messages with docc.
        kubecon-2017.log (UTC)
          (290 lines before this)
        ...
          TIME POD  line 399 of a log that is too long for a message
        [Share]"
      `);
      expect(files).toHaveLength(1);
      const file = stage.slack.workspace.file(files[0] ?? "");
      const { name, content } = file ?? expect.fail("there is no file");
      const lines = content.toString().split("\n");
      expect(lines).toHaveLength(402);
      const shown = steady([name, ...lines].join("\n"), stage);
      expect(endsOf(shown, { first: 2, last: 1 })).toMatchInlineSnapshot(`
        "kubecon-2017.log
        TIME POD  connecting by postgres://shop:[masked]@db:5432/shop
        ...
        TIME POD  line 399 of a log that is too long for a message"
      `);
      expect(stage.slack.messages("#deploys").flatMap((each) => each.files ?? [])).toEqual([]);
    });

    it("is masked, and harmless", async () => {
      const answer = await answerTo(stage, "/docc logs kubecon-2017 grep=postgres");
      expect(reads(stage, answer)).toMatchInlineSnapshot(`
        "1 of the 402 lines read of kubecon-2017 in production contains "postgres".
        1 probable secret is masked.
        kubecon-2017.log (UTC)
          TIME POD  connecting by postgres://shop:[masked]@db:5432/shop
        [Share]"
      `);
      expect(JSON.stringify(answer)).not.toContain("hunter2");
      const red = await answerTo(stage, "/docc logs kubecon-2017 grep=red");
      expect(JSON.stringify(red.blocks)).toContain("red <!channel> ```");
      expect(red.text).not.toContain("channel>");
      expect(JSON.stringify(red.blocks)).not.toContain("\\u001b");
    });
  });
}

/** The first and the last lines of what is long. */
function endsOf(
  text: string,
  { first, last }: { readonly first: number; readonly last: number },
): string {
  const lines = text.split("\n");
  return [...lines.slice(0, first), "...", ...lines.slice(-last)].join("\n");
}

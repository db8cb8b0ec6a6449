import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Ephemeral } from "../../sandbox/slack/types.ts";
import { command, rootSays, say } from "./main-job.ts";
import { openStage, type Stage, type Target } from "./stage.ts";

const run = promisify(execFile);

/** From nothing but an image to an app that runs, without a file of one's own. */
export function initJob(target: Target): void {
  describe(`a first manifest on the ${target.name}`, { timeout: 120_000 }, () => {
    let stage: Stage;
    let answer: Ephemeral;
    beforeAll(async () => {
      stage = await openStage(target, "socket");
    }, 120_000);
    afterAll(() => stage.close(), 60_000);

    const view = (callback: string) =>
      stage.until(`${callback} opens`, () =>
        stage.slack.views("developer").find(({ callbackId }) => callbackId === callback),
      );

    it("is asked for in a form, which says what will not do", async () => {
      await command(stage, "/docc init web image=registry.corp.example.com/demo/kubecon");
      const form = await view("questions_form");
      const { errors } = await stage.slack
        .as("developer")
        .submit(form, { port: "8080", scheme: "http", hosts: "not a host" });
      expect(errors).toEqual({
        image: "The tag is missing: registry.corp.example.com/demo/kubecon:1.0, for example.",
        hosts: expect.stringContaining("is no host name") as string,
      });
      expect(await stage.releases()).toEqual([]);
    });

    it("is written as a file that docc validate takes, for the asker alone", async () => {
      const form = await view("questions_form");
      const image = "registry.corp.example.com/demo/kubecon:2017";
      const given = { image, port: "8080", scheme: "http", hosts: `web.${stage.domain}` };
      const { errors } = await stage.slack.as("developer").submit(form, given);
      expect(errors).toEqual({});
      answer = await stage.until("the manifest is written", () =>
        stage.slack.ephemerals("developer").find(({ text }) => text.includes("is written")),
      );
      expect(stage.slack.render(answer)).toContain("manifest.json is in your direct messages");
      const [id = ""] = stage.slack.dms("developer").flatMap(({ files }) => files);
      const file = stage.slack.workspace.file(id);
      expect(await validated(file?.name ?? "", file?.content ?? Buffer.of())).toMatch(
        /manifest\.json is valid\.\n$/,
      );
      expect(stage.roots()).toEqual([]);
      expect(await stage.releases()).toEqual([]);
    });

    it("is deployed by its button, to success", async () => {
      await stage.slack.as("developer").click(answer, "Deploy");
      const form = await view("manifest_form");
      const { errors } = await stage.slack.as("developer").submit(form, {});
      expect(errors).toEqual({});
      expect(say(await stage.ended(1))).toBe("succeeded");
      await rootSays(stage, 1, /2017 is live in production\. 2 of 2 ready and stable/);
    });
  });
}

/** What `docc validate` prints about a file, as a process of its own. */
async function validated(name: string, content: Buffer): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "docc-init-"));
  try {
    const path = join(folder, name);
    await writeFile(path, content);
    const { stdout } = await run(process.execPath, ["src/cli/bin.ts", "validate", path]);
    return stdout;
  } finally {
    await rm(folder, { recursive: true });
  }
}

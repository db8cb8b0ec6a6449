import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Ephemeral } from "../../sandbox/slack/types.ts";
import { command, say } from "./main-job.ts";
import { reads, readsForm, rootIn } from "./reading.ts";
import { openStage, type Stage, type Target } from "./stage.ts";
import { steady } from "./steady.ts";

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
      expect(readsForm(stage, form)).toMatchInlineSnapshot(`
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
      const { errors } = await stage.slack
        .as("developer")
        .submit(form, { port: "8080", scheme: "http", hosts: "not a host" });
      expect(errors).toMatchInlineSnapshot(`
        {
          "hosts": ""not" is no host name. Write it like shop.example.com.",
          "image": "The tag is missing: registry.corp.example.com/demo/kubecon:1.0, for example.",
        }
      `);
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
      expect(reads(stage, answer)).toMatchInlineSnapshot(`
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
            },
            "ingresses": {
              "web": {
                "scheme": "http",
                "container_port": 8080,
                "hosts": [
                  "web.DOMAIN"
                ]
              }
            }
          }
        [Deploy]"
      `);
      const [id = ""] = stage.slack.dms("developer").flatMap(({ files }) => files);
      const file = stage.slack.workspace.file(id);
      const { name, content } = file ?? expect.fail("there is no file");
      expect(`${name}\n${steady(content.toString(), stage)}`).toMatchInlineSnapshot(`
        "manifest.json
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
          },
          "ingresses": {
            "web": {
              "scheme": "http",
              "container_port": 8080,
              "hosts": [
                "web.DOMAIN"
              ]
            }
          }
        }
        "
      `);
      expect(await validated(name, content)).toMatch(/manifest\.json is valid\.\n$/);
      expect(stage.roots()).toEqual([]);
      expect(await stage.releases()).toEqual([]);
    });

    it("is deployed by its button, to success", async () => {
      await stage.slack.as("developer").click(answer, "Deploy");
      const form = await view("manifest_form");
      expect(readsForm(stage, form)).toMatchInlineSnapshot(`
        "Deploy
        The manifest of web
        Manifest file (optional): [file_input]
        Or paste the manifest (optional): [plain_text_input]
        Words (optional): [tag=2017 scale=3]
        Changes to the manifest, as after /docc deploy.
        [Deploy] [Cancel]"
      `);
      const { errors } = await stage.slack.as("developer").submit(form, {});
      expect(errors).toEqual({});
      const release = await stage.ended(1);
      expect(say(release)).toBe("succeeded");
      const live = /2017 is live in production/;
      expect(await rootIn(stage, release.metadata.name, "succeeded", live)).toMatchInlineSnapshot(`
        "(Deploy of web to production: 2017 is live in production. 2 of 2 ready and stable, SPAN.)
        web -> production   2017
        2017 is live in production. 2 of 2 ready and stable, SPAN.
        http://web.DOMAIN
        Asked by @developer, release 1
        [Logs]"
      `);
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

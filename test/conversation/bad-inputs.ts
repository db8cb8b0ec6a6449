import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { View } from "../../sandbox/slack/types.ts";
import { deployments, ingresses, services } from "../../src/k8s/kinds.ts";
import { openStage, type Stage, type Target } from "./stage.ts";

const manifest = async (): Promise<string> =>
  readFile(new URL("../../examples/4-tls.json", import.meta.url), "utf8");
const slide = async (): Promise<string> =>
  readFile(new URL("../manifest/slides/slide-4-tls.txt", import.meta.url), "utf8");

/** Whatever a person gives docc by mistake: one clear answer, and nothing moves. */
export function badInputsJob(target: Target): void {
  describe(`bad inputs in Slack on the ${target.name}`, { timeout: 120_000 }, () => {
    let stage: Stage;
    beforeAll(async () => {
      stage = await openStage(target, "socket");
    }, 120_000);
    afterAll(() => stage.close(), 60_000);

    it.each([
      [
        "a misspelt command",
        "/docc deplyo web",
        /no command "deplyo".*Did you mean \/docc deploy\?/s,
      ],
      ["an open quote", '/docc deploy web reason="why', /quote is open/],
      ["a word too many", "/docc list all of them", /one word too many.*\/docc list/s],
      ["an unknown key", "/docc logs web colour=red", /knows no colour=/],
      ["a number that is none", "/docc logs web lines=many", /lines= takes a whole number/],
      ["an app that docc does not know", "/docc deploy web tag=1", /does not know web/],
      ["logs of an app that is not there", "/docc logs web", /has no web in production/],
      ["an environment that is not there", "/docc list in=prod", /no environment "prod"/],
      ["a key that comes twice", "/docc deploy web tag=1 tag=2", /tag= is given twice/],
      ["help on nothing", "/docc help hlep", /no command "hlep"/],
      ["a name no app can have", "/docc show <!channel>", /no name of an application/],
    ])("answers %s", async (_what, typed, answer) => {
      const text = await answerTo(stage, typed);
      expect(text).toMatch(answer);
      isFitForPeople(text);
    });

    it.each([
      [
        "a missing comma",
        async () =>
          (await manifest())
            .replace('"image":', '"image" :')
            .replace(/,\s*"image_tag"/, ' "image_tag"'),
        /comma is missing/,
      ],
      [
        "an unknown key",
        async () => (await manifest()).replace('"scale"', '"sclae"'),
        /sclae.*scale/s,
      ],
      [
        "a tag that is a number",
        async () => (await manifest()).replace('"2017"', "2017"),
        /image_tag|quote/,
      ],
      [
        "a Kubernetes object",
        async () => '{"apiVersion":"apps/v1","kind":"Deployment"}',
        /Kubernetes/,
      ],
      ["a list", async () => "[1, 2]", /list/],
      ["no manifest at all", async () => "hello", /manifest/],
      [
        "a port that no container has",
        async () => (await manifest()).replace('"container_port": 8080', '"container_port": 9'),
        /9/,
      ],
      [
        "a forged key",
        async () => (await manifest()).replace('"scale": 3', '"__proto__": {"scale": 3}'),
        /__proto__/,
      ],
    ])("shows %s under the input of the form", async (_what, text, said) => {
      const view = await openForm(stage);
      const { errors } = await stage.slack.as("developer").submit(view, { manifest: await text() });
      const shown = Object.values(errors).join("\n");
      expect(shown).toMatch(said);
      isFitForPeople(shown);
      await stage.slack.as("developer").close(view);
    });

    it("shows the line and a caret of a file that is refused, and keeps the record", async () => {
      const view = await openForm(stage);
      const file = { name: "slide-4.json", content: await slide() };
      await stage.slack.as("developer").submit(view, {}, { file: [file] });
      const release = await stage.ended(1);
      expect(release.status?.phase).toBe("refused");
      const text = await rootOf(stage, /Not deployed/);
      expect(text).toMatch(
        /3:142 not-parsable: A comma is missing between "image" and "image_tag"/,
      );
      expect(text).toMatch(/^ +\| +\^$/m);
      isFitForPeople(text);
    });

    it("says so when a file is larger than any manifest", async () => {
      const view = await openForm(stage);
      const file = { name: "4.json", content: "x".repeat(300 * 1024) };
      await stage.slack.as("developer").submit(view, {}, { file: [file] });
      const release = await stage.ended(2);
      expect(release.status?.verdict?.cause?.code).toBe("file-refused");
      isFitForPeople(await rootOf(stage, /256 KiB/));
    });

    it("leaves alone what it did not make", async () => {
      await stage.world.api.create(services, {
        metadata: { name: "kubecon-2017", namespace: stage.apps },
        spec: { ports: [{ port: 80 }], selector: { app: "somebody-else" } },
      });
      const view = await openForm(stage);
      const file = { name: "4-tls.json", content: await manifest() };
      await stage.slack.as("developer").submit(view, {}, { file: [file] });
      const release = await stage.ended(3);
      expect(release.status?.verdict?.cause?.code).toBe("not-ours");
      await rootOf(stage, /Service kubecon-2017 exists, and docc did not make it/);
    });

    it("lets no guest deploy", async () => {
      const text = await answerTo(stage, "/docc deploy kubecon-2017 tag=1", "guest");
      expect(text).toMatch(/guest|member/i);
    });

    it("has applied nothing in all this", async () => {
      const place = { namespace: stage.apps };
      expect((await stage.world.api.listAll(deployments, place)).items).toEqual([]);
      expect((await stage.world.api.listAll(ingresses, place)).items).toEqual([]);
      expect((await stage.world.api.listAll(services, place)).items).toHaveLength(1);
    });
  });
}

async function answerTo(stage: Stage, typed: string, who = "developer"): Promise<string> {
  const seen = stage.slack.ephemerals(who).length;
  await stage.slack.as(who).command("#deploys", typed);
  return stage.until(`an answer to ${typed}`, () => {
    const fresh = stage.slack.ephemerals(who).slice(seen);
    return fresh.length === 0
      ? undefined
      : fresh.map((each) => stage.slack.render(each)).join("\n");
  });
}

async function openForm(stage: Stage): Promise<View> {
  await stage.slack.as("developer").command("#deploys", "/docc deploy");
  return stage.until("the form opens", () => stage.slack.views("developer").at(-1));
}

async function rootOf(stage: Stage, pattern: RegExp): Promise<string> {
  return stage.until(`a root says ${pattern}`, () => {
    const texts = stage.roots().map((root) => stage.read(root));
    return texts.find((text) => pattern.test(text));
  });
}

/** One answer a person can use: no stack, no internals of the libraries, no live broadcast. */
function isFitForPeople(text: string): void {
  expect(text).not.toMatch(/\n\s+at |Error:|undefined|\[object|node_modules|zod/i);
  expect(text).not.toContain("<!channel>");
}

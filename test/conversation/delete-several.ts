import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deployments } from "../../src/k8s/kinds.ts";
import { answers, hears } from "./deciding.ts";
import { command, say, uploadFile } from "./main-job.ts";
import { openStage, type Stage, type Target } from "./stage.ts";

const apps = ["shop-a", "shop-b", "shop-c"] as const;
const typed = `/docc delete ${apps.join(" ")} in=production reason="the shop is closed"`;

/** Several apps in one request: all of them or none, each in a thread of its own. */
export function deleteSeveralJob(target: Target): void {
  describe(`deleting several apps on the ${target.name}`, { timeout: 240_000 }, () => {
    let stage: Stage;
    beforeAll(async () => {
      stage = await openStage({ ...target, settings: { channel: "CDEPLOYS" } }, "socket");
      for (const [at, app] of apps.entries()) {
        await deploys(stage, app);
        await stage.ended(at + 1);
      }
    }, 240_000);
    afterAll(() => stage.close(), 60_000);

    const there = async (): Promise<readonly string[]> => {
      const { items } = await stage.world.api.listAll(deployments, { namespace: stage.apps });
      return items.map(({ metadata }) => metadata.name).toSorted();
    };

    it("deletes none where one is unknown, or another person's lock holds one", async () => {
      const told = async (words: string, pattern: RegExp): Promise<string> => {
        await answers(stage, words, pattern);
        return stage.slack.render(stage.slack.ephemerals("developer").at(-1) ?? expect.fail());
      };
      const unknown = typed.replace("shop-a", "shop-d");
      expect(await told(unknown, /shop-d/)).toMatchInlineSnapshot(`
        "None is deleted, because 1 of the 3 cannot be.
        docc has no shop-d in production. Did you mean shop-a?
        The others alone: /docc delete shop-b shop-c in=production"
      `);
      await command(stage, '/docc lock shop-b reason="load test"', "approver");
      await hears(stage, "approver", /Locked shop-b in production: load test\./);
      expect(await told(typed, /locked/)).toMatchInlineSnapshot(`
        "None is deleted, because 1 of the 3 cannot be.
        Not deleted: shop-b is locked by @approver: load test. Next: ask them; the app's owners may /docc unlock shop-b in=production.
        The others alone: /docc delete shop-a shop-c in=production"
      `);
      await command(stage, "/docc unlock shop-b", "approver");
      await hears(stage, "approver", /Unlocked shop-b in production\./);
      expect(await stage.releases()).toHaveLength(3);
    });

    it("asks for every name in a form, and stores nothing before that", async () => {
      await command(stage, typed);
      const view = await form(stage);
      expect(JSON.stringify(view.blocks)).toContain("Type shop-a shop-b shop-c to delete them");
      const wrong = await stage.slack.as("developer").submit(view, { confirm: "shop-a shop-b" });
      expect(wrong.errors).toEqual({
        confirm: "Those are not the names: shop-c is missing. Type shop-a shop-b shop-c",
      });
      expect(await stage.releases()).toHaveLength(3);
      expect(await there()).toEqual(apps);
    });

    it("makes one release of each, once, though Slack delivers it twice", async () => {
      const view = await form(stage);
      const names = { confirm: "shop-c shop-b Shop-a" };
      expect((await stage.slack.as("developer").submit(view, names)).errors).toEqual({});
      await stage.slack.redeliver();
      await hears(stage, "developer", /Accepted: the deletion of shop-a, shop-b and shop-c in/);
      await stage.ended(6);
      await stage.slack.redeliver();
      const made = (await stage.releases()).filter(({ spec }) => spec.kind === "delete");
      const outcomes = made.map((each) => [each.spec.app, say(each), each.status?.revision]);
      expect(new Set(outcomes)).toEqual(new Set(apps.map((app) => [app, "succeeded", 2])));
      expect(made).toHaveLength(3);
      expect(await there()).toEqual([]);
    });

    it("tells each in a thread of its own, with its own plan and the reason", async () => {
      const told = (app: string) =>
        stage.until(`the deletion of ${app} is told`, () =>
          stage.roots().find((root) => {
            const text = stage.read(root);
            return text.startsWith(`Delete ${app} from production`) && / is gone /.test(text);
          }),
        );
      const roots = await Promise.all(apps.map(told));
      for (const root of roots) expect(stage.read(root)).toContain('"the shop is closed"');
      const made = (await stage.releases()).filter(({ spec }) => spec.kind === "delete");
      const threads = made.map(({ status }) => status?.slack?.ts);
      expect(new Set(threads)).toEqual(new Set(roots.map(({ ts }) => ts)));
      const planned = made.map(({ status }) => status?.plan?.changes.map(({ name }) => name));
      expect(new Set(planned)).toEqual(new Set(apps.map((app) => [app])));
    });
  });
}

async function deploys(stage: Stage, app: string): Promise<void> {
  const text = await readFile(
    new URL("../../examples/1-application.json", import.meta.url),
    "utf8",
  );
  const content = text.replace('"kubecon-2017"', `"${app}"`);
  await uploadFile(stage, { name: `${app}.json`, content }, "tag=2016 scale=1");
}

async function form(stage: Stage) {
  return stage.until("the form opens", () => {
    const view = stage.slack.views("developer").at(-1);
    return view?.callbackId === "confirm_form" ? view : undefined;
  });
}

import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  deployments,
  horizontalPodAutoscalers,
  ingresses,
  podDisruptionBudgets,
} from "../../src/k8s/kinds.ts";
import type { Release } from "../../src/release/release.ts";
import { answers, press, told } from "./deciding.ts";
import { command, rootSays, say, threadSays, uploadFile, uploadManifest } from "./main-job.ts";
import { openStage, type Stage, type Target } from "./stage.ts";

/** Back to what worked, by button and by command, on every target. */
export function rollbackJob(target: Target): void {
  describe(`rolling back on the ${target.name}`, { timeout: 120_000 }, () => {
    let stage: Stage;
    beforeAll(async () => {
      stage = await openStage(target, "socket");
    }, 120_000);
    afterAll(() => stage.close(), 60_000);

    const ref = (name = "kubecon-2017") => ({ namespace: stage.apps, name });

    it("offers nothing to go back to after the first release", async () => {
      await uploadManifest(stage, "4-tls.json", "tag=2016 scale=2");
      expect(say(await stage.ended(1))).toBe("succeeded");
      expect(await rootSays(stage, 1, /is live/)).toMatch(/\n\[Logs\]$/);
      await answers(stage, "/docc rollback kubecon-2017", /There is no earlier revision of/);
    });

    it("offers the version before after a success, also when only the scale has changed since", async () => {
      await command(stage, "/docc deploy kubecon-2017 tag=2017");
      expect(say(await stage.ended(2))).toBe("succeeded");
      await rootSays(stage, 2, /\[Roll back to 2016\] \[Logs\]$/);
      await command(stage, "/docc deploy kubecon-2017 scale=3");
      expect(say(await stage.ended(3))).toBe("succeeded");
      await rootSays(stage, 3, /\[Roll back to 2016\] \[Logs\]$/);
    });

    it("offers the version that users are on after a failure, and to try again", async () => {
      await command(stage, "/docc deploy kubecon-2017 tag=2018");
      expect(say(await stage.ended(4))).toBe("failed: crash-loop");
      await rootSays(stage, 4, /\[Roll back to 2017\] \[Retry\] \[Logs\]$/);
    });

    it("takes no click of a guest", async () => {
      const root = stage.roots()[3];
      if (root === undefined) throw new Error("the failure has a root message");
      await stage.slack.as("guest").click(root, "Roll back to 2017");
      await stage.until("the guest is told", () =>
        stage.slack.ephemerals("guest").length > 0 ? true : undefined,
      );
      expect(await stage.releases()).toHaveLength(4);
    });

    it("goes back to what worked at the press of the button, at today's scale", async () => {
      await press(stage, "developer", 4, "Roll back to 2017");
      const release = await stage.ended(5);
      expect(say(release)).toBe("succeeded");
      expect(release.spec).toMatchObject({
        kind: "rollback",
        source: { type: "release", revision: 3 },
        requester: { user: "UDEVELOPER" },
      });
      expect(release.status?.revision).toBe(5);
      await rootSays(stage, 5, /production {3}2018 -> 2017, back to revision 3$/m);
      await rootSays(stage, 5, /2017 is live in production\. 3 of 3 ready/);
      expect(await running(stage)).toEqual({ tag: "2017", replicas: 3 });
    });

    it("answers the second click on a button in one sentence, and moves nothing", async () => {
      await press(stage, "developer", 4, "Roll back to 2017");
      const release = await stage.ended(6);
      expect(say(release)).toBe("refused: runs-already");
      expect(release.status).not.toHaveProperty("revision");
      await rootSays(
        stage,
        6,
        /^Not rolled back: production runs 2017 as revision 3 made it already\.$/m,
      );
    });

    it("goes to the revision that is named, and says which scale stays", async () => {
      await command(stage, '/docc rollback kubecon-2017 to=1 reason="2017 is slow"');
      const release = await stage.ended(7);
      expect(say(release)).toBe("succeeded");
      await rootSays(stage, 7, /production {3}2017 -> 2016, back to revision 1$/m);
      await threadSays(stage, 7, /the scale stays 3, as today; revision 1 had 2/);
      expect(await running(stage)).toEqual({ tag: "2016", replicas: 3 });
    });

    it("rolls a rollback back, as a revision like any other", async () => {
      await command(stage, "/docc rollback kubecon-2017");
      const release = await stage.ended(8);
      expect(say(release)).toBe("succeeded");
      expect(release.status?.revision).toBe(7);
      expect(release.spec.source).toMatchObject({ revision: 5 });
      expect(await running(stage)).toEqual({ tag: "2017", replicas: 3 });
      // History is linear: every revision once, newest first, and the way back is one of them.
      await answers(
        stage,
        "/docc history kubecon-2017",
        /^7 \(live\).* rollback to 5 [^]*^6 [^]*^5 [^]*^1 /m,
      );
    });

    it("lets the next scale= start from what runs", async () => {
      await command(stage, "/docc deploy kubecon-2017 scale=2");
      expect(say(await stage.ended(9))).toBe("succeeded");
      expect(await running(stage)).toEqual({ tag: "2017", replicas: 2 });
    });

    it("brings a removed ingress back, and takes an added one away", async () => {
      const text = await readFile(new URL("../../examples/4-tls.json", import.meta.url), "utf8");
      const other = text.replace(/("ingresses": \{\s*)"kubecon-2017"/, '$1"kubecon-admin"');
      await uploadFile(stage, { name: "docc.json", content: other }, "scale=2");
      expect(say(await stage.ended(10))).toBe("succeeded");
      expect(await names(stage)).toEqual(["kubecon-2017-kubecon-admin"]);
      await command(stage, "/docc rollback kubecon-2017");
      const release = await stage.ended(11);
      expect(say(release)).toBe("succeeded");
      expect(actions(release)).toContain("Ingress create");
      expect(actions(release)).toContain("Ingress prune");
      expect(await names(stage)).toEqual(["kubecon-2017"]);
    });

    it("keeps an autoscaler that came since, and fixes the scale when it is told to", async () => {
      await command(stage, "/docc deploy kubecon-2017 scale=2..6");
      expect(say(await stage.ended(12))).toBe("succeeded");
      // A button of long ago: it goes where it says, and the answer says from where.
      await press(stage, "developer", 2, "Roll back to 2016");
      await told(stage, /^Accepted: .* goes from 2017 back to 2016, revision 1\. /);
      expect(say(await stage.ended(13))).toBe("succeeded");
      expect(await running(stage)).toEqual({ tag: "2016", replicas: 2 });
      const { spec } = await stage.world.api.get(horizontalPodAutoscalers, ref());
      expect(spec).toMatchObject({ minReplicas: 2, maxReplicas: 6 });
      await command(stage, "/docc rollback kubecon-2017 to=2 scale=1");
      expect(say(await stage.ended(14))).toBe("succeeded");
      expect(await running(stage)).toEqual({ tag: "2017", replicas: 1 });
      expect(await stage.world.api.find(horizontalPodAutoscalers, ref())).toBeUndefined();
      expect(await stage.world.api.find(podDisruptionBudgets, ref())).toBeUndefined();
    });

    it("refuses what cannot be returned to at once, and says where one can go", async () => {
      const back = "/docc rollback kubecon-2017";
      await answers(
        stage,
        `${back} to=2017`,
        /There is no revision 2017 of .*\n.*: 13 \(2017\), 12 \(2016\)/,
      );
      await answers(stage, `${back} to=4`, /Revision 4 of .* has not succeeded/);
      await answers(stage, `${back} to=13`, /Revision 13 is what runs of .* already/);
      await answers(stage, "/docc rollback kubecon-2071", /Did you mean kubecon-2017\?/);
      expect(await stage.releases()).toHaveLength(14);
    });

    it("has kubectl agree, and tells its story in kubectl get releases", async ({ skip }) => {
      if (!stage.hasKubectl) skip("no kubectl on this machine");
      const status = await stage.kubectl(
        "-n",
        stage.apps,
        "rollout",
        "status",
        "deployment/kubecon-2017",
        "--timeout=10s",
      );
      expect(status).toContain("successfully rolled out");
      const story = await stage.kubectl("-n", stage.home, "get", "releases");
      expect(story.match(/ rollback /g)).toHaveLength(7);
    });
  });
}

async function running({ world, apps }: Stage): Promise<object> {
  const { spec } = await world.api.get(deployments, { namespace: apps, name: "kubecon-2017" });
  const image = spec?.template.spec?.containers[0]?.image ?? "";
  return { tag: image.split(":").at(-1), replicas: spec?.replicas };
}

async function names({ world, apps }: Stage): Promise<readonly (string | undefined)[]> {
  const { items } = await world.api.listAll(ingresses, { namespace: apps });
  return items.map(({ metadata }) => metadata.name);
}

function actions({ status }: Release): readonly string[] {
  return status?.plan?.changes.map(({ kind, action }) => `${kind} ${action}`) ?? [];
}

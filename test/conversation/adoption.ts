import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Ephemeral } from "../../sandbox/slack/types.ts";
import { worldConfig } from "../../sandbox/world.ts";
import { parseConfig, platformOf } from "../../src/config.ts";
import { deployments, type Kind, kindOf, pods } from "../../src/k8s/kinds.ts";
import type { KubeObject } from "../../src/k8s/objects.ts";
import { parseManifest } from "../../src/manifest/parse.ts";
import { translate } from "../../src/manifest/translate.ts";
import type { Plan } from "../../src/release/release.ts";
import { answers, hears, named, press, waiting } from "./deciding.ts";
import { answerTo, command, rootSays, say, threadSays } from "./main-job.ts";
import { openStage, type Stage, type Target } from "./stage.ts";

const image = "registry.corp.example.com/demo/kubecon";

/** What runs without docc becomes docc's: looked at, planned, approved, and not replaced without need. */
export function adoptionJob(target: Target): void {
  describe(`adopting on the ${target.name}`, { timeout: 240_000 }, () => {
    let stage: Stage;
    beforeAll(async () => {
      stage = await openStage(target, "socket");
    }, 120_000);
    afterAll(() => stage.close(), 60_000);

    const developer = () => stage.slack.as("developer");

    async function scale(name: string, replicas: number): Promise<void> {
      const ref = { namespace: stage.apps, name };
      await stage.world.api.patch(deployments, ref, { spec: { replicas } });
    }

    const shown = (name: string) => answerTo(stage, `/docc init from=deployment/${name}`);

    /** Presses the button of what was shown. */
    async function adopt(name: string, answer: Ephemeral): Promise<void> {
      const before = (await stage.releases()).length;
      const { ack } = await developer().click(answer, "Adopt");
      expect(ack.ok).toBe(true);
      // What is acknowledged is stored: a docc that ends here loses nothing.
      expect(await stage.releases()).toHaveLength(before + 1);
      await hears(stage, "developer", new RegExp(`docc plans to take over Deployment ${name} `));
    }

    const adopted = async (name: string): Promise<void> => adopt(name, await shown(name));

    it("shows what runs to who asks, and changes nothing", async () => {
      await create(stage, likeDocc(stage, target, "web"));
      await running(stage, "web", 2);
      const answer = await answerTo(stage, "/docc init from=deployment/web");
      const text = stage.slack.render(answer);
      expect(text).toMatch(/^Deployment web in production, as a manifest\. Nothing is changed\./);
      expect(text).toContain("manifest.yaml is in your direct messages with docc.");
      expect(text).toContain(`image: ${image}`);
      expect(text).toMatch(/Adopt has docc plan to take over Service web, .*Deployment web\./);
      expect(text).toMatch(/\[Adopt\]$/);
      expect(await stage.releases()).toEqual([]);
    });

    it("plans the take-over in a thread, and waits for the yes of who asked", async () => {
      await adopted("web");
      const release = await waiting(stage, 1);
      expect(release.status?.plan?.policy).toMatchObject({
        approvals: 1,
        approvers: ["UDEVELOPER"],
        self: true,
      });
      await rootSays(stage, 1, /2017, taken over as it runs$/m);
      const plan = await rootSays(stage, 1, /Known risks: /);
      expect(plan).toMatch(/takes over Service web from kubectl-create;/);
      expect(plan).toMatch(/takes over Deployment web from kubectl-create\./);
      expect(await labelsOf(stage, "web")).not.toHaveProperty("app.kubernetes.io/managed-by");
      await press(stage, "approver", 1, "Approve");
      await hears(stage, "approver", /You may not decide on this plan\./);
    });

    it("makes it docc's by that yes, and leaves pods alone that would be the same", async () => {
      const before = await podsOf(stage, "web");
      await press(stage, "developer", 1, "Approve");
      const release = await stage.ended(1);
      expect(say(release)).toBe("succeeded");
      expect(await podsOf(stage, "web")).toEqual(before);
      expect(await labelsOf(stage, "web")).toMatchObject({
        "app.kubernetes.io/managed-by": "docc",
        "docc.dev/environment": "production",
      });
      expect(release.status?.inventory?.map(({ kind }) => kind)).toEqual(
        expect.arrayContaining(["Deployment", "Service"]),
      );
      await answers(stage, "/docc status web", /web in production runs 2017, revision 1/);
      await answers(stage, "/docc history web", /2017 taken over/);
      if (stage.hasKubectl) {
        const own = "app.kubernetes.io/managed-by=docc";
        const args = ["get", "deployments,services", "-l", own, "-o", "name"];
        const found = await stage.kubectl("-n", stage.apps, ...args);
        expect(found.trim().split("\n")).toEqual(["deployment.apps/web", "service/web"]);
      }
    });

    it("deploys and deletes it like any other after that", async () => {
      await command(stage, "/docc deploy web tag=2016");
      expect(say(await stage.ended(2))).toBe("succeeded");
      await command(stage, "/docc delete web confirm=web");
      expect(say(await stage.ended(3))).toBe("succeeded");
      expect(await find(stage, deployments, "web")).toBeUndefined();
    });

    it("takes over what Helm made with other fields, by a rollout, and says who may undo that", async () => {
      await create(stage, plain("shop").map(helmed), "helm");
      await running(stage, "shop", 1);
      await adopted("shop");
      await waiting(stage, 4);
      const root = await rootSays(stage, 4, /\[Approve\]/);
      expect(root).toMatch(/takes over Deployment shop from helm/);
      expect(root).toMatch(/Helm made Deployment shop for its release shop: helm upgrade or/);
      expect(root).toMatch(/takes Deployment \S*managed-by\S* from helm/);
      await press(stage, "developer", 4, "Approve");
      expect(say(await stage.ended(4))).toBe("succeeded");
      expect(await labelsOf(stage, "shop")).toMatchObject({
        "app.kubernetes.io/managed-by": "docc",
      });
    });

    it("refuses another object of that name than the one that was looked at", async () => {
      await create(stage, plain("cart"));
      await adopted("cart");
      await waiting(stage, 5);
      await rootSays(stage, 5, /\[Approve\]/);
      const found = await find(stage, deployments, "cart");
      const { uid = "", resourceVersion = "" } = found?.metadata ?? {};
      const ref = { namespace: stage.apps, name: "cart" };
      await stage.world.api.delete(deployments, ref, {
        uid,
        resourceVersion,
        propagationPolicy: "Background",
      });
      await stage.until("it is gone", async () =>
        (await find(stage, deployments, "cart")) === undefined ? true : undefined,
      );
      await create(stage, plain("cart").slice(0, 1));
      await press(stage, "developer", 5, "Approve");
      expect(say(await stage.ended(5))).toBe("refused: changed-outside");
      expect(await labelsOf(stage, "cart")).not.toHaveProperty("app.kubernetes.io/managed-by");
    });

    it("refuses what is not what was shown any more, and says how to look again", async () => {
      await create(stage, plain("till"));
      const before = await shown("till");
      await scale("till", 3);
      await adopt("till", before);
      expect(say(await stage.ended(6))).toBe("refused: changed-outside");
      const root = await rootSays(stage, 6, /Not taken over/);
      expect(root).toMatch(/^Not taken over: Deployment till is not what was shown any more\.$/m);
      expect(root).toMatch(/^Next: look at it again by \/docc init from=deployment\/till in=prod/m);
      expect(await labelsOf(stage, "till")).not.toHaveProperty("app.kubernetes.io/managed-by");
    });

    it("plans anew what changes while people are asked, by what was shown and no other object", async () => {
      await adopted("till");
      const before = await waiting(stage, 7);
      const { plan } = before.status ?? {};
      expect(plan?.manifest).toContain('"scale":3');
      await rootSays(stage, 7, /\[Approve\]/);
      await scale("till", 2);
      await press(stage, "developer", 7, "Approve");
      const again = await stage.until("there is another plan", async () => {
        const { status } = (await named(stage, before.metadata.name)) ?? {};
        const isNew = status?.plan?.number === 2 && status.phase === "awaiting-approval";
        return isNew ? status.plan : undefined;
      });
      expect(again.manifest).toBe(plan?.manifest);
      expect(uidsOf(again)).toEqual(uidsOf(plan));
      expect(uidsOf(plan)).toHaveLength(2);
      await threadSays(stage, 7, /This is plan 2: what runs, or the rules, changed/);
      await command(stage, "/docc approve till");
      expect(say(await stage.ended(7))).toBe("succeeded");
      expect((await find(stage, deployments, "till"))?.spec?.replicas).toBe(3);
    });

    it("says early what cannot be taken over, and offers no button", async () => {
      const [deployment] = plain("old", { app: "old" });
      if (deployment === undefined) throw new Error("nothing to make");
      await create(stage, [deployment]);
      const answer = await answerTo(stage, "/docc init from=deployment/old");
      const text = stage.slack.render(answer);
      expect(text).toMatch(/It cannot be taken over: Deployment old finds its pods by app=old/);
      expect(text).not.toContain("[Adopt]");
      const nothing = await answerTo(stage, "/docc init from=deployment/olt");
      expect(stage.slack.render(nothing)).toMatch(/Did you mean "old"\?/);
    });
  });
}

/** What a plan takes over. */
function uidsOf(plan: Plan | undefined): readonly string[] {
  return (plan?.changes ?? []).flatMap(({ uid }) => uid ?? []);
}

/** docc's own objects for an app, but for the marks on the objects themselves. */
function likeDocc(stage: Stage, { rollout }: Target, app: string): readonly KubeObject[] {
  const { cluster } = stage;
  const config = parseConfig(worldConfig({ cluster, mode: "socket", rollout }), "docc.yaml");
  const settings = config.environments["production"];
  if (settings === undefined) throw new Error("there is no production");
  const platform = platformOf("production", settings, ["production"]);
  const container = { image, image_tag: "2017", ports: [8080], health: { tcp: 8080 } };
  const text = JSON.stringify({
    application: app,
    maintainer: "UDEVELOPER",
    scale: 2,
    containers: { [app]: { ...container, run_as_user: 1000 } },
  });
  const { manifest } = parseManifest(text, { platform });
  if (manifest === undefined) throw new Error("no manifest");
  return translate(manifest, platform).map((object) => {
    const { name, namespace } = object.metadata;
    return { ...object, metadata: { name, namespace, labels: names(app) } } as KubeObject;
  });
}

/** What a person without docc would write. */
export function plain(
  app: string,
  labels: Readonly<Record<string, string>> = names(app),
): readonly KubeObject[] {
  const metadata = { name: app, labels };
  const container = {
    name: app,
    image: `${image}:2017`,
    ports: [{ containerPort: 8080 }],
    env: [{ name: "GREETING", value: "hello" }],
  };
  const deployment = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata,
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { securityContext: { runAsUser: 1000 }, containers: [container] },
      },
    },
  };
  const service = {
    apiVersion: "v1",
    kind: "Service",
    metadata,
    spec: { selector: labels, ports: [{ port: 8080 }] },
  };
  return [deployment, service] as readonly KubeObject[];
}

/** With the marks that Helm puts on what it makes. */
function helmed(object: KubeObject): KubeObject {
  const { labels, name = "" } = object.metadata ?? {};
  const metadata = {
    ...object.metadata,
    labels: { ...labels, "app.kubernetes.io/managed-by": "Helm" },
    annotations: { "meta.helm.sh/release-name": name },
  };
  return { ...object, metadata };
}

function names(app: string): Readonly<Record<string, string>> {
  return { "app.kubernetes.io/instance": app, "app.kubernetes.io/name": app };
}

/** `kubectl create -f`. */
export async function create(
  { world, apps }: Stage,
  objects: readonly KubeObject[],
  fieldManager = "kubectl-create",
): Promise<void> {
  for (const object of objects) {
    const kind = kindOf(object.apiVersion ?? "", object.kind ?? "");
    if (kind === undefined) throw new Error(`unknown kind ${String(object.kind)}`);
    const placed = { ...object, metadata: { ...object.metadata, namespace: apps } };
    await world.api.create(kind, placed, { fieldManager });
  }
}

function find<T extends KubeObject>({ world, apps }: Stage, kind: Kind<T>, name: string) {
  return world.api.find(kind, { namespace: apps, name });
}

async function labelsOf(stage: Stage, name: string): Promise<object> {
  return (await find(stage, deployments, name))?.metadata.labels ?? {};
}

async function running(stage: Stage, name: string, ready: number): Promise<void> {
  await stage.until(`${name} runs`, async () =>
    (await find(stage, deployments, name))?.status?.readyReplicas === ready ? true : undefined,
  );
}

async function podsOf({ world, apps }: Stage, app: string): Promise<readonly string[]> {
  const labelSelector = `app.kubernetes.io/instance=${app}`;
  const { items } = await world.api.listAll(pods, { namespace: apps, labelSelector });
  return items.map(({ metadata }) => metadata.uid).toSorted();
}

/** Where the environment has rules of its own: who may look, and whose yes it takes. */
export function adoptionByRulesJob(target: Target): void {
  describe(`adopting by the rules on the ${target.name}`, { timeout: 120_000 }, () => {
    let stage: Stage;
    beforeAll(async () => {
      const settings = { deployers: ["UDEVELOPER"], approval: { count: 1, from: ["SKUBECON"] } };
      stage = await openStage({ ...target, settings }, "socket");
      await create(stage, plain("shop"));
    }, 120_000);
    afterAll(() => stage.close(), 60_000);

    it("shows what others have made to who may deploy, and to nobody else", async () => {
      await command(stage, "/docc init from=deployment/shop", "maintainer");
      await hears(stage, "maintainer", /^Only those who may deploy to production read it there\./);
      const answer = await answerTo(stage, "/docc init from=deployment/shop");
      expect(stage.slack.render(answer)).toContain("[Adopt]");
      await stage.slack.as("developer").click(answer, "Adopt");
    });

    it("takes over by the yes of those whom the environment asks, not of who asked", async () => {
      expect((await waiting(stage, 1)).status?.plan?.policy).toMatchObject({
        approvals: 1,
        approvers: ["SKUBECON"],
        self: false,
      });
      await rootSays(stage, 1, /\[Approve\]/);
      await press(stage, "developer", 1, "Approve");
      await hears(stage, "developer", /You asked for this, so somebody else must approve it\./);
      await press(stage, "approver", 1, "Approve");
      expect(say(await stage.ended(1))).toBe("succeeded");
    });
  });
}

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  certificates,
  deployments,
  horizontalPodAutoscalers,
  ingresses,
  podDisruptionBudgets,
} from "../../src/k8s/kinds.ts";
import { command, rootSays, say, threadSays, uploadFile } from "./main-job.ts";
import { openStage, type Stage, type Target } from "./stage.ts";

const image = "registry.corp.example.com/demo/kubecon";

/** Most of what a manifest can say at once; everything in it works on both rigs. */
const manifest = (stage: Stage): string => `
application: shop
maintainer: shop-team@corp.example.com
team: payments
scale: 3
auto_tls: true
channel: CSHOPTEAM
containers:
  web:
    image: ${image}
    image_tag: "2016"
    ports: [8080, { port: 9090, name: metrics }]
    command: [/app/server]
    args: ["--price=$(PRICE)"]
    env:
      PRICE: "$$5"
      LOG_LEVEL: info
    cpu: 250m
    memory: 256Mi
    health: { path: /healthz, port: 8080, restart_when_unhealthy: true }
    writable: [/tmp, /var/cache]
    run_as_user: 1000
ingresses:
  shop: { scheme: https, container_port: 8080, hosts: [shop.${stage.domain}], path: /api }
  raw: { scheme: tls, container_port: 8080 }
environments:
  production: { env: { LOG_LEVEL: warn } }
deploy: { timeout: 39s, stable: 2s }
`;

/** The whole manifest as conversations: what it says is what runs, and what it may not say moves nothing. */
export function fullManifest(target: Target): void {
  describe(`the whole manifest on the ${target.name}`, { timeout: 120_000 }, () => {
    let stage: Stage;
    beforeAll(async () => {
      stage = await openStage(target, "socket");
    }, 120_000);
    afterAll(() => stage.close(), 60_000);

    const shop = () => ({ namespace: stage.apps, name: "shop" });

    it("rolls out with all its fields, by the times of its own", async () => {
      await uploadFile(stage, { name: "shop.yaml", content: manifest(stage) });
      const release = await stage.ended(1);
      expect(say(release)).toBe("succeeded");
      await threadSays(stage, 1, /^Applied 7 objects\.$/m);
      await threadSays(stage, 1, /3 of 3 ready\. Watching 2 s/);
      const root = await rootSays(stage, 1, /2016 is live in production/);
      expect(root).toContain(`https://shop.${stage.domain}/api`);
      expect(root).toContain(`https://shop-raw.${stage.domain}`);
    });

    it("has the environment's variables, its user, its budget and its marks in the cluster", async () => {
      const { spec, metadata } = await stage.world.api.get(deployments, shop());
      const [container] = spec?.template.spec?.containers ?? [];
      expect(container?.env).toEqual([
        { name: "LOG_LEVEL", value: "warn" },
        { name: "PRICE", value: "$$$5" },
      ]);
      expect(container?.args).toEqual(["--price=$$(PRICE)"]);
      expect(container?.securityContext).toMatchObject({ runAsUser: 1000 });
      expect(spec?.progressDeadlineSeconds).toBe(39);
      expect(metadata.labels).toMatchObject({ "docc.dev/team": "payments" });
      const { spec: budget } = await stage.world.api.get(podDisruptionBudgets, shop());
      expect(budget?.maxUnavailable).toBe(1);
    });

    it("hands its replicas over to an autoscaler without losing one", async () => {
      await command(stage, "/docc deploy shop scale=5");
      expect(say(await stage.ended(2))).toBe("succeeded");
      await command(stage, "/docc deploy shop scale=2..10");
      const release = await stage.ended(3);
      expect(say(release)).toBe("succeeded");
      const { spec } = await stage.world.api.get(deployments, shop());
      expect(spec?.replicas).toBe(5);
      const { spec: autoscaler } = await stage.world.api.get(horizontalPodAutoscalers, shop());
      expect(autoscaler).toMatchObject({ minReplicas: 2, maxReplicas: 10 });
    });

    it("says that only the autoscaler is new, and that it scales down", async () => {
      const [, , release] = await stage.releases();
      const plan = release?.status?.plan;
      const actions = plan?.changes.map(({ kind, action }) => `${kind} ${action}`);
      expect(actions).toContain("HorizontalPodAutoscaler create");
      expect(actions).toContain("Deployment unchanged");
      expect(plan?.risks).toContain("scales down from 5 to 2");
    });

    it("is told in its own channel from its second release on", () => {
      expect(stage.roots()).toHaveLength(1);
      const own = stage.slack
        .messages("#shop-team")
        .filter(({ threadTs }) => threadTs === undefined);
      expect(own).toHaveLength(2);
    });

    it("starts a new application with the fewest copies of its range, and keeps them", async () => {
      const mall = manifest(stage)
        .replace("application: shop", "application: mall")
        .replace("scale: 3", "scale: { min: 2, max: 4 }")
        .replace(`shop.${stage.domain}`, `mall.${stage.domain}`);
      await uploadFile(stage, { name: "mall.yaml", content: mall });
      expect(say(await stage.ended(4))).toBe("succeeded");
      await rootSays(stage, 2, /2 of 2 ready and stable/);
      const { spec } = await stage.world.api.get(deployments, { ...shop(), name: "mall" });
      expect(spec?.replicas).toBe(2);
    });

    it("removes what the manifest does not say any more, once the release is live", async () => {
      const less = manifest(stage)
        .replace("scale: 3", "scale: 2")
        .replace("  raw: { scheme: tls, container_port: 8080 }\n", "");
      await uploadFile(stage, { name: "shop.yaml", content: less });
      const release = await stage.ended(5);
      expect(say(release)).toBe("succeeded");
      const plan = release.status?.plan;
      expect(plan?.risks).toContain("removes Ingress shop-raw");
      expect(
        plan?.changes.flatMap(({ kind, name, action }) =>
          action === "prune" ? [`${kind} ${name}`] : [],
        ),
      ).toEqual(["Certificate shop-raw", "Ingress shop-raw", "HorizontalPodAutoscaler shop"]);
      const gone = { ...shop(), name: "shop-raw" };
      expect(await stage.world.api.find(ingresses, gone)).toBeUndefined();
      expect(await stage.world.api.find(certificates, gone)).toBeUndefined();
      expect(await stage.world.api.find(horizontalPodAutoscalers, shop())).toBeUndefined();
      expect((await stage.world.api.get(deployments, shop())).spec?.replicas).toBe(2);
      await threadSays(stage, 3, /^Removed Certificate shop-raw, Ingress shop-raw, Horizontal/m);
    });

    it("refuses a host that another application answers to, before anything moves", async () => {
      await stage.world.api.create(ingresses, {
        metadata: { name: "others", namespace: stage.home },
        spec: { rules: [{ host: `cart.${stage.domain}` }] },
      });
      const cart = manifest(stage)
        .replace("application: shop", "application: cart")
        .replace(`shop.${stage.domain}`, `cart.${stage.domain}`);
      await uploadFile(stage, { name: "cart.yaml", content: cart });
      const release = await stage.ended(6);
      expect(say(release)).toBe("refused: host-taken");
      await rootSays(stage, 4, /cart\..* is served by Ingress others in docc-/);
      const found = await stage.world.api.find(deployments, { ...shop(), name: "cart" });
      expect(found).toBeUndefined();
    });

    it("never shows the value of a variable in the thread of a refused manifest", async () => {
      const wrong = manifest(stage)
        .replace('PRICE: "$$5"', "PRICE: s3cr3t")
        .replace("LOG_LEVEL: info", "CODE: 123456");
      await uploadFile(stage, { name: "shop.yaml", content: wrong });
      const release = await stage.ended(7);
      expect(say(release)).toBe("refused: bad-manifest");
      const text = await rootSays(stage, 5, /CODE: •+$/m);
      expect(text).toContain("Put it in quotes.");
      expect(text).not.toMatch(/123456|s3cr3t/);
    });
  });
}

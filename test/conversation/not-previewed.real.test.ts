import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { isKubeError } from "../../src/k8s/errors.ts";
import { defineKind } from "../../src/k8s/kinds.ts";
import type { KubeObject } from "../../src/k8s/objects.ts";
import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { fullDeployment } from "../cluster/support/objects.ts";
import { selfSigned } from "../support/self-signed.ts";
import { command, say, threadSays, uploadManifest } from "./main-job.ts";
import { openStage, realTarget, type Stage } from "./stage.ts";

const configurations = defineKind<KubeObject & { webhooks: readonly object[] }>(
  "admissionregistration.k8s.io/v1",
  "ValidatingWebhookConfiguration",
  "validatingwebhookconfigurations",
  "cluster",
);

const identity = selfSigned("IP:127.0.0.1");
const mayLack = process.env["DOCC_REQUIRE_REAL"] !== "1";

describeOnRealCluster(
  "a webhook with side effects on the real control plane",
  (real) => {
    let stage: Stage;
    let webhook: Server;
    const reviews: { readonly dryRun?: boolean }[] = [];
    const name = `side-effects-${Math.random().toString(36).slice(2, 8)}.example.com`;

    beforeAll(async () => {
      stage = await openStage(realTarget(real), "socket");
      await uploadManifest(stage, "2-service.json", "tag=2016");
      await stage.ended(1);
      webhook = await startWebhook(identity, reviews);
      const { port } = webhook.address() as AddressInfo;
      const made = await stage.world.api.create(configurations, {
        metadata: { name },
        webhooks: [configuration(name, port, stage.apps)],
      });
      await storeWithSideEffects(real.etcd ?? "", name, made);
      await stage.until("the API server asks the webhook", () => refusesDryRuns(stage));
    }, 120_000);
    afterAll(async () => {
      await stage.world.api.delete(configurations, { name });
      await new Promise((resolve) => webhook.close(resolve));
      await stage.close();
    }, 60_000);

    const why = identity === undefined ? " (openssl is not installed)" : "";
    it.skipIf(identity === undefined && mayLack)(
      `does not stop a deploy: its objects are not previewed, and the plan says so${why}`,
      async () => {
        await command(stage, "/docc deploy kubecon-2017 tag=2017");
        const release = await stage.ended(2);
        expect(say(release)).toBe("succeeded");
        const plan = release.status?.plan;
        const seen = plan?.changes.map(({ kind, action, previewed }) => [kind, action, previewed]);
        expect(seen).toContainEqual(["Deployment", "change", false]);
        expect(seen).toContainEqual(["Service", "unchanged", undefined]);
        const risk =
          "Deployment kubecon-2017 is not previewed: an admission webhook there allows no dry run";
        expect(plan?.risks).toContain(risk);
        expect(plan?.diff).toContain('"previewed":false');
        await threadSays(stage, 2, /Deployment kubecon-2017 is not previewed/);
        // The webhook saw the apply, and never a dry run.
        expect(reviews.length).toBeGreaterThan(0);
        expect(reviews.some(({ dryRun }) => dryRun === true)).toBe(false);
      },
      120_000,
    );
  },
  { fakeNodes: true },
);

/**
 * The API server takes no new configuration with side effects since v1beta1 went, but keeps the old ones
 * that etcd has from before an upgrade: so it is written there.
 */
async function storeWithSideEffects(etcd: string, name: string, made: object): Promise<void> {
  const old = JSON.stringify(made).replace('"sideEffects":"None"', '"sideEffects":"Some"');
  const base64 = (text: string): string => Buffer.from(text).toString("base64");
  const response = await fetch(`${etcd}/v3/kv/put`, {
    method: "POST",
    body: JSON.stringify({
      key: base64(`/registry/validatingwebhookconfigurations/${name}`),
      value: base64(old),
    }),
  });
  expect(response.status).toBe(200);
}

/** A policy server that lets everything through and notes what it was asked. */
async function startWebhook(
  certificate: ReturnType<typeof selfSigned>,
  reviews: { readonly dryRun?: boolean }[],
): Promise<Server> {
  const server = createServer(certificate ?? {}, (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const review = JSON.parse(Buffer.concat(chunks).toString("utf8")) as {
        readonly request: { readonly uid: string; readonly dryRun?: boolean };
      };
      reviews.push(review.request);
      const { uid } = review.request;
      response.setHeader("content-type", "application/json");
      response.end(
        JSON.stringify({
          apiVersion: "admission.k8s.io/v1",
          kind: "AdmissionReview",
          response: { uid, allowed: true },
        }),
      );
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return server;
}

/** Asked for the Deployments of one namespace, so that nothing else of the cluster notices. */
function configuration(name: string, port: number, namespace: string): object {
  return {
    name,
    clientConfig: {
      url: `https://127.0.0.1:${port}/review`,
      caBundle: Buffer.from(identity?.cert ?? "").toString("base64"),
    },
    rules: [
      {
        apiGroups: ["apps"],
        apiVersions: ["v1"],
        resources: ["deployments"],
        operations: ["CREATE", "UPDATE"],
      },
    ],
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
    sideEffects: "None",
    failurePolicy: "Fail",
    timeoutSeconds: 5,
    admissionReviewVersions: ["v1"],
  };
}

/** Webhooks count once the API server has heard of them. */
async function refusesDryRuns({ world, apps }: Stage): Promise<true | undefined> {
  const object = fullDeployment({ replicas: 1, image: "registry.example.com/probe:1" });
  const probe = { ...object, metadata: { ...object.metadata, namespace: apps, name: "probe" } };
  try {
    await world.api.apply(probe, { fieldManager: "probe", force: true, dryRun: true });
    return undefined;
  } catch (error) {
    if (!isKubeError(error, "no-dry-run")) throw error;
    return true;
  }
}

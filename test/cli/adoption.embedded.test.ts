import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { type EmbeddedCluster, startEmbeddedCluster } from "../../sandbox/cluster/index.ts";
import { systemClock } from "../../src/clock.ts";
import { createApi } from "../../src/k8s/api.ts";
import { connect } from "../../src/k8s/connection.ts";
import { kindOf } from "../../src/k8s/kinds.ts";
import type { KubeObject } from "../../src/k8s/objects.ts";
import { kubeconfigFor, statusBody, stored } from "../k8s/target.ts";
import { sendJson, startServer, type TestServer } from "../support/http-server.ts";
import { adoptionSuite, docc, kubeconfigs, useKubeconfig } from "./adoption.ts";

describe("on the embedded cluster", () => {
  const write = kubeconfigs();
  let cluster: EmbeddedCluster | undefined;
  afterAll(async () => cluster?.stop());
  adoptionSuite(async () => {
    cluster = await startEmbeddedCluster();
    const { kubeconfig } = cluster;
    return {
      kubeconfigPath: await write(kubeconfig),
      namespace: "default",
      apply: async (objects) => create(kubeconfig, objects as readonly KubeObject[]),
    };
  });
});

async function create(kubeconfigText: string, objects: readonly KubeObject[]): Promise<void> {
  const connection = connect({ kubeconfigText, clock: systemClock });
  const api = createApi(connection);
  for (const object of objects) {
    const kind = kindOf(object.apiVersion ?? "", object.kind ?? "");
    if (kind === undefined) throw new Error(`docc knows no ${object.kind}`);
    const metadata = { ...object.metadata, namespace: "default" };
    await api.create(kind, { ...object, metadata }, { fieldManager: "kubectl" });
  }
  await connection.close();
}

describe("docc init from= where little may be seen", () => {
  const write = kubeconfigs();
  const forbidden = statusBody(403, "Forbidden", "no");
  const empty = { metadata: { resourceVersion: "1" }, items: [] };
  const web = stored("web", "1", { spec: { template: { spec: { containers: [] } } } });
  let server: TestServer | undefined;
  /** What the API server answers, by the last part of the path. */
  const answers = new Map<string, object>();
  beforeEach(() => answers.clear());
  afterAll(async () => server?.close());
  useKubeconfig(async () => {
    server = await startServer(({ url }, response) => {
      const answer = answers.get(url.pathname.split("/").at(-1) ?? "") ?? empty;
      const code = "code" in answer ? Number(answer.code) : 200;
      sendJson(response, answer, code);
    });
    return write(kubeconfigFor(server.url));
  });

  it("says who may not read, and does not pass it for nothing", async () => {
    answers.set("web", forbidden);
    expect(await docc(["init", "from=web"])).toMatchObject({
      status: 2,
      stderr:
        'docc: You may not read Deployments in the namespace "web". Ask for the role view there, or give another --context.\n',
    });
    answers.set("wbe", statusBody(404, "NotFound", "no", { name: "wbe", kind: "deployments" }));
    answers.set("deployments", forbidden);
    expect(await docc(["init", "from=wbe"])).toMatchObject({
      status: 2,
      stderr:
        'docc: There is no Deployment "wbe" in the namespace "web". `kubectl get deployments` lists them.\n',
    });
  });

  it("goes on without kinds that may not be listed, or are not served", async () => {
    answers.set("web", web);
    answers.set("ingresses", forbidden);
    answers.set("certificates", statusBody(404, "NotFound", "the server could not find it"));
    const { status, stderr } = await docc(["init", "from=web", "-f", "-"]);
    expect(status).toBe(0);
    expect(stderr).toContain(
      "- You may not list objects of the kind Ingress: what they do for the application is not here.\n",
    );
    expect(stderr).not.toContain("Certificate");
  });

  it("says that the cluster is out of reach", { timeout: 30_000 }, async () => {
    const gone = await startServer(() => undefined);
    await gone.close();
    process.env["KUBECONFIG"] = await write(kubeconfigFor(gone.url));
    const { status, stderr } = await docc(["init", "from=web"]);
    expect(status).toBe(2);
    expect(stderr).toBe(
      "docc: The cluster is out of reach (ECONNREFUSED): get deployments/web in web.\n",
    );
  });
});

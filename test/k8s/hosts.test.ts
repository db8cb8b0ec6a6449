import { readFile } from "node:fs/promises";
import { expect, describe, it } from "vitest";
import { parse } from "yaml";
import { systemClock } from "../../src/clock.ts";
import { createApi, type KubeApi } from "../../src/k8s/api.ts";
import { connect } from "../../src/k8s/connection.ts";
import { takenHosts } from "../../src/k8s/hosts.ts";
import { kubeconfig } from "../cluster/credentials.ts";
import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { namespacesOf } from "../cluster/support/namespaces.ts";
import { ingress } from "../cluster/support/objects.ts";
import { type Handler, sendJson } from "../support/http-server.ts";
import { eventually } from "../support/until.ts";
import { startTarget, statusBody, stored } from "./target.ts";

const ingressesPath = "/apis/networking.k8s.io/v1/ingresses";
const ownIngressesPath = "/apis/networking.k8s.io/v1/namespaces/web/ingresses";

const list = (items: readonly object[], token = ""): object => ({
  metadata: { resourceVersion: "9", continue: token },
  items,
});

const ofHost = (name: string, ...hosts: readonly (string | undefined)[]): object =>
  stored(name, "1", { spec: { rules: hosts.map((host) => ({ host })) } });

/** Answers by path and page; whatever it does not know is not served. */
const serving =
  (answers: Readonly<Record<string, object | number>>): Handler =>
  ({ url }, response) => {
    const answer = answers[url.pathname + (url.searchParams.get("continue") ?? "")] ?? 404;
    if (typeof answer === "object") sendJson(response, answer);
    else
      sendJson(response, statusBody(answer, answer === 403 ? "Forbidden" : "NotFound", ""), answer);
  };

const namesOf = async (api: KubeApi): Promise<readonly string[]> =>
  (await takenHosts(api, "web")).map(({ host, name }) => `${host} ${name}`);

describe("the hosts that are taken", () => {
  it("are read page by page, with their objects, of the kinds that are served", async () => {
    await using target = await startTarget(
      serving({
        [ingressesPath]: list([ofHost("one", "a.example.com", "a.example.com")], "next"),
        [`${ingressesPath}next`]: list([ofHost("two", undefined, "b.example.com")]),
      }),
    );
    expect(await namesOf(target.api)).toEqual(["a.example.com one", "b.example.com two"]);
    expect(target.server.requests.map(({ url }) => url.searchParams.get("limit"))).toEqual(
      Array.from({ length: 4 }, () => "500"),
    );
  });

  it("are those of the own namespace where the cluster may not be listed", async () => {
    await using target = await startTarget(
      serving({ [ingressesPath]: 403, [ownIngressesPath]: list([ofHost("own", "a.example.com")]) }),
    );
    expect(await namesOf(target.api)).toEqual(["a.example.com own"]);
  });

  it("are none of a kind that may not be listed anywhere", async () => {
    await using target = await startTarget(
      serving({ [ingressesPath]: 403, [ownIngressesPath]: 403 }),
    );
    expect(await namesOf(target.api)).toEqual([]);
  });

  it("are no guess when the cluster does not answer as it should", async () => {
    await using target = await startTarget((_request, response) => sendJson(response, {}));
    await expect(namesOf(target.api)).rejects.toMatchObject({ kind: "bad-answer" });
  });
});

describeOnRealCluster(
  "the hosts that are taken, seen by an account of one namespace",
  (cluster) => {
    const namespaces = namespacesOf(cluster);

    it("are those of its namespace, although it may not list routes at all", async () => {
      const own = await namespaces.create();
      const other = await namespaces.create();
      for (const place of [own, other]) {
        const object = JSON.stringify(ingress("web", [`${place.namespace}.example.com`]));
        await place.ok(["apply", "--server-side", "-f", "-"], object);
      }
      await own.ok(["create", "serviceaccount", "docc"]);
      await own.ok(["create", "role", "docc", "--verb=list", "--resource=ingresses"]);
      const account = `--serviceaccount=${own.namespace}:docc`;
      await own.ok(["create", "rolebinding", "docc", "--role=docc", account]);
      const token = (await own.ok(["create", "token", "docc"])).trim();
      const connection = connect({
        kubeconfigText: await withToken(cluster.kubeconfigPath, token),
        clock: systemClock,
      });
      const api = createApi(connection);
      const taken = await eventually("the role is in force", async () => {
        const hosts = await takenHosts(api, own.namespace);
        return hosts.length === 0 ? undefined : hosts;
      });
      expect(taken).toEqual([
        {
          host: `${own.namespace}.example.com`,
          kind: "Ingress",
          namespace: own.namespace,
          name: "web",
        },
      ]);
      await connection.close();
    });
  },
);

interface Kubeconfig {
  readonly clusters: readonly {
    readonly cluster: {
      readonly server: string;
      readonly "certificate-authority-data": string;
    };
  }[];
}

/** The same cluster for another user. */
async function withToken(path: string, token: string): Promise<string> {
  const { clusters } = parse(await readFile(path, "utf8")) as Kubeconfig;
  const { server, "certificate-authority-data": ca = "" } = clusters[0]?.cluster ?? {};
  return kubeconfig(server ?? "", Buffer.from(ca, "base64").toString(), token);
}

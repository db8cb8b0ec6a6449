import { X509Certificate } from "node:crypto";
import { describe, expect, it } from "vitest";
import { at, type KubeObject, listAt, stringAt } from "../../../sandbox/cluster/facade/json.ts";
import { issue, runIssuer } from "../../../sandbox/cluster/issuer.ts";
import { request, startCluster, stepUntil } from "./support.ts";

const certificates = "/apis/cert-manager.io/v1/namespaces/default/certificates";

const certificate = (name: string): KubeObject => ({
  apiVersion: "cert-manager.io/v1",
  kind: "Certificate",
  metadata: { name, namespace: "default" },
  spec: {
    secretName: `${name}-tls`,
    dnsNames: ["web.example.com"],
    issuerRef: { name: "ca", kind: "ClusterIssuer" },
  },
});

describe("the stand-in issuer", () => {
  it("issues a TLS secret and cert-manager's status, from the certificate and the time alone", () => {
    const { secret, status } = issue(certificate("web"), Date.UTC(2026, 0, 1));
    expect(secret).toMatchObject({
      type: "kubernetes.io/tls",
      metadata: { name: "web-tls", namespace: "default" },
    });
    const text = Buffer.from(stringAt(secret, "data", "tls.crt") ?? "", "base64").toString();
    expect(text).toMatch(/^-----BEGIN CERTIFICATE-----\n/);
    expect(() => new X509Certificate(text)).toThrow();
    expect(status).toMatchObject({
      conditions: [
        {
          type: "Ready",
          status: "True",
          reason: "Ready",
          lastTransitionTime: "2026-01-01T00:00:00Z",
        },
      ],
      notAfter: "2026-04-01T00:00:00Z",
      revision: 1,
    });
  });

  it("answers certificates after its delay, refuses some, and survives faults", async () => {
    await using cluster = await startCluster();
    const { clock, server } = cluster;
    clock.pause();
    const end = new AbortController();
    const refuse = ({ metadata }: KubeObject): string | undefined =>
      metadata.name === "bad" ? "The certificate request has failed to complete" : undefined;
    const done = runIssuer({
      fetch,
      server,
      clock,
      signal: end.signal,
      delayMs: 5_000,
      refuse,
    });
    const ready = async (name: string) => {
      const { body } = await request(cluster, "GET", `${certificates}/${name}`);
      return listAt(body, "status", "conditions").find((entry) => at(entry, "type") === "Ready");
    };
    await request(cluster, "POST", certificates, certificate("web"));
    await clock.step(3_000);
    expect(await ready("web")).toBeUndefined();
    await stepUntil(
      cluster,
      "web ready",
      5,
      async () => at(await ready("web"), "status") === "True",
    );
    expect(
      (await request(cluster, "GET", "/api/v1/namespaces/default/secrets/web-tls")).status,
    ).toBe(200);

    cluster.faults.add({ match: { method: "POST", path: /secrets/ }, times: 2, kind: "status500" });
    cluster.dropWatches();
    await request(cluster, "POST", certificates, certificate("second"));
    await request(cluster, "POST", certificates, certificate("bad"));
    await stepUntil(
      cluster,
      "second ready",
      30,
      async () => at(await ready("second"), "status") === "True",
    );
    expect(await ready("bad")).toMatchObject({ status: "False", reason: "DoesNotExist" });
    expect(
      (await request(cluster, "GET", "/api/v1/namespaces/default/secrets/bad-tls")).status,
    ).toBe(404);
    end.abort();
    await done;
  });
});

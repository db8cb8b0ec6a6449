import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { z } from "zod";
import type { UpstreamOptions } from "./upstream.ts";

const kubeconfig = z.looseObject({
  "current-context": z.string(),
  contexts: z.array(
    z.looseObject({
      name: z.string(),
      context: z.looseObject({ cluster: z.string(), user: z.string() }),
    }),
  ),
  clusters: z.array(
    z.looseObject({
      name: z.string(),
      cluster: z.looseObject({
        server: z.string(),
        "certificate-authority-data": z.string().optional(),
      }),
    }),
  ),
  users: z.array(
    z.looseObject({
      name: z.string(),
      user: z.looseObject({
        "client-certificate-data": z.string().optional(),
        "client-key-data": z.string().optional(),
      }),
    }),
  ),
});

/** A kubeconfig taken apart: what the proxy needs, and the same kubeconfig for docc that leads through it. */
export interface ProxiedKubeconfig {
  readonly upstream: UpstreamOptions;
  /** @param url of the proxy */
  through(url: string): string;
}

/**
 * Reads a kubeconfig for the proxy: it speaks TLS, with the client certificate if there is one; docc
 * speaks plain HTTP on loopback, and brings its bearer token itself. Only what is written inside the
 * file is understood.
 */
export async function proxiedKubeconfig(source: {
  readonly path?: string;
  readonly text?: string;
}): Promise<ProxiedKubeconfig> {
  const text = source.text ?? (await readFile(source.path ?? "", "utf8"));
  const config = kubeconfig.parse(parse(text));
  const context = config.contexts.find(({ name }) => name === config["current-context"])?.context;
  const cluster = config.clusters.find(({ name }) => name === context?.cluster)?.cluster;
  const user = config.users.find(({ name }) => name === context?.user)?.user;
  if (cluster === undefined || user === undefined)
    throw new Error("a kubeconfig without a context");
  const { "client-certificate-data": cert, "client-key-data": key, ...others } = user;
  const pem = { ca: cluster["certificate-authority-data"], cert, key };
  const decoded = Object.entries(pem).flatMap(([name, data]) =>
    data === undefined ? [] : [[name, Buffer.from(data, "base64").toString()]],
  );
  return {
    upstream: { url: cluster.server.replace(/\/$/, ""), ...Object.fromEntries(decoded) },
    through: (url) =>
      JSON.stringify({
        apiVersion: "v1",
        kind: "Config",
        "current-context": "proxied",
        clusters: [{ name: "proxied", cluster: { server: url, "insecure-skip-tls-verify": true } }],
        users: [{ name: "proxied", user: others }],
        contexts: [{ name: "proxied", context: { cluster: "proxied", user: "proxied" } }],
      }),
  };
}

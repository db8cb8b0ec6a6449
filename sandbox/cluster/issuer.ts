import { createHash, generateKeyPairSync } from "node:crypto";
import { type Clock, sleep } from "../../src/clock.ts";
import {
  at,
  isObject,
  type Json,
  type JsonObject,
  type KubeObject,
  listAt,
  objectAt,
  stringAt,
} from "./facade/json.ts";

/*
 * A stand-in for cert-manager: it answers every Certificate with a Secret of the right shape and the
 * conditions cert-manager writes (https://cert-manager.io/docs/reference/api-docs/). What it puts
 * into tls.crt only looks like a certificate: nobody may verify TLS against it.
 */

const day = 86_400_000;
const lifetime = 90 * day;

export interface Issued {
  readonly secret: KubeObject;
  /** The Certificate's `status`. */
  readonly status: JsonObject;
}

const seconds = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");

function condition(
  certificate: KubeObject,
  ready: boolean,
  reason: string,
  message: string,
  now: number,
): JsonObject {
  const status = ready ? "True" : "False";
  const before = listAt(certificate, "status", "conditions").find(
    (entry) => stringAt(entry, "type") === "Ready",
  );
  const since =
    stringAt(before, "status") === status ? stringAt(before, "lastTransitionTime") : undefined;
  return {
    type: "Ready",
    status,
    reason,
    message,
    lastTransitionTime: since ?? seconds(now),
    ...(certificate.metadata.generation === undefined
      ? {}
      : { observedGeneration: certificate.metadata.generation }),
  };
}

/** What cert-manager would leave behind for this Certificate; `now` in milliseconds since the epoch. */
export function issue(certificate: KubeObject, now: number): Issued {
  const { name, namespace = "default" } = certificate.metadata;
  const names = listAt(certificate, "spec", "dnsNames").filter(
    (entry) => typeof entry === "string",
  );
  const issuer = objectAt(certificate, "spec", "issuerRef");
  const revision = Number(at(certificate, "status", "revision") ?? 0) + 1;
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const key = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const secret: KubeObject = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: stringAt(certificate, "spec", "secretName") ?? name,
      namespace,
      labels: { "controller.cert-manager.io/fao": "true" },
      annotations: {
        "cert-manager.io/certificate-name": name,
        "cert-manager.io/alt-names": names.join(","),
        "cert-manager.io/common-name": stringAt(certificate, "spec", "commonName") ?? "",
        "cert-manager.io/issuer-name": stringAt(issuer, "name") ?? "",
        "cert-manager.io/issuer-kind": stringAt(issuer, "kind") ?? "Issuer",
        "cert-manager.io/issuer-group": stringAt(issuer, "group") ?? "cert-manager.io",
      },
    },
    type: "kubernetes.io/tls",
    data: {
      "tls.crt": encoded(standIn(`certificate for ${names.join(", ")}`)),
      "tls.key": encoded(key),
      "ca.crt": encoded(standIn("certificate authority")),
    },
  };
  const message = "Certificate is up to date and has not expired";
  const status: JsonObject = {
    conditions: [condition(certificate, true, "Ready", message, now)],
    notBefore: seconds(now),
    notAfter: seconds(now + lifetime),
    renewalTime: seconds(now + (lifetime * 2) / 3),
    revision,
  };
  return { secret, status };
}

/** The status of a Certificate that cannot be had, with cert-manager's reason for a failed request. */
const refusal = (certificate: KubeObject, why: string, now: number): JsonObject => ({
  ...objectAt(certificate, "status"),
  conditions: [
    condition(
      certificate,
      false,
      "DoesNotExist",
      "Issuing certificate as Secret does not exist",
      now,
    ),
    { ...condition(certificate, false, "Failed", why, now), type: "Issuing" },
  ],
});

const encoded = (text: string): string => Buffer.from(text).toString("base64");

/** PEM in shape only: the body is the text itself and a digest of it. */
function standIn(text: string): string {
  const body = Buffer.from(
    `not a certificate: ${text}\n${createHash("sha256").update(text).digest("hex")}`,
  );
  const lines = body.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

/** The part of `fetch` the issuer uses, so that a caller can bring TLS and credentials. */
type Fetch = (
  url: string,
  init: {
    readonly method: string;
    readonly headers: { readonly [name: string]: string };
    readonly body?: string;
    readonly signal: AbortSignal;
  },
) => Promise<{
  readonly ok: boolean;
  readonly status: number;
  json(): Promise<unknown>;
  readonly body: AsyncIterable<Uint8Array> | null;
}>;

export interface IssuerOptions {
  readonly fetch: Fetch;
  /** The API server, `https://host:port` without a path. */
  readonly server: string;
  readonly clock: Clock;
  /** Ends the issuer. */
  readonly signal: AbortSignal;
  /** How long an issue takes, in milliseconds of `clock`; 0 when left out. */
  readonly delayMs?: number;
  /** A reason not to issue, or undefined to issue. */
  readonly refuse?: (certificate: KubeObject) => string | undefined;
}

const collection = "/apis/cert-manager.io/v1/certificates";

/** How long to wait, on the given clock, before asking a server again that did not answer well. */
const retryMs = 1_000;

/** Issues every Certificate of the cluster until `signal` aborts; survives broken connections. */
export async function runIssuer(options: IssuerOptions): Promise<void> {
  while (!options.signal.aborted) {
    try {
      await listThenWatch(options);
    } catch {
      // A broken connection, a refused list, an expired watch: all are mended by listing again.
      await sleep(options.clock, retryMs, options.signal).catch(() => undefined);
    }
  }
}

async function call(
  options: IssuerOptions,
  method: string,
  path: string,
  body?: JsonObject,
): ReturnType<Fetch> {
  const patch = method === "PATCH";
  return options.fetch(options.server + path, {
    method,
    headers: {
      accept: "application/json",
      "user-agent": "cert-manager-stand-in",
      ...(body === undefined
        ? {}
        : { "content-type": patch ? "application/merge-patch+json" : "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: options.signal,
  });
}

async function listThenWatch(options: IssuerOptions): Promise<void> {
  const listed = await call(options, "GET", collection);
  if (!listed.ok) throw new Error(`the list of certificates was answered ${listed.status}`);
  const list: unknown = await listed.json();
  if (!isObject(list)) throw new Error("the list of certificates is no object");
  const busy = new Set<string>();
  for (const item of listAt(list, "items")) consider(item, busy, options);
  const revision = stringAt(list, "metadata", "resourceVersion") ?? "";
  const watched = await call(
    options,
    "GET",
    `${collection}?watch=true&resourceVersion=${revision}`,
  );
  if (!watched.ok || watched.body === null)
    throw new Error(`the watch was answered ${watched.status}`);
  for await (const event of lines(watched.body)) {
    const type = stringAt(event, "type");
    if (type === "ERROR") throw new Error("the watch expired");
    if (type === "ADDED" || type === "MODIFIED") consider(at(event, "object"), busy, options);
  }
}

async function* lines(body: AsyncIterable<Uint8Array>): AsyncGenerator<Json> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of body) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = parts.pop() ?? "";
    for (const part of parts) if (part !== "") yield JSON.parse(part) as Json;
  }
}

/** Starts work on a Certificate that wants some, once at a time. */
function consider(value: Json | undefined, busy: Set<string>, options: IssuerOptions): void {
  if (!isObject(value) || !isObject(value["metadata"])) return;
  // Served by the API, so it has a name and the rest of its type.
  const certificate = value as KubeObject;
  const { uid = "" } = certificate.metadata;
  if (settled(certificate, options.refuse?.(certificate)) || busy.has(uid)) return;
  busy.add(uid);
  void persist(certificate, options).finally(() => busy.delete(uid));
}

async function persist(certificate: KubeObject, options: IssuerOptions): Promise<void> {
  while (!options.signal.aborted) {
    try {
      await settle(certificate, options);
      return;
    } catch {
      await sleep(options.clock, retryMs, options.signal).catch(() => undefined);
    }
  }
}

/** Whether the status already says what this issuer would write. */
function settled(certificate: KubeObject, why: string | undefined): boolean {
  const conditions = listAt(certificate, "status", "conditions");
  const ready = conditions.find((entry) => stringAt(entry, "type") === "Ready");
  const observed = at(ready, "observedGeneration") ?? certificate.metadata.generation;
  if (stringAt(ready, "status") === "True") return observed === certificate.metadata.generation;
  const failed = conditions.find((entry) => stringAt(entry, "type") === "Issuing");
  return why !== undefined && stringAt(failed, "message") === why;
}

async function settle(certificate: KubeObject, options: IssuerOptions): Promise<void> {
  if ((options.delayMs ?? 0) > 0) await sleep(options.clock, options.delayMs ?? 0, options.signal);
  const { name, namespace = "default" } = certificate.metadata;
  const status = `/apis/cert-manager.io/v1/namespaces/${namespace}/certificates/${name}/status`;
  const why = options.refuse?.(certificate);
  const now = options.clock.now();
  if (why !== undefined) {
    await call(options, "PATCH", status, { status: refusal(certificate, why, now) });
    return;
  }
  const issued = issue(certificate, now);
  const secrets = `/api/v1/namespaces/${namespace}/secrets`;
  const created = await call(options, "POST", secrets, issued.secret);
  if (created.status === 409) {
    const { data, metadata } = issued.secret;
    const { annotations = {}, labels = {} } = metadata;
    const patch: JsonObject = {
      metadata: { annotations, labels },
      ...(data === undefined ? {} : { data }),
    };
    await call(options, "PATCH", `${secrets}/${metadata.name}`, patch);
  } else if (!created.ok) {
    throw new Error(`the secret was answered ${created.status}`);
  }
  const marked = await call(options, "PATCH", status, { status: issued.status });
  if (!marked.ok && marked.status !== 404)
    throw new Error(`the status was answered ${marked.status}`);
}

import { generateKeyPairSync, randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import path from "node:path";

/**
 * Who talks to the API server, and as what. A static token file is all the authentication a
 * throw-away cluster needs: no certificate authority, no openssl, and client-node and kubectl treat
 * a token as in production. The server makes its own serving certificate (`--cert-dir`).
 */
export interface Credentials {
  /** A member of system:masters, which RBAC never refuses. */
  readonly admin: string;
  readonly controllerManager: string;
  readonly scheduler: string;
  /** The fake kubelets and the rig's own controllers; admin's rights under another name for audits. */
  readonly rig: string;
}

export const tokenFile = "tokens.csv";
export const serviceAccountKey = "service-account.key";
export const serviceAccountPublicKey = "service-account.pub";

/** Writes the token file and the service-account signing key, readable by their owner only. */
export async function writeCredentials(folder: string): Promise<Credentials> {
  const token = (): string => randomBytes(24).toString("hex");
  const credentials = {
    admin: token(),
    controllerManager: token(),
    scheduler: token(),
    rig: token(),
  };
  const rows = [
    [credentials.admin, "admin", "admin", '"system:masters"'],
    [credentials.controllerManager, "system:kube-controller-manager", "controller-manager"],
    [credentials.scheduler, "system:kube-scheduler", "scheduler"],
    [credentials.rig, "rig", "rig", '"system:masters"'],
  ];
  const keys = generateKeyPairSync("ec", {
    namedCurve: "P-256",
    privateKeyEncoding: { type: "sec1", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  const secret = { mode: 0o600 };
  await Promise.all([
    writeFile(
      path.join(folder, tokenFile),
      `${rows.map((row) => row.join(",")).join("\n")}\n`,
      secret,
    ),
    writeFile(path.join(folder, serviceAccountKey), keys.privateKey, secret),
    writeFile(path.join(folder, serviceAccountPublicKey), keys.publicKey),
  ]);
  return credentials;
}

/** A kubeconfig of one cluster and one user, as JSON, which every client reads as YAML. */
export function kubeconfig(server: string, ca: string, token: string): string {
  const config = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": "docc",
    clusters: [
      {
        name: "docc",
        cluster: { server, "certificate-authority-data": Buffer.from(ca).toString("base64") },
      },
    ],
    users: [{ name: "docc", user: { token } }],
    contexts: [{ name: "docc", context: { cluster: "docc", user: "docc" } }],
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

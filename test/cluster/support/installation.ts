import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "vitest";
import { parseAllDocuments } from "yaml";
import { eventually } from "../../support/until.ts";
import type { RealCluster } from "../global-setup.ts";
import { kubectlFor } from "../kubectl.ts";

const deploy = path.join(import.meta.dirname, "..", "..", "..", "deploy");

/** Namespaces of one installation; they are made where they are not there. */
export interface Places {
  readonly home: string;
  readonly apps: string;
}

/** An object of deploy/, as much of it as moving it to other namespaces needs. */
interface Shipped {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

/** What `kubectl apply -k deploy` and `-k deploy/applications` install, in namespaces of a test's own. */
export interface Installation {
  /** A kubeconfig, as JSON, of the service account `name` in the home namespace. */
  kubeconfigOf(name: string): Promise<string>;
  /** A kubeconfig, as JSON, of a user whom an administrator stands in for. */
  kubeconfigAs(user: string): Promise<string>;
  /** As an administrator; fails the test with kubectl's complaint unless it exits with 0. */
  admin(args: readonly string[], input?: string): Promise<string>;
  /** As whoever an administrator's kubectl stands in for, or by flags of its own. */
  try(
    args: readonly string[],
    input?: string,
  ): Promise<{ code: number; stdout: string; stderr: string }>;
  /** Takes away what is not in the two namespaces. */
  remove(): Promise<void>;
}

export async function installRights(cluster: RealCluster, places: Places): Promise<Installation> {
  const cache = await mkdtemp(path.join(tmpdir(), "docc-kubectl-"));
  const kubectl = kubectlFor(cluster.kubectlPath, cluster.kubeconfigPath, cache);
  const admin = async (args: readonly string[], input = ""): Promise<string> => {
    const { code, stdout, stderr } = await kubectl(args, { input });
    expect(code, `kubectl ${args.join(" ")}: ${stderr}`).toBe(0);
    return stdout;
  };
  const kubeconfig = async (change: (user: object) => object): Promise<string> => {
    const view = await admin(["config", "view", "--raw", "--minify", "-o", "json"]);
    const config = JSON.parse(view) as { readonly users: readonly { readonly user: object }[] };
    const users = config.users.map((each) => ({ ...each, user: change(each.user) }));
    return JSON.stringify({ ...config, users });
  };
  const objects: object[] = [places.apps].map((name) => ({
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name },
  }));
  for (const folder of [deploy, path.join(deploy, "applications")]) {
    const rendered = await admin(["kustomize", folder]);
    const shipped = parseAllDocuments(rendered).map((each) => each.toJS() as Shipped);
    objects.push(
      ...shipped.filter(({ kind }) => !served.has(kind)).map((each) => moved(each, places)),
    );
  }
  // kubectl applies a list in its order.
  const list = JSON.stringify({ apiVersion: "v1", kind: "List", items: objects });
  await admin(["apply", "--server-side", "-f", "-"], list);
  await eventually("the policies hold", async () => {
    const create = ["create", "--dry-run=server", "-n", places.home, "-f", "-"];
    const tries = await Promise.all(
      forgeries.map((each) => kubectl(create, { input: JSON.stringify(each) })),
    );
    const isRefused = tries.every(({ stderr }) => stderr.includes("ValidatingAdmissionPolicy"));
    return isRefused ? true : undefined;
  });
  return {
    kubeconfigOf: async (name) => {
      const token = await admin(["create", "token", name, "-n", places.home]);
      return kubeconfig((user) => ({ ...user, token: token.trim() }));
    },
    kubeconfigAs: async (name) => kubeconfig((user) => ({ ...user, as: name })),
    admin,
    try: async (args, input = "") => kubectl(args, { input }),
    remove: async () => {
      await admin(["delete", "--ignore-not-found", "-f", "-"], widely(objects));
      await rm(cache, { recursive: true, force: true });
    },
  };
}

const nobody = { provider: "slack", team: "T0", user: "U0" };
const place = { app: "web", environment: "production" };
/** What every policy of creation refuses to an administrator, once it holds: a moment after it is stored. */
const forgeries = [
  {
    kind: "Release",
    spec: {
      ...place,
      kind: "deploy",
      source: { type: "stored" },
      words: {},
      requester: nobody,
    },
  },
  {
    kind: "Decision",
    spec: {
      release: "web-1",
      digest: `sha256:${"0".repeat(64)}`,
      verdict: "approve",
      by: nobody,
    },
  },
  { kind: "Command", spec: { text: "config", by: nobody } },
  { kind: "Application", spec: place },
].map((each) => ({ apiVersion: "docc.dev/v1alpha1", metadata: { name: "forged" }, ...each }));

/** The rig has these already, and other tests use them. */
const served = new Set(["CustomResourceDefinition"]);
const clusterWide = new Set([
  "ClusterRole",
  "ClusterRoleBinding",
  "ValidatingAdmissionPolicy",
  "ValidatingAdmissionPolicyBinding",
]);

/** What an overlay would do: other namespaces, and names of its own for what has none. */
function moved(object: Shipped, { home, apps }: Places): Shipped {
  const text = JSON.stringify(object)
    .replaceAll('"namespace":"docc"', `"namespace":"${home}"`)
    .replaceAll('"namespace":"apps"', `"namespace":"${apps}"`)
    .replaceAll('"kubernetes.io/metadata.name":"docc"', `"kubernetes.io/metadata.name":"${home}"`);
  const there = JSON.parse(text) as Shipped;
  if (object.kind === "Namespace") return renamed(there, home);
  if (!clusterWide.has(object.kind)) return there;
  const own = JSON.parse(
    text.replaceAll(
      /"(?<key>roleRef":\{[^}]*"name|policyName)":"(?<name>[^"]*)"/gu,
      `"$<key>":"$<name>-${home}"`,
    ),
  ) as Shipped;
  return renamed(own, `${object.metadata.name}-${home}`);
}

function renamed(object: Shipped, name: string): Shipped {
  return { ...object, metadata: { ...object.metadata, name } };
}

function widely(objects: readonly object[]): string {
  const items = objects.filter((each) => clusterWide.has((each as Shipped).kind));
  return JSON.stringify({ apiVersion: "v1", kind: "List", items });
}

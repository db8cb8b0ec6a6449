import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect } from "vitest";
import type { RealCluster } from "../global-setup.ts";
import { kubectlFor } from "../kubectl.ts";

/** kubectl in namespaces that one test file makes and, at its end, deletes. */
export interface Namespaces {
  /** Makes a namespace; the returned function runs kubectl in it and expects success. */
  create(): Promise<InNamespace>;
}

export interface InNamespace {
  readonly namespace: string;
  /** What kubectl prints; fails the test with its complaint unless it exits with 0. */
  ok(args: readonly string[], input?: string, onOutput?: (text: string) => void): Promise<string>;
  /** kubectl's exit code, for when failure is what is expected. */
  try(args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }>;
}

export function namespacesOf(cluster: RealCluster): Namespaces {
  const made: string[] = [];
  let cache: Promise<string> | undefined;
  const run = async (args: readonly string[], input = "", onOutput = ignore) => {
    cache ??= mkdtemp(path.join(tmpdir(), "docc-kubectl-"));
    const kubectl = kubectlFor(cluster.kubectlPath, cluster.kubeconfigPath, await cache);
    return kubectl(args, { input, onOutput });
  };
  afterAll(async () => {
    if (made.length > 0) await run(["delete", "namespace", "--wait=false", ...made]);
    if (cache !== undefined) await rm(await cache, { recursive: true, force: true });
  });
  return {
    create: async () => {
      const body = { apiVersion: "v1", kind: "Namespace", metadata: { generateName: "rig-" } };
      const { stdout, stderr } = await run(
        ["create", "-o", "name", "-f", "-"],
        JSON.stringify(body),
      );
      const namespace = stdout.trim().replace("namespace/", "");
      expect(namespace, stderr).not.toBe("");
      made.push(namespace);
      const inside = async (args: readonly string[], input = "", onOutput = ignore) =>
        run(["--namespace", namespace, ...args], input, onOutput);
      return {
        namespace,
        try: inside,
        ok: async (args, input, onOutput) => {
          const { code, stdout: out, stderr: complaint } = await inside(args, input, onOutput);
          expect(code, `kubectl ${args.join(" ")}: ${complaint}`).toBe(0);
          return out;
        },
      };
    },
  };
}

function ignore(_text: string): void {
  // Nobody asked for the output as it comes.
}

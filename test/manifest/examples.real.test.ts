import { spawnSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { peer } from "./reference/peers.ts";

/** In a strict dry run: nothing is stored. */
describeOnRealCluster("a real API server", ({ kubeconfigPath, kubectlPath }) => {
  const dryRun = (yaml: string): string => {
    const words = ["apply", "--server-side", "--dry-run=server", "--validate=strict", "-f", "-"];
    const { status, stderr, error } = spawnSync(
      kubectlPath,
      ["--kubeconfig", kubeconfigPath, ...words],
      { input: yaml, encoding: "utf8" },
    );
    return status === 0 ? "accepted" : `${String(error ?? "")}${stderr}`;
  };

  it.each(globSync("test/manifest/examples/golden/*.yaml").toSorted())("accepts %s", (file) => {
    const inDefault = readFileSync(file, "utf8").replaceAll(
      /namespace: \S+/gu,
      "namespace: default",
    );
    expect(dryRun(inDefault)).toBe("accepted");
  });

  it("accepts the plain Kubernetes objects that docs/manifest.md sets beside docc's manifest", () => {
    const objects = peer(readFileSync("docs/manifest.md", "utf8"), "kubernetes");
    expect(dryRun(objects)).toBe("accepted");
    expect(dryRun(objects.replace("replicas:", "replicaz:"))).toContain("replicaz");
  });
});

import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, it } from "vitest";
import { parseManifest } from "../../src/manifest/parse.ts";
import { defaultPlatform as platform } from "../../src/manifest/platform.ts";
import { renderYaml } from "../../src/manifest/render.ts";
import { translate } from "../../src/manifest/translate.ts";
import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { manifests } from "./arbitrary.ts";

/** The API server's own validation, in a strict dry run: nothing is stored. */
describeOnRealCluster("a real API server", ({ kubeconfigPath, kubectlPath }) => {
  const dryRun = (yaml: string): string => {
    const words = ["apply", "--server-side", "--dry-run=server", "--validate=strict", "-f", "-"];
    const { status, stderr, error } = spawnSync(
      kubectlPath,
      ["--kubeconfig", kubeconfigPath, ...words],
      {
        input: yaml,
        encoding: "utf8",
      },
    );
    return status === 0 ? "accepted" : `${String(error ?? "")}${stderr}`;
  };

  it("accepts the objects of every example", () => {
    const examples = readdirSync("examples").map((name) =>
      readFileSync(`test/manifest/golden/${name.replace(".json", ".yaml")}`, "utf8"),
    );
    expect(dryRun(examples.join(""))).toBe("accepted");
  });

  it("accepts the objects of any valid manifest", () => {
    const seed = Date.now();
    const objects = fc.sample(manifests, { numRuns: 25, seed }).flatMap((written) => {
      const { manifest } = parseManifest(JSON.stringify(written), { platform });
      return manifest === undefined ? [] : translate(manifest, platform);
    });
    expect(objects.length).toBeGreaterThanOrEqual(25);
    expect(dryRun(renderYaml(objects)), `seed ${seed}`).toBe("accepted");
  });

  it("refuses an object that is not sound, so that the above can fail", () => {
    const golden = readFileSync("test/manifest/golden/1-application.yaml", "utf8");
    expect(dryRun(golden.replace("replicas:", "replicaz:"))).toContain("replicaz");
  });
});

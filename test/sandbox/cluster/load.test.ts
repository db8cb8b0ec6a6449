import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const entry = fileURLToPath(new URL("../../../sandbox/cluster/index.ts", import.meta.url));

const script = `
  const { startEmbeddedCluster } = await import(${JSON.stringify(entry)});
  const cluster = await startEmbeddedCluster();
  const version = await (await fetch(cluster.server + "/version")).json();
  await cluster.stop();
  process.stdout.write(version.gitVersion);
`;

it("starts and stops under plain Node, without a bundler, and lets the process end", async () => {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [
    "--input-type=module",
    "--eval",
    script,
  ]);
  expect(stdout).toBe("v1.35.4+embedded");
  expect(stderr).toBe("");
});

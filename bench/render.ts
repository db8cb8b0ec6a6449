import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { RealCluster } from "../test/cluster/global-setup.ts";
import { median, sayFigures, timed } from "./stats.ts";

const run = promisify(execFile);
const largest = 16 * 1024 * 1024;

/**
 * A whole `docc render FILE`, from starting the process to the last byte of YAML, beside
 * `kubectl create --dry-run=client -o yaml` of the objects that it prints, in turns. kubectl asks the API
 * server for its resources, so it has one at hand on loopback.
 */
export async function benchRender(
  { kubeconfigPath, kubectlPath }: Pick<RealCluster, "kubeconfigPath" | "kubectlPath">,
  manifestFile: string,
  rounds: number,
): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), "docc-bench-"));
  const objectsFile = join(folder, "objects.yaml");
  const render = ["dist/docc.js", "render", manifestFile];
  const create = ["create", "--dry-run=client", "-o", "yaml", "-f", objectsFile];
  const ours: number[] = [];
  const theirs: number[] = [];
  try {
    const { stdout } = await run(process.execPath, render, { maxBuffer: largest });
    await writeFile(objectsFile, stdout);
    for (let round = 0; round < rounds; round += 1) {
      ours.push(await timed(() => run(process.execPath, render, { maxBuffer: largest })));
      theirs.push(
        await timed(() =>
          run(kubectlPath, [`--kubeconfig=${kubeconfigPath}`, ...create], { maxBuffer: largest }),
        ),
      );
    }
  } finally {
    await rm(folder, { recursive: true });
  }
  return [
    `docc render, ${manifestFile.padEnd(21)}${sayFigures(ours, "ms")}`,
    `kubectl create --dry-run=client   ${sayFigures(theirs, "ms")}`,
    `ratio of the medians              ${(median(ours) / median(theirs)).toFixed(2)}`,
  ];
}

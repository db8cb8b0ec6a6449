import { readFile } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import { findBinaries } from "../test/cluster/binaries.ts";
import { startControlPlane } from "../test/cluster/control-plane.ts";
import { runIssuer } from "../sandbox/cluster/issuer.ts";
import { benchDeploy } from "./deploy.ts";
import { benchPure } from "./pure.ts";
import { benchStart } from "./start.ts";

/** `npm run bench`: prints figures for docs/performance.md. Absolute times differ from day to day. */
const manifestText = await readFile(new URL("../examples/4-tls.json", import.meta.url), "utf8");
const print = (lines: readonly string[]): void => console.log(`${lines.join("\n")}\n`);

print([
  `${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`,
  `load before: ${(await readFile("/proc/loadavg", "utf8")).trim()}`,
]);
print(await benchPure(manifestText));
const plane = await startControlPlane({ binaries: await findBinaries(), controllers: [runIssuer] });
const cluster = {
  kubeconfigPath: plane.kubeconfigPath,
  kubectlPath: plane.kubectlPath,
  fakeNodes: true,
};
try {
  print(await benchDeploy(cluster, manifestText, 16));
  print(await benchStart(cluster, 5));
} finally {
  await plane.stop();
}

import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import { promisify } from "node:util";
import { findBinaries } from "../test/cluster/binaries.ts";
import { benchDeploy } from "./deploy.ts";
import { benchPure } from "./pure.ts";
import { benchRender } from "./render.ts";
import { benchStart } from "./start.ts";

const run = promisify(execFile);

/** `npm run bench`: prints figures for docs/performance.md. Absolute times differ from day to day. */
const manifestText = await readFile(new URL("../examples/4-tls.json", import.meta.url), "utf8");
/** The talk's last one, and one with most of what a manifest can say. */
const manifests = ["examples/4-tls.json", "examples/web.yaml"];
const print = (lines: readonly string[]): void => console.log(`${lines.join("\n")}\n`);

/** The rig in processes of its own: its fake kubelets shall not take docc's turns of the event loop. */
async function rig(...words: readonly string[]): Promise<string> {
  const { stdout } = await run(process.execPath, ["test/cluster/main.ts", ...words]);
  return stdout;
}

const isRunning = (await rig("status").catch(() => "not")).includes("kubeconfig");
print([
  `${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`,
  `load before: ${(await readFile("/proc/loadavg", "utf8")).trim()}`,
]);
print(await benchPure(manifests));
const kubeconfigPath = /^kubeconfig\s+(\S+)/m.exec(await rig("start"))?.[1] ?? "";
const { program } = await findBinaries();
const cluster = { kubeconfigPath, kubectlPath: program.kubectl, fakeNodes: true };
try {
  for (const manifest of manifests) print(await benchRender(cluster, manifest, 15));
  print(await benchDeploy(cluster, manifestText, 16));
  print(await benchStart(cluster, 5));
} finally {
  if (!isRunning) await rig("stop");
}

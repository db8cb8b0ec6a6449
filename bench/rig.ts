import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { findBinaries } from "../test/cluster/binaries.ts";
import type { RealCluster } from "../test/cluster/global-setup.ts";

const run = promisify(execFile);

/** The rig in processes of its own: its fake kubelets shall not take docc's turns of the event loop. */
async function rig(...words: readonly string[]): Promise<string> {
  const { stdout } = await run(process.execPath, ["test/cluster/main.ts", ...words]);
  return stdout;
}

/** Runs `work` on the real control plane; one that did not run before is stopped again. */
export async function onRig(work: (cluster: RealCluster) => Promise<void>): Promise<void> {
  const isRunning = (await rig("status").catch(() => "not")).includes("kubeconfig");
  const kubeconfigPath = /^kubeconfig\s+(\S+)/m.exec(await rig("start"))?.[1] ?? "";
  const { program } = await findBinaries();
  try {
    await work({ kubeconfigPath, kubectlPath: program.kubectl, fakeNodes: true });
  } finally {
    if (!isRunning) await rig("stop");
  }
}

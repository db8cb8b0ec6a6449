import { setTimeout as pause } from "node:timers/promises";
import type { RealCluster } from "../test/cluster/global-setup.ts";
import { bundle, type Installed, onInstalled } from "./installed.ts";
import { median, sayFigures } from "./stats.ts";

const sources = "src/main.ts";
const settleMs = 10_000;

interface Figures {
  readonly readyMs: number[];
  readonly rssMb: number[];
}

/**
 * From the start of the process to "docc is ready" (Slack connected, records synced), and the
 * resident memory ten seconds later, idle: the bundle beside the sources, in turns.
 */
export async function benchStart(cluster: RealCluster, rounds: number): Promise<readonly string[]> {
  const ofBundle: Figures = { readyMs: [], rssMb: [] };
  const ofSources: Figures = { readyMs: [], rssMb: [] };
  await onInstalled(cluster, { name: "start" }, async (rig) => {
    for (let round = 0; round < rounds; round += 1) {
      await startOnce(rig, bundle, ofBundle);
      await startOnce(rig, sources, ofSources);
    }
  });
  return [
    `start to ready, bundle            ${sayFigures(ofBundle.readyMs, "ms")} (aim <= 1000)`,
    `start to ready, sources           ${sayFigures(ofSources.readyMs, "ms")}`,
    `ratio of the medians              ${(median(ofBundle.readyMs) / median(ofSources.readyMs)).toFixed(2)}`,
    `idle RSS, bundle                  ${sayFigures(ofBundle.rssMb, "MB")} (aim <= 110)`,
    `idle RSS, sources                 ${sayFigures(ofSources.rssMb, "MB")}`,
  ];
}

async function startOnce(rig: Installed, program: string, into: Figures): Promise<void> {
  const docc = await rig.start(program);
  into.readyMs.push(docc.readyMs);
  await pause(settleMs);
  into.rssMb.push(await docc.rssMb());
  await docc.stop();
}

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { FakeSlack } from "../sandbox/slack/fake-slack.ts";
import { startFakeSlack } from "../sandbox/slack/server.ts";
import { openWorld, worldConfig } from "../sandbox/world.ts";
import { systemClock } from "../src/clock.ts";
import type { RealCluster } from "../test/cluster/global-setup.ts";
import { startProcess } from "./process.ts";
import { median, sayFigures } from "./stats.ts";

const programs = { bundle: "dist/docc-bot.js", sources: "src/main.ts" } as const;
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
  const slack = await startFakeSlack({ clock: systemClock });
  const place = {
    kubeconfig: { path: cluster.kubeconfigPath },
    home: "docc-bench-start",
    apps: "apps-bench-start",
  };
  const world = await openWorld(place);
  const folder = await mkdtemp(join(tmpdir(), "docc-bench-"));
  const config = join(folder, "docc.yaml");
  await writeFile(config, worldConfig({ cluster: place }));
  const bundle: Figures = { readyMs: [], rssMb: [] };
  const sources: Figures = { readyMs: [], rssMb: [] };
  try {
    for (let round = 0; round < rounds; round += 1) {
      await startOnce(programs.bundle, config, cluster, slack, bundle);
      await startOnce(programs.sources, config, cluster, slack, sources);
    }
  } finally {
    await world.stop();
    await slack.stop();
    await rm(folder, { recursive: true });
  }
  return [
    `start to ready, bundle            ${sayFigures(bundle.readyMs, "ms")} (aim <= 1000)`,
    `start to ready, sources           ${sayFigures(sources.readyMs, "ms")}`,
    `ratio of the medians              ${(median(bundle.readyMs) / median(sources.readyMs)).toFixed(2)}`,
    `idle RSS, bundle                  ${sayFigures(bundle.rssMb, "MB")} (aim <= 110)`,
    `idle RSS, sources                 ${sayFigures(sources.rssMb, "MB")}`,
  ];
}

async function startOnce(
  program: string,
  config: string,
  { kubeconfigPath }: RealCluster,
  slack: FakeSlack,
  into: Figures,
): Promise<void> {
  const docc = await startProcess(program, config, kubeconfigPath, slack);
  try {
    into.readyMs.push(docc.readyMs);
    await pause(settleMs);
    into.rssMb.push(await docc.rssMb());
  } finally {
    await docc.stop();
  }
}

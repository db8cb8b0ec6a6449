import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { FakeSlack } from "../sandbox/slack/fake-slack.ts";
import { startFakeSlack } from "../sandbox/slack/server.ts";
import { openWorld, worldConfig } from "../sandbox/world.ts";
import { systemClock } from "../src/clock.ts";
import type { RealCluster } from "../test/cluster/global-setup.ts";
import { median, sayFigures } from "./stats.ts";

const programs = { bundle: "dist/docc-bot.js", sources: "src/main.ts" } as const;
const settleMs = 10_000;

/** As `npm start` and docs/install.md start docc: it idles most of its life, so memory counts most. */
export const lean = { flags: ["--max-semi-space-size=1"], env: { MALLOC_ARENA_MAX: "1" } } as const;

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
  { credentials, apiUrl }: FakeSlack,
  into: Figures,
): Promise<void> {
  const started = performance.now();
  const child = spawn(process.execPath, [...lean.flags, program], {
    env: {
      ...lean.env,
      PATH: process.env["PATH"],
      DOCC_CONFIG: config,
      KUBECONFIG: kubeconfigPath,
      SLACK_API_URL: apiUrl,
      SLACK_BOT_TOKEN: credentials.botToken,
      SLACK_APP_TOKEN: credentials.appToken,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = new Promise((resolve) => child.once("exit", resolve));
  try {
    for await (const chunk of child.stdout) {
      if (String(chunk).includes("docc is ready")) break;
    }
    into.readyMs.push(performance.now() - started);
    await pause(settleMs);
    into.rssMb.push(await residentMb(child.pid ?? 0));
  } finally {
    child.kill("SIGTERM");
    await exited;
  }
}

/** Megabytes (10^6 bytes) that the kernel counts as resident: VmRSS of proc(5). */
async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return (Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1_024) / 1_000_000;
}

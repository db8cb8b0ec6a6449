import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import type { FakeSlack } from "../sandbox/slack/fake-slack.ts";
import { startFakeSlack } from "../sandbox/slack/server.ts";
import { openWorld, type WorldCluster, worldConfig } from "../sandbox/world.ts";
import { systemClock } from "../src/clock.ts";
import type { RealCluster } from "../test/cluster/global-setup.ts";
import { startProcess } from "./process.ts";
import { median, sayFigures, sayShares, timed } from "./stats.ts";

const run = promisify(execFile);
const program = "dist/docc-bot.js";
const app = "chatty";
const settleMs = 5_000;
const rolloutMs = 180_000;

/**
 * What many pods have printed (1,000 lines each, about 75 bytes a line), searched by `/docc logs grep=`: how soon
 * the answer is shown, and how much memory it takes at its peak, beside `kubectl logs` of the same pods and lines,
 * in turns. kubectl prints pod after pod; docc merges by time, masks, searches and cuts.
 */
export async function benchLogs(
  cluster: RealCluster,
  { pods, rounds }: { readonly pods: number; readonly rounds: number },
): Promise<readonly string[]> {
  const slack = await startFakeSlack({ clock: systemClock });
  const suffix = Date.now().toString(36);
  const place: WorldCluster = {
    kubeconfig: { path: cluster.kubeconfigPath },
    home: `docc-bench-logs-${suffix}`,
    apps: `apps-bench-logs-${suffix}`,
  };
  const world = await openWorld(place);
  const folder = await mkdtemp(join(tmpdir(), "docc-bench-"));
  const config = join(folder, "docc.yaml");
  await writeFile(
    config,
    worldConfig({ cluster: place, rollout: { timeout: "10m", stable: "1s" } }),
  );
  try {
    const docc = await startProcess(program, config, cluster.kubeconfigPath, slack);
    try {
      await deploy(slack, pods);
      await search(slack, pods);
      await pause(settleMs);
      const idle = await docc.rssMb();
      await docc.forgetPeak();
      const searches: number[] = [];
      const peer: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        searches.push(await timed(() => search(slack, pods)));
        peer.push(await timed(() => kubectlLogs(cluster, place.apps)));
      }
      const peak = await docc.peakMb();
      return [
        `${pods} pods x 1,000 lines: /docc logs grep=  ${sayFigures(searches, "ms")}, ${sayShares(searches)}`,
        `${pods} pods x 1,000 lines: kubectl logs      ${sayFigures(peer, "ms")}`,
        `${pods} pods x 1,000 lines: ratio of medians  ${(median(searches) / median(peer)).toFixed(2)}`,
        `${pods} pods x 1,000 lines: resident memory   ${idle.toFixed(0)} MB idle, ${peak.toFixed(0)} MB at the peak`,
      ];
    } finally {
      await docc.stop();
    }
  } finally {
    await world.stop();
    await slack.stop();
    await rm(folder, { recursive: true });
  }
}

async function deploy(slack: FakeSlack, pods: number): Promise<void> {
  const manifest = JSON.stringify({
    application: app,
    scale: pods,
    containers: {
      [app]: { image: `registry.corp.example.com/demo/${app}`, image_tag: "1000", ports: [8080] },
    },
    maintainer: "maintainer@corp.example.com",
  });
  const developer = slack.as("developer");
  await developer.command("#deploys", "/docc deploy");
  const view = await slack.waitFor(() => slack.views("developer").at(-1));
  await developer.submit(view, { manifest });
  const isLive = (): boolean =>
    slack.messages("#deploys").some(({ text }) => / is live/.test(text));
  await slack.waitFor(isLive, rolloutMs);
}

/** Fails unless every line of every pod was read. */
async function search(slack: FakeSlack, pods: number): Promise<void> {
  const typed = `/docc logs ${app} lines=50 grep="request served"`;
  const { answer } = await slack.as("developer").command("#deploys", typed);
  const heard = await answer(60_000);
  const lines = pods * 1_000;
  const text = heard.kind === "ephemeral" ? heard.ephemeral.text : "";
  if (!text.includes(`${lines} of the ${lines} lines read`)) throw new Error(text.slice(0, 300));
}

async function kubectlLogs(
  { kubeconfigPath, kubectlPath }: RealCluster,
  namespace: string,
): Promise<void> {
  const selector = ["-l", `app.kubernetes.io/instance=${app}`];
  const all = ["--tail=1000", "--timestamps", "--prefix", "--max-log-requests=50"];
  const words = ["--kubeconfig", kubeconfigPath, "-n", namespace, "logs", ...selector, ...all];
  await run(kubectlPath, words, { maxBuffer: 64 * 1024 * 1024 });
}

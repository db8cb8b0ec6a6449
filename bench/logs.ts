import { execFile } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import type { FakeSlack } from "../sandbox/slack/fake-slack.ts";
import type { RealCluster } from "../test/cluster/global-setup.ts";
import { deployPasted, onInstalled } from "./installed.ts";
import { median, sayFigures, sayShares, timed } from "./stats.ts";

const run = promisify(execFile);
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
  // A run finds no leftovers of an earlier one on a cluster that stays.
  const name = `logs-${Date.now().toString(36)}`;
  return onInstalled(cluster, { name, rollout: { timeout: "10m", stable: "1s" } }, async (rig) => {
    const { slack, place } = rig;
    const docc = await rig.start();
    await deployPasted(rig, chatty(pods), rolloutMs);
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
  });
}

const chatty = (pods: number) => ({
  application: app,
  scale: pods,
  containers: {
    [app]: { image: `registry.corp.example.com/demo/${app}`, image_tag: "1000", ports: [8080] },
  },
  maintainer: "maintainer@corp.example.com",
});

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

import { execFile } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import type { FakeSlack } from "../sandbox/slack/fake-slack.ts";
import type { RealCluster } from "../test/cluster/global-setup.ts";
import { copyApp } from "./copies.ts";
import { deployedHead, deployPasted, type Installed, onInstalled } from "./installed.ts";
import { median, sayFigures, sayShares, timed } from "./stats.ts";

const run = promisify(execFile);
const environment = "production";
const pattern = "pattern";
const settleMs = 10_000;
const rolloutMs = 120_000;

interface Crowd {
  readonly apps: number;
  /** Applied releases that each app has. */
  readonly releases: number;
  readonly lists: number;
}

/**
 * Many apps: how much memory docc takes for what it watches, and how soon `/docc list` is answered, the first time
 * after the start and then again and again, beside `kubectl get applications` in the same run. One app is really
 * deployed; the others are copies of its records and its Deployment. No pod runs: the scale is 0.
 */
export async function benchCrowd(cluster: RealCluster, crowd: Crowd): Promise<readonly string[]> {
  const { apps, releases } = crowd;
  const name = `${apps}-${releases}`;
  return onInstalled(cluster, { name, rollout: { timeout: "10m", stable: "1s" } }, async (rig) => {
    await populate(rig, crowd);
    const docc = await rig.start();
    const cold = await timed(() => list(rig.slack, apps));
    const warm: number[] = [];
    const peer: number[] = [];
    for (let turn = 0; turn < crowd.lists; turn += 1) {
      warm.push(await timed(() => list(rig.slack, apps)));
      peer.push(await timed(() => kubectlList(cluster, rig.place.home)));
    }
    await pause(settleMs);
    const what = `${apps} apps x ${releases} releases`;
    return [
      `${what}: start to ready            ${docc.readyMs.toFixed(0)} ms`,
      `${what}: RSS, idle after lists     ${(await docc.rssMb()).toFixed(0)} MB, ${(await docc.peakMb()).toFixed(0)} MB at the peak`,
      `${what}: /docc list, the first     ${cold.toFixed(0)} ms`,
      `${what}: /docc list                ${sayShares(warm)}`,
      `${what}: kubectl get applications  ${sayFigures(peer, "ms")}`,
      `${what}: ratio of the medians      ${(median(warm) / median(peer)).toFixed(2)}`,
    ];
  });
}

/** The pattern, and as many copies as make the crowd. */
async function populate(rig: Installed, { apps, releases }: Crowd): Promise<void> {
  // A cluster that was kept from the last time has it already.
  if ((await deployedHead(rig.api, rig.place, pattern)) === undefined) {
    const docc = await rig.start();
    await deployPasted(rig, manifestIn(rig.place.home), rolloutMs);
    await docc.stop();
  }
  const names = Array.from({ length: apps - 1 }, (_, at) => `app-${String(at).padStart(5, "0")}`);
  const { home, apps: namespace } = rig.place;
  const made = { app: pattern, environment, home, apps: namespace };
  await copyApp(rig.api, made, { apps: names, releases });
}

/** Hosts are unique in a cluster, and other crowds may be in it. */
const manifestIn = (home: string) => ({
  application: pattern,
  scale: 0,
  auto_tls: true,
  ingresses: {
    web: { scheme: "https", container_port: 8080, hosts: [`${pattern}.${home}.example.com`] },
  },
  containers: {
    web: {
      image: `registry.example.com/team/${pattern}`,
      image_tag: "2017",
      ports: [8080],
      env: { LOG_LEVEL: "info", DATABASE: "postgres://db.example.com:5432/app" },
      health: { path: "/healthz" },
    },
  },
  maintainer: [`${pattern}@example.com`],
  team: "shop",
});

async function list(slack: FakeSlack, apps: number): Promise<void> {
  const { answer } = await slack.as("developer").command("#deploys", "/docc list");
  const heard = await answer(60_000);
  const text = heard.kind === "ephemeral" ? heard.ephemeral.text : "";
  if (!text.includes(`docc runs ${apps} apps`)) throw new Error(text.slice(0, 300));
}

async function kubectlList({ kubeconfigPath, kubectlPath }: RealCluster, home: string) {
  const words = ["--kubeconfig", kubeconfigPath, "-n", home, "get", "applications.docc.dev"];
  await run(kubectlPath, words, { maxBuffer: 64 * 1024 * 1024 });
}

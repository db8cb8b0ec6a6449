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
import { mapAtMost } from "../src/commands/at-most.ts";
import type { KubeApi } from "../src/k8s/api.ts";
import { applications, releases } from "../src/k8s/kinds.ts";
import { asApplication, asRelease, createRecords } from "../src/k8s/records.ts";
import { applicationName } from "../src/release/names.ts";
import { accept, enter } from "../src/release/phases.ts";
import type { RealCluster } from "../test/cluster/global-setup.ts";
import { startProcess } from "./process.ts";
import { median, sayFigures, sayShares, timed } from "./stats.ts";

const run = promisify(execFile);
const program = "dist/docc-bot.js";
const environment = "production";
const settleMs = 10_000;
/** Writes to the API server at a time. */
const writers = 20;

/**
 * Many apps: how much memory docc takes for the records that it watches, and how soon `/docc list` is answered,
 * the first time after the start and then again and again, beside `kubectl get applications` in the same run.
 * Each app has its head and one Release that was refused; none of them runs.
 */
export async function benchCrowd(
  cluster: RealCluster,
  { apps, lists }: { readonly apps: number; readonly lists: number },
): Promise<readonly string[]> {
  const slack = await startFakeSlack({ clock: systemClock });
  const place: WorldCluster = {
    kubeconfig: { path: cluster.kubeconfigPath },
    home: `docc-bench-${apps}`,
    apps: `apps-bench-${apps}`,
  };
  const world = await openWorld(place);
  const folder = await mkdtemp(join(tmpdir(), "docc-bench-"));
  const config = join(folder, "docc.yaml");
  await writeFile(config, worldConfig({ cluster: place }));
  try {
    await populate(world.api, place.home, apps);
    const docc = await startProcess(program, config, cluster.kubeconfigPath, slack);
    try {
      const cold = await timed(() => list(slack, apps));
      const warm: number[] = [];
      const peer: number[] = [];
      for (let turn = 0; turn < lists; turn += 1) {
        warm.push(await timed(() => list(slack, apps)));
        peer.push(await timed(() => kubectlList(cluster, place.home)));
      }
      await pause(settleMs);
      return [
        `${apps} apps: start to ready            ${docc.readyMs.toFixed(0)} ms`,
        `${apps} apps: RSS, idle after lists     ${(await docc.rssMb()).toFixed(0)} MB`,
        `${apps} apps: /docc list, the first     ${cold.toFixed(0)} ms`,
        `${apps} apps: /docc list                ${sayShares(warm)}`,
        `${apps} apps: kubectl get applications  ${sayFigures(peer, "ms")}`,
        `${apps} apps: ratio of the medians      ${(median(warm) / median(peer)).toFixed(2)}`,
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

async function list(slack: FakeSlack, apps: number): Promise<void> {
  const seen = slack.ephemerals("developer").length;
  await slack.as("developer").command("#deploys", "/docc list");
  const giveUpAt = performance.now() + 60_000;
  for (;;) {
    const answer = slack.ephemerals("developer")[seen];
    if (answer !== undefined) {
      if (!answer.text.includes(`docc runs ${apps} apps`)) throw new Error(answer.text);
      return;
    }
    if (performance.now() > giveUpAt) throw new Error("/docc list is not answered");
    await pause(2);
  }
}

async function kubectlList({ kubeconfigPath, kubectlPath }: RealCluster, home: string) {
  const words = ["--kubeconfig", kubeconfigPath, "-n", home, "get", "applications.docc.dev"];
  await run(kubectlPath, words, { maxBuffer: 64 * 1024 * 1024 });
}

async function populate(api: KubeApi, home: string, apps: number): Promise<void> {
  const names = Array.from({ length: apps }, (_, at) => `app-${String(at).padStart(5, "0")}`);
  const { items } = await api.listAll(applications, { namespace: home });
  // A cluster that was kept from the last time has them already.
  const there = new Set(items.map(({ metadata }) => metadata.name));
  const missing = names.filter((app) => !there.has(applicationName(app, environment)));
  await mapAtMost(writers, missing, (app) => introduce(api, home, app));
}

async function introduce(api: KubeApi, home: string, app: string): Promise<void> {
  const records = createRecords(api, home);
  // Long ago: of what has just ended docc would still tell Slack.
  const now = Date.now() - 2 * 24 * 3_600_000;
  const text = JSON.stringify({
    application: app,
    scale: 3,
    auto_tls: true,
    ingresses: { web: { hosts: [`${app}.example.com`] } },
    containers: {
      web: {
        image: `registry.example.com/team/${app}`,
        image_tag: "2017",
        ports: [8080],
        env: { LOG_LEVEL: "info", DATABASE: "postgres://db.example.com:5432/app" },
        health: { path: "/healthz" },
      },
    },
    maintainer: [`${app}@example.com`],
    team: "shop",
  });
  const release = await api.create(releases, {
    metadata: { name: `${app}-000000000000`, namespace: home },
    spec: {
      app,
      environment,
      kind: "deploy",
      source: { type: "inline", manifest: text },
      words: {},
      requester: { provider: "kubernetes", team: "", user: "ci" },
    },
  });
  const accepted = accept(asRelease(release), { now });
  const stored = await records.writeStatus(asRelease(release), accepted);
  const cause = {
    code: "no-change",
    sentence: "nothing shall run",
    evidence: [],
    next: "",
  } as const;
  const verdict = {
    outcome: "refused",
    affected: "",
    ready: 0,
    wanted: 0,
    urls: [],
    cause,
  } as const;
  const end = enter(accepted, "refused", { now, actor: "docc" }, { verdict });
  await records.writeStatus(stored, { ...end, app });
  const head = await api.create(applications, {
    metadata: { name: applicationName(app, environment), namespace: home },
    spec: { app, environment },
  });
  const applied = { release: `${app}-000000000000`, revision: 1, manifest: text };
  await records.writeApplication(asApplication(head), {
    nextRevision: 2,
    inventory: [],
    applied,
    current: applied,
  });
}

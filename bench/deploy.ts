import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { startFakeSlack } from "../sandbox/slack/server.ts";
import { startWorld, type World } from "../sandbox/world.ts";
import { systemClock } from "../src/clock.ts";
import { releases } from "../src/k8s/kinds.ts";
import { asRelease } from "../src/k8s/records.ts";
import { canonicalManifest } from "../src/manifest/canonical.ts";
import { changeManifest } from "../src/manifest/change.ts";
import { parseManifest } from "../src/manifest/parse.ts";
import { defaultPlatform, type Platform } from "../src/manifest/platform.ts";
import { renderYaml } from "../src/manifest/render.ts";
import type { Manifest } from "../src/manifest/schema/manifest.ts";
import { translate } from "../src/manifest/translate.ts";
import type { RealCluster } from "../test/cluster/global-setup.ts";
import { sayFigures, timed } from "./stats.ts";
import { median } from "./stats.ts";

const run = promisify(execFile);
// A run finds no leftovers of an earlier one on a cluster that stays.
const suffix = Date.now().toString(36);
const home = `docc-bench-${suffix}`;
const apps = `apps-bench-${suffix}`;

/**
 * From the typed command to all objects accepted by the API server (the release is `progressing`),
 * beside `kubectl apply --server-side` of the same objects, in turns on the same real API server.
 * docc's time holds the accept, the ack, the plan with its dry runs, the records, and the applies.
 */
export async function benchDeploy(
  cluster: RealCluster,
  manifestText: string,
  rounds: number,
): Promise<readonly string[]> {
  const slack = await startFakeSlack({ clock: systemClock });
  const world = await startWorld({
    slack,
    cluster: { kubeconfig: { path: cluster.kubeconfigPath }, home, apps },
    rollout: { timeout: "10m", stable: "1s" },
  });
  const developer = slack.as("developer");
  const { manifest: example } = parseManifest(manifestText, { platform });
  if (example === undefined) throw new Error("the example is not valid");
  // One copy: every round waits for two rollouts, and each copy of one must stay ready for some seconds.
  const manifest: Manifest = { ...example, scale: 1 };
  const docc: number[] = [];
  const kubectl: number[] = [];
  try {
    await deployPasted(developer, { ...manifest, application: "bench-docc" }, slack);
    await ended(world, 1);
    for (let round = 0; round < rounds; round += 1) {
      const tag = round % 2 === 0 ? "2016" : "2017";
      const changed = retagged({ ...manifest, application: "bench-kubectl" }, tag);
      kubectl.push(await timed(() => kubectlApply(cluster, changed)));
      // Its pods shall not roll out under docc's measurement, nor docc's under its own.
      await rolledOut(cluster, changed.application);
      const accepted = whenAccepted(world, round + 2);
      docc.push(
        await timed(async () => {
          await developer.command("#deploys", `/docc deploy bench-docc tag=${tag}`);
          await accepted;
        }),
      );
      await ended(world, round + 2);
    }
  } finally {
    await world.stop();
    await slack.stop();
  }
  const ratio = median(docc.slice(1)) / median(kubectl.slice(1));
  return [
    `command to all objects accepted   ${sayFigures(docc.slice(1), "ms")}`,
    `kubectl apply --server-side       ${sayFigures(kubectl.slice(1), "ms")}`,
    `ratio of the medians              ${ratio.toFixed(2)} over ${rounds - 1} rounds (aim <= 0.5)`,
  ];
}

const platform: Platform = { ...defaultPlatform, namespace: apps };

function retagged(manifest: Manifest, tag: string): Manifest {
  const changed = changeManifest(manifest, { tag }, platform).manifest;
  if (changed === undefined) throw new Error("the tag is not valid");
  return changed;
}

async function kubectlApply(
  { kubeconfigPath, kubectlPath }: RealCluster,
  manifest: Manifest,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "docc-bench-"));
  try {
    const file = join(folder, "objects.yaml");
    await writeFile(file, renderYaml(translate(manifest, platform)));
    const words = ["--kubeconfig", kubeconfigPath, "apply", "--server-side", "-f", file];
    await run(kubectlPath, words);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function rolledOut({ kubeconfigPath, kubectlPath }: RealCluster, app: string): Promise<void> {
  const words = ["--kubeconfig", kubeconfigPath, "-n", apps, "rollout", "status", `deploy/${app}`];
  await run(kubectlPath, words);
}

async function deployPasted(
  developer: ReturnType<Awaited<ReturnType<typeof startFakeSlack>>["as"]>,
  manifest: Manifest,
  slack: Awaited<ReturnType<typeof startFakeSlack>>,
): Promise<void> {
  await developer.command("#deploys", "/docc deploy");
  const view = await slack.waitFor(() => slack.views("developer").at(-1));
  await developer.submit(view, { manifest: canonicalManifest(manifest) });
}

/** Watches for the moment in which the n-th release has all its objects accepted. */
async function whenAccepted(world: World, count: number): Promise<void> {
  await when(world, count, (phase) => ["progressing", "verifying", "succeeded"].includes(phase));
}

async function ended(world: World, count: number): Promise<void> {
  await when(world, count, (phase) => phase === "succeeded");
}

async function when(world: World, count: number, holds: (phase: string) => boolean): Promise<void> {
  const { items, resourceVersion } = await world.api.listAll(releases, { namespace: home });
  const reached = new Set<string>();
  const look = (object: Parameters<typeof asRelease>[0]): boolean => {
    const { metadata, status } = asRelease(object);
    if (holds(status?.phase ?? "")) reached.add(metadata.name);
    return reached.size >= count;
  };
  if (items.map(look).includes(true)) return;
  const stopping = new AbortController();
  const patience = { timeoutSeconds: 60, idleMs: 70_000 };
  const options = { namespace: home, resourceVersion, signal: stopping.signal, ...patience };
  for await (const event of world.api.watch(releases, options)) {
    if (event.type !== "bookmark" && look(event.object)) {
      stopping.abort();
      return;
    }
  }
  throw new Error(`release ${count} did not get there within a minute`);
}

import { readFile } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import type { RealCluster } from "../test/cluster/global-setup.ts";
import { benchAcks } from "./acks.ts";
import { benchCrowd } from "./crowd.ts";
import { benchDay } from "./day.ts";
import { benchDeploy } from "./deploy.ts";
import { benchPure } from "./pure.ts";
import { benchRender } from "./render.ts";
import { benchLogs } from "./logs.ts";
import { onRig } from "./rig.ts";
import { benchStart } from "./start.ts";

/**
 * `npm run bench`: prints figures for docs/performance.md. Absolute times differ from day to day.
 * `npm run bench -- acks` prints those of one part.
 */
const manifestText = await readFile(new URL("../examples/4-tls.json", import.meta.url), "utf8");
/** The talk's last one, and one with most of what a manifest can say. */
const manifests = ["examples/4-tls.json", "examples/web.yaml"];
const print = (lines: readonly string[]): void => console.log(`${lines.join("\n")}\n`);
const load = async (): Promise<string> => (await readFile("/proc/loadavg", "utf8")).trim();

const onCluster = new Map<string, (cluster: RealCluster) => Promise<void>>([
  [
    "render",
    async (cluster) => {
      for (const manifest of manifests) print(await benchRender(cluster, manifest, 15));
    },
  ],
  ["deploy", async (cluster) => print(await benchDeploy(cluster, manifestText, 16))],
  [
    "crowd",
    async (cluster) => {
      const crowds = [
        { apps: 1_000, releases: 1 },
        { apps: 1_000, releases: 10 },
        { apps: 10_000, releases: 1 },
      ];
      for (const crowd of crowds) print(await benchCrowd(cluster, { ...crowd, lists: 30 }));
    },
  ],
  ["logs", async (cluster) => print(await benchLogs(cluster, { pods: 50, rounds: 20 }))],
  ["start", async (cluster) => print(await benchStart(cluster, 5))],
  [
    "acks",
    async (cluster) => print(await benchAcks(cluster, { perSecond: 50, seconds: 20, apps: 20 })),
  ],
]);
const alone = new Map<string, () => Promise<void>>([
  ["pure", async () => print(await benchPure(manifests))],
  ["day", () => benchDay({ deploys: 1_000, apps: 20, say: (line) => console.log(line) })],
]);

const [only] = process.argv.slice(2);
const isAsked = (name: string): boolean => only === undefined || only === name;
const names = [...alone.keys(), ...onCluster.keys()];
if (only !== undefined && !names.includes(only)) {
  throw new Error(`there is no ${only}: ${names.join(", ")}`);
}
print([
  `${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`,
  `load before: ${await load()}`,
]);
for (const [name, bench] of alone) if (isAsked(name)) await bench();
const asked = [...onCluster].filter(([name]) => isAsked(name));
if (asked.length > 0) {
  await onRig(async (cluster) => {
    for (const [, bench] of asked) await bench(cluster);
  });
}
print([`load after: ${await load()}`]);

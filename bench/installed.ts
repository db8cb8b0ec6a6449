import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FakeSlack } from "../sandbox/slack/fake-slack.ts";
import { startFakeSlack } from "../sandbox/slack/server.ts";
import { openWorld, type WorldCluster, worldConfig, type WorldOptions } from "../sandbox/world.ts";
import { systemClock } from "../src/clock.ts";
import type { KubeApi } from "../src/k8s/api.ts";
import { applications } from "../src/k8s/kinds.ts";
import type { OpaqueObject, Stored } from "../src/k8s/objects.ts";
import { asApplication } from "../src/k8s/records.ts";
import { applicationName } from "../src/release/names.ts";
import type { RealCluster } from "../test/cluster/global-setup.ts";
import { eventually } from "../test/support/until.ts";
import { type BenchedDocc, startProcess } from "./process.ts";

export const bundle = "dist/docc-bot.js";

/** docc, installed on the real control plane and started as often as a bench wants. */
export interface Installed {
  readonly slack: FakeSlack;
  /** For looking at the cluster past docc. */
  readonly api: KubeApi;
  readonly place: WorldCluster;
  /** @param program a file that Node runs; the bundle unless told */
  start(program?: string): Promise<BenchedDocc>;
}

/**
 * Installs docc into namespaces of its own beside an emulated Slack, and stops whatever of it runs afterwards.
 * @param name of the namespaces: a cluster that is kept has what an earlier run under the same name made
 */
export async function onInstalled<Result>(
  { kubeconfigPath }: RealCluster,
  { name, ...settings }: { readonly name: string } & Pick<WorldOptions, "rollout" | "top">,
  work: (installed: Installed) => Promise<Result>,
): Promise<Result> {
  const slack = await startFakeSlack({ clock: systemClock });
  const place: WorldCluster = {
    kubeconfig: { path: kubeconfigPath },
    home: `docc-bench-${name}`,
    apps: `apps-bench-${name}`,
  };
  const world = await openWorld(place);
  const folder = await mkdtemp(join(tmpdir(), "docc-bench-"));
  const config = join(folder, "docc.yaml");
  await writeFile(config, worldConfig({ cluster: place, ...settings }));
  const running: BenchedDocc[] = [];
  const start = async (program = bundle): Promise<BenchedDocc> => {
    const docc = await startProcess(program, config, kubeconfigPath, slack);
    running.push(docc);
    return docc;
  };
  try {
    return await work({ slack, api: world.api, place, start });
  } finally {
    await Promise.all(running.map((docc) => docc.stop()));
    await world.stop();
    await slack.stop();
    await rm(folder, { recursive: true });
  }
}

/** Pastes a manifest as the developer, and waits until a release of its application has succeeded. */
export async function deployPasted(
  { slack, api, place }: Installed,
  manifest: { readonly application: string } & Readonly<Record<string, unknown>>,
  patienceMs: number,
): Promise<void> {
  const developer = slack.as("developer");
  await developer.command("#deploys", "/docc deploy");
  const view = await slack.waitFor(() => slack.views("developer").at(-1));
  const { errors } = await developer.submit(view, { manifest: JSON.stringify(manifest) });
  if (Object.keys(errors).length > 0) throw new Error(JSON.stringify(errors));
  const ask = () => deployedHead(api, place, manifest.application);
  await eventually(`${manifest.application} succeeds`, ask, patienceMs);
}

/** The record of an application that runs in production. */
export async function deployedHead(
  api: KubeApi,
  { home }: Pick<WorldCluster, "home">,
  app: string,
): Promise<Stored<OpaqueObject> | undefined> {
  const name = applicationName(app, "production");
  const head = await api.find(applications, { namespace: home, name });
  return head !== undefined && asApplication(head).status?.current !== undefined ? head : undefined;
}

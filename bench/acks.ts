import { setTimeout as pause } from "node:timers/promises";
import type { FakeSlack } from "../sandbox/slack/fake-slack.ts";
import { startFakeSlack } from "../sandbox/slack/server.ts";
import { openWorld, type WorldCluster } from "../sandbox/world.ts";
import { systemClock } from "../src/clock.ts";
import type { KubeApi } from "../src/k8s/api.ts";
import { releases } from "../src/k8s/kinds.ts";
import { asRelease } from "../src/k8s/records.ts";
import { phaseOf } from "../src/release/phases.ts";
import type { Release } from "../src/release/release.ts";
import type { RealCluster } from "../test/cluster/global-setup.ts";
import { type DoccProcess, spawnDocc } from "../test/conversation/process.ts";
import { kubernetes } from "../test/support/proxy/calls.ts";
import { pass } from "../test/support/proxy/fates.ts";
import { type FaultProxy, startFaultProxy } from "../test/support/proxy/fault-proxy.ts";
import { proxiedKubeconfig } from "../test/support/proxy/kubeconfig.ts";
import { eventually } from "../test/support/until.ts";
import { introduce } from "./apps.ts";
import { lean } from "./process.ts";
import { sayShares } from "./stats.ts";

interface Load {
  readonly perSecond: number;
  readonly seconds: number;
  /** docc knows so many, and the commands go round among them. */
  readonly apps: number;
}

/** One typed command, and what came of it within Slack's three seconds. */
interface Typed {
  readonly mark: string;
  readonly app: string;
  readonly ms: number;
  readonly heard: "accepted" | "refused" | "nothing";
}

/** What one round of commands came to. */
interface Round {
  readonly typed: readonly Typed[];
  /** Acknowledged as accepted, and not there. */
  readonly lost: number;
  /** Told "not accepted", and stored all the same. */
  readonly late: number;
  /** Of them, those whose requester heard nothing later. */
  readonly untold: number;
}

const rollout = { timeout: "60s", stable: "1s" };
/** Longer than docc goes on with a request whose acknowledgement is over. */
const graceMs = 35_000;

/**
 * From the delivery of `/docc deploy` to its acknowledgement as Slack sees it, over Socket Mode, with docc as
 * production runs it. The environment asks for approval, so that no rollouts take the machine meanwhile.
 * Then the same while every answer of the API server takes a second.
 */
export async function benchAcks(cluster: RealCluster, load: Load): Promise<readonly string[]> {
  const slack = await startFakeSlack({ clock: systemClock });
  const through = await proxiedKubeconfig({ path: cluster.kubeconfigPath });
  const proxy = await startFaultProxy({
    upstream: through.upstream,
    dialect: kubernetes,
    remembers: 0,
  });
  const name = Date.now().toString(36);
  const straight: WorldCluster = {
    kubeconfig: { path: cluster.kubeconfigPath },
    home: `docc-acks-${name}`,
    apps: `apps-acks-${name}`,
  };
  const proxied = { ...straight, kubeconfig: { text: through.through(proxy.url) } };
  const world = await openWorld(straight);
  const apps = Array.from({ length: load.apps }, (_, at) => `acks-${at}`);
  const rig = { api: world.api, home: straight.home, apps, slack };
  try {
    await withDocc(slack, straight, {}, () => introduced(rig));
    const figures: string[] = [];
    const settings = { approval: { count: 1, from: ["UAPPROVER"] } };
    await withDocc(slack, straight, settings, async () => {
      await play(rig, { ...load, seconds: 3 }, "warm");
      figures.push(...say("acks", load, await play(rig, load, "plain")));
    });
    await withDocc(slack, proxied, settings, async () => {
      figures.push(...say("acks, API server takes 1 s", load, await playSlowly(rig, load, proxy)));
    });
    return figures;
  } finally {
    await world.stop();
    await proxy.close();
    await slack.stop();
  }
}

interface Rig {
  readonly api: KubeApi;
  readonly home: string;
  readonly apps: readonly string[];
  readonly slack: FakeSlack;
}

async function withDocc(
  slack: FakeSlack,
  cluster: WorldCluster,
  settings: Readonly<Record<string, unknown>>,
  work: () => Promise<void>,
): Promise<void> {
  const program = [...lean.flags, "dist/docc-bot.js"];
  const docc: DoccProcess = await spawnDocc({ slack, cluster, rollout, settings, program });
  try {
    await docc.ready;
    await work();
  } finally {
    await docc.terminate();
  }
}

async function introduced({ api, home, apps }: Rig): Promise<void> {
  await introduce({ api, home, apps });
  const areDone = async (): Promise<true | undefined> => {
    const phases = (await list({ api, home })).map(phaseOf);
    const done = phases.filter((phase) => phase === "succeeded");
    return done.length === apps.length ? true : undefined;
  };
  await eventually("every app is deployed once", areDone, 120_000);
}

async function playSlowly(rig: Rig, load: Load, proxy: FaultProxy): Promise<Round> {
  // The first command asks Slack who that is, which is known in the midst of a day.
  await play(rig, { ...load, seconds: 1 }, "warm-slow");
  proxy.follow(() => ({ type: "delay", ms: 1_000 }));
  try {
    return await play(rig, load, "slow", () => proxy.follow(() => pass));
  } finally {
    proxy.follow(() => pass);
  }
}

/** Types at a steady pace, whatever the answers do; looks at what is stored when all is over. */
async function play(rig: Rig, load: Load, name: string, over?: () => void): Promise<Round> {
  const { slack } = rig;
  const before = slack.ephemerals("developer").length;
  const began = performance.now();
  const all: Promise<Typed>[] = [];
  for (let at = 0; at < load.perSecond * load.seconds; at += 1) {
    const wait = began + (at * 1_000) / load.perSecond - performance.now();
    if (wait > 0) await pause(wait);
    all.push(type(rig, rig.apps[at % rig.apps.length] ?? "", `${name}-${at}`));
  }
  const typed = await Promise.all(all);
  const hasRefusals = typed.some(({ heard }) => heard !== "accepted");
  if (hasRefusals) await pause(graceMs);
  over?.();
  const stored = new Set((await list(rig)).map(({ spec }) => spec.reason));
  const late = typed.filter(({ heard, mark }) => heard !== "accepted" && stored.has(mark));
  const said = slack
    .ephemerals("developer")
    .slice(before)
    .map((each) => slack.render(each));
  return {
    typed,
    lost: typed.filter(({ heard, mark }) => heard === "accepted" && !stored.has(mark)).length,
    late: late.length,
    untold: sum(rig.apps.map((app) => missing(app, typed, stored, said))),
  };
}

/** How many stored requests for an app more than "Accepted" was heard for it. */
function missing(
  app: string,
  typed: readonly Typed[],
  stored: ReadonlySet<string | undefined>,
  said: readonly string[],
): number {
  const asked = typed.filter((each) => each.app === app && stored.has(each.mark)).length;
  const heard = said.filter((text) => text.includes(`Accepted: ${app} to`)).length;
  return Math.max(0, asked - heard);
}

async function type({ slack }: Rig, app: string, mark: string): Promise<Typed> {
  const began = performance.now();
  const words = `/docc deploy ${app} tag=2017 reason=${mark}`;
  const { ack, shown } = await slack.as("developer").command("#deploys", words);
  const ms = performance.now() - began;
  const text = JSON.stringify(shown ?? (ack.ok ? ack.payload : "")) ?? "";
  const heard = text.includes("Accepted:") ? "accepted" : "refused";
  const isHonest = heard === "accepted" || text.includes("Not accepted");
  return { mark, app, ms, heard: ack.ok && isHonest ? heard : "nothing" };
}

async function list({ api, home }: Pick<Rig, "api" | "home">): Promise<readonly Release[]> {
  const { items } = await api.listAll(releases, { namespace: home });
  return items.map(asRelease);
}

function say(what: string, { perSecond, seconds }: Load, round: Round): readonly string[] {
  const count = (heard: Typed["heard"]): number =>
    round.typed.filter((each) => each.heard === heard).length;
  return [
    `${what}, ${perSecond}/s for ${seconds} s`.padEnd(44) +
      sayShares(round.typed.map(({ ms }) => ms)),
    `  accepted ${count("accepted")}, "Not accepted, try again" ${count("refused")}, no ack ${count("nothing")}`,
    `  accepted and lost ${round.lost}; refused and stored ${round.late}, of them not told later ${round.untold}`,
  ];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

import { parseArgs } from "node:util";
import { systemClock } from "../src/clock.ts";
import { createLogger } from "../src/log.ts";
import { provideBelongings } from "./belongings.ts";
import { namespaces, startCertifiedCluster } from "./certified-cluster.ts";
import { startPage } from "./page/server.ts";
import type { FakeSlack } from "./slack/fake-slack.ts";
import { startFakeSlack } from "./slack/server.ts";
import { startWorld } from "./world.ts";

/*
 * `npm run sandbox`: docc between an emulated Slack and an embedded cluster, in one process, with a
 * page for people. Everything listens on 127.0.0.1 only and is gone with the process.
 */

const defaultPort = 4100;

/** In a sandbox nobody wants to wait a minute for a verdict. */
const rollout = { timeout: "1m", stable: "10s" };

/** The approver and the maintainer may say yes; who asks may not. */
const rules = {
  settings: { approval: { count: 1, from: ["maintainers", "operators"], expires: "1h" } },
  top: { operators: ["UAPPROVER", "UMAINTAINER"] },
};

const usage = `Usage: npm run sandbox -- [--port PORT]

PORT, or the variable of that name, is where the page listens: ${defaultPort} or the next free one unless told.
LOG_LEVEL=info writes docc's own log to the terminal; without it docc logs nothing.
`;

const guide = `
As developer, in #deploys:
  1  /docc deploy        choose examples/4-tls.json
  2  switch to approver  press Approve
  3  /docc deploy kubecon-2017 tag=2018   this one crashes, once it is approved
  4  press Roll back to 2017
  5  /docc deploy kubecon-2017 tag=2081   no such tag

Real: docc, Bolt, client-node. Emulated: Slack, cluster.
Ctrl-C stops everything. Next: docs/install.md
`;

/** Undoes what was started, the last first. */
type Undo = () => Promise<void>;

async function open(port: number | undefined, started: Undo[]): Promise<void> {
  say("docc sandbox: no account, no cluster, loopback only");
  const slack = await startFakeSlack({ clock: systemClock });
  started.push(() => slack.stop());
  ready("Slack", `emulated: #deploys, ${people(slack, "#deploys")} people`);

  const cluster = await startCertifiedCluster();
  started.push(() => cluster.stop());
  ready("cluster", "embedded: 3 nodes, empty");

  const world = await startWorld({
    slack,
    cluster: { kubeconfig: { text: cluster.kubeconfig }, ...namespaces },
    rollout,
    ...rules,
    log: createLogger(process.env["LOG_LEVEL"] ?? "silent"),
  });
  started.push(() => world.stop());
  await provideBelongings(world.api, namespaces.apps);
  if (!world.docc.ready()) await slack.waitFor(() => world.docc.ready());
  ready("docc", "connected");

  const page = await startPage({
    slack,
    port: port ?? defaultPort,
    ports: port === undefined ? 50 : 1,
    examples: new URL("../examples/", import.meta.url),
    manifest: new URL("../app-manifest.yml", import.meta.url),
  });
  started.push(() => page.stop());
  say(`\nOpen ${page.origin}`);
  say(guide.trimEnd());
}

function people({ workspace }: FakeSlack, channel: string): number {
  const { members } = workspace.findChannel(channel);
  return members.filter((id) => workspace.user(id)?.isBot !== true).length;
}

function ready(part: string, what: string): void {
  say(`  ${part.padEnd(8)} ${what.padEnd(32)}ready`);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** @throws TypeError for an option that does not exist, or a port that is none */
function readPort(): number | undefined {
  const { values } = parseArgs({
    options: { port: { type: "string" }, help: { type: "boolean", short: "h" } },
  });
  if (values.help === true) {
    process.stdout.write(usage);
    process.exit(0);
  }
  const given = values.port ?? process.env["PORT"];
  if (given === undefined) return undefined;
  const port = Number(given);
  if (/^\d+$/.test(given) && port <= 65_535) return port;
  throw new TypeError(`${given} is no port`);
}

async function close(started: Undo[]): Promise<void> {
  for (const undo of started.splice(0).toReversed()) await undo();
}

/** Resolves at the first Ctrl-C; a second one ends the process at once, as people expect. */
async function interrupted(): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
}

const started: Undo[] = [];
try {
  const end = interrupted();
  await Promise.race([open(readPort(), started), end]);
  await end;
  say("\nStopping.");
} catch (error) {
  const isTaken = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
  const why = error instanceof Error ? error.message : String(error);
  process.stderr.write(`sandbox: ${isTaken ? "this port is taken, choose another" : why}\n`);
  process.exitCode = 1;
}
await close(started);
process.exit();

import { appNameOf } from "../release/names.ts";
import { z } from "zod";
import { storedManifest } from "../manifest/canonical.ts";
import { frozen } from "../policy/freeze.ts";
import { heldLock, sayLock } from "../policy/locks.ts";
import { sayDrift, sayWayBack, settled } from "../release/drift.ts";
import { sayRequest, waitingOf } from "../release/history.ts";
import { atName, slackIds } from "../release/people.ts";
import { phaseOf } from "../release/phases.ts";
import { objectsOf, tagOf } from "../release/plan.ts";
import type {
  Application,
  ApplicationStatus,
  Identity,
  Plan,
  Release,
} from "../release/release.ts";
import { sayMinute } from "../text/minute.ts";
import type { Answer } from "./answer.ts";
import { defineCommand } from "./define.ts";
import {
  anyEnvironmentArgument,
  appArgument,
  deletedIn,
  environmentFor,
  environmentNamed,
  knownApplication,
} from "./environment.ts";
import type { EnvironmentPort, Ports } from "./ports.ts";

/** An answer names so many; `kubectl get releases` has all. */
const most = 20;

export const status = defineCommand({
  name: "status",
  summary: "Show what is in flight, what waits and behind whom, and what waits for your approval",
  needs: "read",
  answers: "later",
  positional: ["app"],
  args: z.object({
    app: appArgument.optional(),
    in: anyEnvironmentArgument.describe(
      "the environment; without it the default that config shows, and all of them without an app",
    ),
  }),
  examples: ["status", "status kubecon-2017 in=production"],
  run: ({ app, in: wished }, request, ports) =>
    app === undefined
      ? overview(
          wished === undefined ? undefined : environmentNamed(ports, wished),
          request.requester,
          ports,
        )
      : ofApp(app, environmentFor(wished, request, ports), ports),
});

async function ofApp(app: string, environment: EnvironmentPort, ports: Ports): Promise<Answer> {
  const { name } = environment;
  const application = knownApplication(ports, app, name);
  const { status: head } = application;
  const releases = ports.releases.of(app, name);
  const now = ports.clock.now();
  const lock = heldLock(head?.lock, now);
  const freeze = frozen(environment.freezes, now);
  const running = releases.find(({ metadata }) => metadata.name === head?.inFlight);
  const asked = releases.filter((release) => phaseOf(release) === "awaiting-approval");
  const waiting = waitingOf(releases, head?.inFlight);
  const last = releases.find(({ metadata }) => metadata.name === head?.applied?.release);
  const made = settled(head, last);
  const asks = made !== undefined && environment.isRecordsOnly !== true;
  const drift = !asks ? [] : await driftLines(application, environment, made);
  const shown = [...(running === undefined ? [] : [running]), ...asked, ...waiting];
  const lines = [
    ...(running === undefined ? ["Nothing is in flight."] : [`In flight: ${say(running)}.`]),
    ...asked.slice(0, most).map((release) => `Waits for approval: ${say(release)}.`),
    ...waiting.slice(0, most).map((release, at) => {
      const ahead = at === 0 ? running : waiting[at - 1];
      const behind = ahead === undefined ? "" : `, behind ${ahead.metadata.name}`;
      return `Waits as number ${at + 1}${behind}: ${say(release)}.`;
    }),
    ...drift,
    ...(lock === undefined ? [] : [`Locked ${sayLock(lock)}`]),
    ...(freeze === undefined
      ? []
      : [`${name} is frozen until ${minute(freeze.until)} UTC: ${freeze.reason}`]),
  ];
  return {
    text:
      head?.applied === undefined
        ? deletedIn(ports, application).message
        : `${app} in ${name} runs ${versions(head)}${await health(app, environment)}.`,
    lines,
    ...named([
      ...shown.map(({ spec }) => spec.requester),
      ...(lock === undefined ? [] : [lock.by]),
    ]),
  };
}

/** How many of all wait for the approval of whoever asks. */
function forYou(mine: number, all: number): string {
  if (mine === 0) return "";
  if (all === 1) return ", and it waits for your approval";
  return `; ${mine} of them ${mine === 1 ? "waits" : "wait"} for your approval`;
}

async function overview(
  environment: EnvironmentPort | undefined,
  asker: Identity,
  ports: Ports,
): Promise<Answer> {
  if (!ports.apps.ready) {
    return {
      text: "docc has just started and does not know the releases yet. Try again in a few seconds.",
      reason: "unavailable",
    };
  }
  const open = ports.releases
    .unfinished()
    .filter(({ spec }) => environment === undefined || spec.environment === environment.name);
  const mine = await waitingFor(asker, open, ports);
  const place = environment === undefined ? "" : ` in ${environment.name}`;
  if (open.length === 0) return { text: `Nothing is in flight${place}, and nothing waits.` };
  const count = open.length === 1 ? "1 release is" : `${open.length} releases are`;
  return {
    text: `${count} not finished${place}${forYou(mine.length, open.length)}.`,
    table: {
      columns: ["App", "Environment", "What", "By", "State", "Release"],
      rows: open
        .slice(0, most)
        .map((release) => [
          appNameOf(release) ?? "an upload",
          release.spec.environment,
          sayRequest(release),
          atName(release.spec.requester),
          state(release, ports),
          release.metadata.name,
        ]),
    },
    lines: [
      ...mine.slice(0, most).map(({ metadata }) => `To say yes: /docc approve ${metadata.name}`),
      ...(open.length > most ? [`${open.length - most} more are not shown.`] : []),
    ],
    ...named(open.slice(0, most).map(({ spec }) => spec.requester)),
  };
}

/** Those whose plan this person may approve, as things stand. */
async function waitingFor(
  asker: Identity,
  open: readonly Release[],
  ports: Ports,
): Promise<readonly Release[]> {
  const asked = open.filter((release) => phaseOf(release) === "awaiting-approval");
  const may = await Promise.all(asked.map((release) => ports.mayApprove(asker, release)));
  return asked.filter((_, at) => may[at] === true);
}

function state(release: Release, ports: Ports): string {
  const { spec, status: made } = release;
  const phase = phaseOf(release);
  const app = made?.app ?? spec.app;
  const ahead =
    app === undefined ? undefined : ports.apps.find(app, spec.environment)?.status?.inFlight;
  const isBehind = ahead !== undefined && ahead !== release.metadata.name;
  return isBehind && phase !== "awaiting-approval" ? `waits behind ${ahead}` : phase;
}

/** `scale=5 by @U0123 (kubecon-2017-0123456789ab, progressing)` */
function say(release: Release): string {
  const { metadata, spec } = release;
  return `${sayRequest(release)} by ${atName(spec.requester)} (${metadata.name}, ${phaseOf(release)})`;
}

/** `2017, revision 8`; or `2018, revision 9, and 2017 succeeded last`. */
function versions(head: ApplicationStatus | undefined): string {
  const { applied, current } = head ?? {};
  if (applied === undefined) return "nothing";
  const tag = tagOf(storedManifest(applied.manifest));
  const was = current === undefined ? undefined : tagOf(storedManifest(current.manifest));
  const sound = current?.release === applied.release || was === tag;
  const last = was === undefined ? "nothing has succeeded yet" : `${was} succeeded last`;
  return `${tag}, revision ${applied.revision}${sound ? "" : `, and ${last}`}`;
}

/** A cluster out of reach spoils these words alone. */
async function health(app: string, environment: EnvironmentPort): Promise<string> {
  if (environment.isRecordsOnly === true) return ", by docc's records";
  try {
    const seen = await environment.health(app);
    return seen === undefined
      ? ", and its Deployment is gone"
      : `, ${seen.ready} of ${seen.wanted} ready`;
  } catch {
    return ", and its cluster cannot be asked now";
  }
}

/** A cluster out of reach spoils these lines alone. */
async function driftLines(
  head: Application,
  environment: EnvironmentPort,
  plan: Plan,
): Promise<readonly string[]> {
  try {
    const drift = await environment.drift(objectsOf(plan));
    if (drift === undefined) return [];
    if (drift.length === 0) return ["It is as docc left it."];
    return ["Changed outside docc:", ...sayDrift(drift), ...sayWayBack(drift, head)];
  } catch {
    return ["Whether it was changed outside docc is not known: the cluster did not answer that."];
  }
}

function minute(ms: number): string {
  return sayMinute(new Date(ms).toISOString());
}

function named(people: readonly Identity[]): Pick<Answer, "named"> {
  const ids = slackIds(people);
  return ids.length === 0 ? {} : { named: [...new Set(ids)] };
}

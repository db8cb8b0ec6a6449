import { DoccError } from "../errors.ts";
import { storedManifest } from "../manifest/canonical.ts";
import { urlsOf } from "../manifest/urls.ts";
import type { Subject } from "../k8s/look.ts";
import type { RolloutWatch } from "../k8s/rollout-watch.ts";
import type { Problem } from "../release/diagnosis.ts";
import type { Observation } from "../release/observation.ts";
import { enter } from "../release/phases.ts";
import type { Cause, RolloutTarget } from "../release/release.ts";
import { type Judgement, judgeRollout, type Window } from "../release/rollout.ts";
import { timesOf } from "../release/times.ts";
import type { Progress } from "../release/story.ts";
import { countPods, sayAffected } from "../release/verdict.ts";
import { restartsOf, verify } from "../release/verify.ts";
import { windowOf } from "../release/window.ts";
import { cap } from "../text/cap.ts";
import { oneLine } from "../text/clean.ts";
import { type Planned, stampThread } from "./applying.ts";
import type { ControllerPorts, Environment } from "./ports.ts";
import { prune } from "./pruning.ts";
import { type Accepted, conclude, type Step } from "./step.ts";

/** How often the root message and the deadlines are looked at when nothing happens. */
const tickMs = 5_000;
const linesOfEvidence = 5;

/** A release whose objects are applied, with everything a verdict is made of. */
export interface Following extends Planned {
  readonly target: RolloutTarget;
  readonly window: Window;
  /** The stability window, in milliseconds. */
  readonly stableMs: number;
  readonly urls: readonly string[];
}

export function following(planned: Planned, { platform, rollout }: Environment): Following {
  const { status } = planned.release;
  const manifest = storedManifest(planned.plan.manifest);
  const window = windowOf(status);
  if (status.rollout === undefined || window === undefined)
    throw new DoccError("internal", "The release names no rollout, or no deadline.");
  return {
    ...planned,
    target: status.rollout,
    window,
    stableMs: timesOf(manifest, rollout).stable,
    urls: urlsOf(manifest, platform),
  };
}

/**
 * `progressing`: the watches say when to look; a verdict comes from a fresh look alone.
 * @param tell keeps the root message up to date
 */
export async function progress(
  release: Following,
  watch: RolloutWatch,
  env: Environment,
  ports: ControllerPorts,
  tell: (progress: Progress) => void,
): Promise<Step> {
  const { deadline } = release.window;
  const seen = await observe(release, watch, env, { by: deadline, now: ports.clock.now() });
  if (seen === undefined) return { againMs: nextLook(deadline, ports.clock.now()) };
  const first = judge(release, seen, ports);
  tell(first.progress);
  if (first.state === "waiting") return { againMs: nextLook(deadline, ports.clock.now()) };
  const fresh = await env.cluster.look(subjectOf(release));
  const judgement = judge(release, fresh, ports);
  // The watch of the pods may be behind that of the Deployment: what is told next is what decides.
  tell(judgement.progress);
  const now = ports.clock.now();
  switch (judgement.state) {
    case "waiting":
      return { againMs: 1_000 };
    case "ready":
      return {
        write: enter(
          release.release.status,
          "verifying",
          { now, actor: "docc" },
          {
            readyAt: new Date(now).toISOString(),
            restarts: restartsOf(fresh),
          },
        ),
      };
    case "superseded":
      return supersede(release, judgement.cause, fresh, now);
    case "failed":
      return fail(release, judgement.cause, fresh, env, ports);
  }
}

/** `verifying`: ready is not yet a success. */
export async function watchOver(
  release: Following,
  watch: RolloutWatch,
  env: Environment,
  ports: ControllerPorts,
  tell: (progress: Progress) => void,
): Promise<Step> {
  const { status } = release.release;
  const readyAt = Date.parse(status.readyAt ?? "");
  const stable = readyAt + release.stableMs;
  if (Number.isNaN(stable)) throw new DoccError("internal", "The release was never ready.");
  const by = Math.max(release.window.deadline, stable);
  const seen = await observe(release, watch, env, { by, now: ports.clock.now() });
  if (seen === undefined) return { againMs: nextLook(by, ports.clock.now()) };
  const decide = (observation: Observation): Step | Cause | "verified" | undefined =>
    decideOver(release, observation, readyAt, ports);
  tell(judge(release, seen, ports).progress);
  const glance = decide(seen);
  const now = ports.clock.now();
  if (glance === undefined) return { againMs: nextLook(now < stable ? stable : by, now) };
  const fresh = await env.cluster.look(subjectOf(release));
  const verdict = decide(fresh);
  if (verdict === undefined) return { againMs: 1_000 };
  if (verdict === "verified") {
    await stampThread(release, fresh.deployment, env, ports);
    const kept = await prune(release, env, ports);
    const inventory = [...(release.release.status.inventory ?? []), ...kept];
    return conclude(
      release.release,
      "succeeded",
      { ...countPods(fresh), urls: release.urls },
      ports.clock.now(),
      { inventory },
    );
  }
  return "code" in verdict ? fail(release, verdict, fresh, env, ports) : verdict;
}

/**
 * @returns a step to take, a cause to fail with, "verified", or undefined to wait. What became
 *   unready goes back to `progressing`, with the same deadline.
 */
function decideOver(
  release: Following,
  observation: Observation,
  readyAt: number,
  ports: ControllerPorts,
): Step | Cause | "verified" | undefined {
  const now = ports.clock.now();
  const judgement = judge(release, observation, ports);
  if (judgement.state === "superseded")
    return supersede(release, judgement.cause, observation, now);
  const { stableMs } = release;
  const restarts = release.release.status.restarts ?? restartsOf(observation);
  const verification = verify(observation, { at: readyAt, restarts, stableMs }, now);
  if (verification.state === "failed") return verification.cause;
  if (judgement.state === "failed") return judgement.cause;
  if (judgement.state === "waiting") {
    return { write: enter(release.release.status, "progressing", { now, actor: "docc" }) };
  }
  if (verification.state === "verified") return "verified";
  const isOverdue = now >= Math.max(release.window.deadline, readyAt + stableMs);
  return isOverdue ? verification.cause : undefined;
}

function judge(
  { target, window }: Following,
  observation: Observation,
  ports: ControllerPorts,
): Judgement {
  return judgeRollout(target, observation, window, ports.clock.now());
}

/** Soon enough for the next border in time, and every few seconds for the root message. */
function nextLook(border: number, now: number): number {
  return now < border ? Math.min(tickMs, border - now) : tickMs;
}

/**
 * What the watches show; nothing until they are complete. Watches that never get there (the cluster
 * is out of reach, a right is missing) must not hold a release for ever: past its time one look
 * decides, and a look that fails ends the release as *unknown*.
 */
async function observe(
  release: Following,
  watch: RolloutWatch,
  { cluster }: Environment,
  time: { readonly by: number; readonly now: number },
): Promise<Observation | undefined> {
  const seen = watch.observation();
  if (seen !== undefined || time.now < time.by) return seen;
  return cluster.look(subjectOf(release));
}

/** The app, and the Certificates of this very release. */
export function subjectOf({ app, release }: Planned): Subject {
  const inventory = release.status.inventory ?? [];
  const certificates = inventory.flatMap(({ kind, name }) =>
    kind === "Certificate" ? [name] : [],
  );
  return { app, certificates };
}

function supersede(release: Following, cause: Cause, observation: Observation, now: number): Step {
  return conclude(release.release, "superseded", { ...countPods(observation), cause }, now);
}

/** Somebody wants it to end: what runs is said, and nothing is judged any more. */
export async function stop(
  release: Planned,
  env: Environment,
  ports: ControllerPorts,
): Promise<Step> {
  const wish = release.release.status.stop;
  const why = wish === undefined || wish.reason === "" ? "" : `: ${wish.reason}`;
  const sentence = `it was stopped on the way${why}`;
  const now = ports.clock.now();
  const cause: Cause = { code: "stopped", sentence, evidence: [], next: "" };
  const seen = await env.cluster.look(subjectOf(release));
  const affected = sayAffected(seen, release.plan.from);
  return conclude(release.release, "failed", { ...countPods(seen), affected, cause }, now);
}

async function fail(
  { release, plan }: Following,
  cause: Cause | Problem,
  observation: Observation,
  env: Environment,
  ports: ControllerPorts,
): Promise<Step> {
  const evidence = await gather(cause, env, ports);
  const { code, sentence, next } = cause;
  return conclude(
    release,
    "failed",
    {
      ...countPods(observation),
      affected: sayAffected(observation, plan.from),
      cause: { code, sentence, evidence, next },
    },
    ports.clock.now(),
  );
}

/** The last log lines of the container at fault; a log that cannot be read spoils no verdict. */
async function gather(
  cause: Cause | Problem,
  { cluster }: Environment,
  { log }: ControllerPorts,
): Promise<readonly string[]> {
  if (!("log" in cause) || cause.log === undefined) return cause.evidence;
  const { pod, container, previous } = cause.log;
  try {
    const lines = await cluster.lastLines(pod, container, previous, linesOfEvidence);
    return [...cause.evidence, ...lines.map((line) => cap(oneLine(line), 300))];
  } catch (error) {
    log.warn({ err: error, pod }, "no log for the cause");
    return cause.evidence;
  }
}

/** The last word when nobody could be asked until the deadline: never *failed*. */
export function loseSight({ release }: { readonly release: Accepted }, now: number): Step {
  return conclude(
    release,
    "unknown",
    {
      cause: {
        code: "unreachable",
        sentence: "the cluster could not be asked until the deadline",
        evidence: [],
        next: "see how the app does when the cluster answers again",
      },
    },
    now,
  );
}

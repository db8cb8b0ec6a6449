import { startAgain } from "./run.ts";
import {
  type ContainerContext,
  type ContainerRuntime,
  event,
  type Exit,
  podLabel,
  type Transition,
  type Waiting,
} from "./transition.ts";
import type { PodEvent, RestartPolicy, Timing } from "./types.ts";

/** The first restart is immediate; before each later one the kubelet backs off (its `doBackOff`). */
export function afterExit(
  container: ContainerRuntime,
  context: ContainerContext,
  exit: Exit,
): Transition | undefined {
  if (!restarts(context.restartPolicy, exit.exitCode)) return undefined;
  const { spec, timing } = context;
  const at = exit.finishedAt + timing.syncMs;
  const dead = { ...container, last: exit };
  if (container.restartCount === 0) return startAgain(dead, context, at);
  const delay = backOffMs(timing, container.restartCount);
  const phase: Waiting = {
    kind: "waiting",
    reason: "CrashLoopBackOff",
    message: `back-off ${goDuration(delay)} restarting failed container=${spec.name} pod=${podLabel(context.pod)}`,
    checkAt: at + timing.resyncMs,
    until: Math.max(at, exit.finishedAt + delay),
  };
  return { at, to: { ...dead, phase }, events: [backOffEvent(context, at)] };
}

/** While it backs off, every look at the container says so again. */
export function retryRestart(
  container: ContainerRuntime,
  context: ContainerContext,
  phase: Waiting,
): Transition {
  const at = phase.checkAt;
  if (phase.until <= at) return startAgain(container, context, phase.until);
  const next: Waiting = { ...phase, checkAt: at + context.timing.resyncMs };
  return { at, to: { ...container, phase: next }, events: [backOffEvent(context, at)] };
}

/** 10 s, 20 s, 40 s ... 300 s at a real kubelet's pace, after this many failures. */
export function backOffMs(timing: Timing, failures: number): number {
  return Math.min(timing.backOffMs * 2 ** (failures - 1), timing.backOffMs * 30);
}

function restarts(policy: RestartPolicy, exitCode: number): boolean {
  return policy === "Always" || (policy === "OnFailure" && exitCode !== 0);
}

function backOffEvent(context: ContainerContext, at: number): PodEvent {
  const message = `Back-off restarting failed container ${context.spec.name} in pod ${podLabel(context.pod)}`;
  return event(context, at, "Warning", "BackOff", message);
}

/** As Go prints a duration: `500ms`, `10s`, `2m40s`. */
function goDuration(ms: number): string {
  if (ms < 1_000) return `${ms}ms`;
  const minutes = Math.floor(ms / 60_000);
  const seconds = `${(ms % 60_000) / 1_000}s`;
  return minutes === 0 ? seconds : `${minutes}m${seconds}`;
}

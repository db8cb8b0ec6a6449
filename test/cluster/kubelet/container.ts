import { beginPull, finishPull, retryPull } from "./pull.ts";
import { afterExit, retryRestart } from "./restart.ts";
import { startAgain, whileRunning } from "./run.ts";
import type { ContainerContext, ContainerRuntime, Transition, Waiting } from "./transition.ts";
import type { PodEvent } from "./types.ts";

export const newContainer = (since: number): ContainerRuntime => ({
  phase: { kind: "creating", since },
  restartCount: 0,
  pullFailures: 0,
});

export interface Advanced<T> {
  readonly runtime: T;
  readonly events: readonly PodEvent[];
  /** When the next transition is due; absent when only the outside can change anything. */
  readonly wakeAt: number | undefined;
}

/** Plays every transition that is due by `context.now`, each at its own time. */
export function advanceContainer(
  container: ContainerRuntime,
  context: ContainerContext,
): Advanced<ContainerRuntime> {
  const events: PodEvent[] = [];
  let runtime = container;
  for (;;) {
    const next = nextTransition(runtime, context);
    if (next === undefined || next.at > context.now) return { runtime, events, wakeAt: next?.at };
    events.push(...next.events);
    runtime = next.to;
  }
}

function nextTransition(
  container: ContainerRuntime,
  context: ContainerContext,
): Transition | undefined {
  const { phase } = container;
  switch (phase.kind) {
    case "creating":
      return beginPull(container, context, phase.since);
    case "pulling":
      return finishPull(container, context, phase.until);
    case "waiting":
      return whileWaiting(container, context, phase);
    case "running":
      return whileRunning(container, context, phase);
    case "exited":
      return afterExit(container, context, phase.exit);
    default:
      return phase satisfies never;
  }
}

function whileWaiting(
  container: ContainerRuntime,
  context: ContainerContext,
  phase: Waiting,
): Transition {
  switch (phase.reason) {
    case "ErrImagePull":
    case "ImagePullBackOff":
      return retryPull(container, context, phase);
    case "CrashLoopBackOff":
      return retryRestart(container, context, phase);
    case "CreateContainerConfigError": {
      // What was missing may have come in between: the watch says so at once.
      const at = context.problem === undefined ? Math.min(phase.until, context.now) : phase.until;
      return startAgain(container, context, at);
    }
    case "InvalidImageName":
    case "ErrImageNeverPull":
      return beginPull(container, context, phase.until);
    default:
      return phase.reason satisfies never;
  }
}

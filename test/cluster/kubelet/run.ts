import { newProber, type Prober, runProbe } from "./probes.ts";
import {
  behaviourOf,
  containerID,
  type ContainerContext,
  type ContainerRuntime,
  event,
  type Exit,
  type Running,
  type Transition,
  waiting,
} from "./transition.ts";
import type { PodEvent, Probe } from "./types.ts";

/**
 * Starts a run of a container whose image is on the node; `pulled` are the events that say so. Every
 * start after the first counts as a restart.
 */
export function start(
  container: ContainerRuntime,
  context: ContainerContext,
  at: number,
  pulled: readonly PodEvent[],
): Transition {
  const { problem, timing } = context;
  if (problem !== undefined) {
    const phase = waiting("CreateContainerConfigError", problem, at + timing.resyncMs);
    const failed = event(context, at, "Warning", "Failed", `Error: ${problem}`);
    return { at, to: { ...container, phase }, events: [...pulled, failed] };
  }
  const restartCount = container.last === undefined ? 0 : container.restartCount + 1;
  return {
    at,
    to: { ...container, restartCount, phase: newRun(context, at) },
    events: [
      ...pulled,
      event(context, at, "Normal", "Created", "Container created"),
      event(context, at, "Normal", "Started", "Container started"),
    ],
  };
}

/** Starts a container whose image was pulled before. */
export function startAgain(
  container: ContainerRuntime,
  context: ContainerContext,
  at: number,
): Transition {
  const message = `Container image "${context.spec.image}" already present on machine and can be accessed by the pod`;
  return start(container, context, at, [event(context, at, "Normal", "Pulled", message)]);
}

function newRun(context: ContainerContext, at: number): Running {
  const { startupProbe } = context.spec;
  const run: Running = { kind: "running", startedAt: at, started: false, ready: false };
  if (startupProbe === undefined) return afterStartup(run, context, at);
  return { ...run, startup: newProber(startupProbe, at, at) };
}

/** Readiness and liveness probes begin only once the container has started. */
function afterStartup(run: Running, context: ContainerContext, at: number): Running {
  const { readinessProbe, livenessProbe } = context.spec;
  const prober = (probe: Probe): Prober => newProber(probe, run.startedAt, at);
  return {
    ...run,
    started: true,
    ready: readinessProbe === undefined,
    ...(readinessProbe === undefined ? {} : { readiness: prober(readinessProbe) }),
    ...(livenessProbe === undefined ? {} : { liveness: prober(livenessProbe) }),
  };
}

const probeKinds = ["startup", "readiness", "liveness"] as const;
type ProbeKind = (typeof probeKinds)[number];

/** What comes first: the process ends by itself, or one of its probes runs. */
export function whileRunning(
  container: ContainerRuntime,
  context: ContainerContext,
  run: Running,
): Transition | undefined {
  const behaviour = behaviourOf(context);
  const endsAt = behaviour?.kind === "exits" ? run.startedAt + behaviour.afterMs : Infinity;
  const [next] = probeKinds
    .map((kind) => ({ kind, at: run[kind]?.nextAt ?? Infinity }))
    .toSorted((a, b) => a.at - b.at);
  if (next !== undefined && next.at < endsAt) return probed(container, context, run, next.kind);
  if (behaviour?.kind !== "exits") return undefined;
  return { at: endsAt, to: ended(container, context, run, endsAt, behaviour.code), events: [] };
}

function probed(
  container: ContainerRuntime,
  context: ContainerContext,
  run: Running,
  kind: ProbeKind,
): Transition | undefined {
  const spec = context.spec[`${kind}Probe`];
  const prober = run[kind];
  const behaviour = behaviourOf(context);
  const at = prober?.nextAt;
  if (!spec || !prober || !behaviour || at === undefined) return undefined;
  const { startedAt } = run;
  const target = { spec: context.spec, behaviour, startedAt, podIP: context.pod.ip };
  const outcome = runProbe(prober, spec, target, at);
  const title = { startup: "Startup", readiness: "Readiness", liveness: "Liveness" }[kind];
  const events =
    outcome.failure === undefined
      ? []
      : [event(context, at, "Warning", "Unhealthy", `${title} probe failed: ${outcome.failure}`)];
  const after: Running = { ...run, [kind]: outcome.prober };
  const goOn = (phase: Running): Transition => ({ at, to: { ...container, phase }, events });

  if (outcome.verdict === "undecided") return goOn(after);
  if (kind === "readiness") return goOn({ ...after, ready: outcome.verdict === "passed" });
  if (outcome.verdict === "passed") {
    return goOn(kind === "startup" ? afterStartup(after, context, at) : after);
  }
  const killing = `Container ${context.spec.name} failed ${kind} probe, will be restarted`;
  return {
    at,
    to: stop(container, context, at),
    events: [...events, event(context, at, "Normal", "Killing", killing)],
  };
}

/** Ends a running container as SIGTERM does: a server closes and ends well, others do not. */
export function stop(
  container: ContainerRuntime,
  context: ContainerContext,
  at: number,
): ContainerRuntime {
  if (container.phase.kind !== "running") return container;
  const code = behaviourOf(context)?.kind === "serves" ? 0 : 143;
  return ended(container, context, container.phase, at, code);
}

function ended(
  container: ContainerRuntime,
  context: ContainerContext,
  run: Running,
  at: number,
  exitCode: number,
): ContainerRuntime {
  const id = containerID(context.pod.uid, context.spec.name, container.restartCount);
  const exit: Exit = { exitCode, startedAt: run.startedAt, finishedAt: at, containerID: id };
  return { ...container, phase: { kind: "exited", exit } };
}

import type { Behaviour } from "../../../sandbox/images.ts";
import type { Container, Probe } from "./types.ts";

/** What a probe sees: a container of this behaviour, running since `startedAt`. */
export interface ProbeTarget {
  readonly spec: Container;
  readonly behaviour: Behaviour;
  readonly startedAt: number;
  readonly podIP: string;
}

/** One probe of one running container. */
export interface Prober {
  /** When it runs next; absent once its result can no longer change. */
  readonly nextAt?: number;
  /** Successes in a row when positive, failures in a row when negative. */
  readonly streak: number;
}

export type Verdict = "passed" | "failed" | "undecided";

/** A prober whose first run is at `from`, or after the initial delay if that is later. */
export function newProber(probe: Probe, startedAt: number, from: number): Prober {
  return {
    streak: 0,
    nextAt: Math.max(from, startedAt + (probe.initialDelaySeconds ?? 0) * 1_000),
  };
}

/** Runs the probe once at `at`. `failure` is the kubelet's wording of what went wrong. */
export function runProbe(
  prober: Prober,
  probe: Probe,
  target: ProbeTarget,
  at: number,
): { prober: Prober; verdict: Verdict; failure?: string } {
  const failure = probeFailure(probe, target, at);
  const nextAt = at + (probe.periodSeconds ?? 10) * 1_000;
  if (failure === undefined) {
    const streak = Math.max(prober.streak, 0) + 1;
    // An image that serves goes on serving, so a passed probe has nothing more to find.
    if (streak >= (probe.successThreshold ?? 1)) return { prober: { streak }, verdict: "passed" };
    return { prober: { streak, nextAt }, verdict: "undecided" };
  }
  const streak = Math.min(prober.streak, 0) - 1;
  const verdict = -streak >= (probe.failureThreshold ?? 3) ? "failed" : "undecided";
  return { prober: { streak, nextAt }, verdict, failure };
}

/** Why the probe fails at `at`, or nothing when it succeeds. Wordings are Go's and the kubelet's own. */
function probeFailure(probe: Probe, target: ProbeTarget, at: number): string | undefined {
  const { behaviour, podIP } = target;
  const listening = behaviour.kind === "serves" && at >= target.startedAt + behaviour.readyAfterMs;
  if (probe.exec !== undefined) return listening ? undefined : "command exited with code 1";
  const port = probePort(probe, target.spec);
  if (listening && declaredPorts(target.spec).includes(port)) return undefined;
  const address = `${podIP}:${port}`;
  const refused = `dial tcp ${address}: connect: connection refused`;
  if (probe.httpGet !== undefined) {
    const scheme = (probe.httpGet.scheme ?? "HTTP").toLowerCase();
    return `Get "${scheme}://${address}${probe.httpGet.path ?? "/"}": ${refused}`;
  }
  if (probe.grpc === undefined) return refused;
  const timeout = `${probe.timeoutSeconds ?? 1}s`;
  return `timeout: failed to connect service "${address}" within ${timeout}: context deadline exceeded`;
}

function probePort(probe: Probe, spec: Container): number {
  const port = probe.httpGet?.port ?? probe.tcpSocket?.port ?? probe.grpc?.port ?? 0;
  if (typeof port === "number") return port;
  return spec.ports?.find((declared) => declared.name === port)?.containerPort ?? Number(port);
}

const declaredPorts = (spec: Container): number[] =>
  (spec.ports ?? []).map((port) => port.containerPort);

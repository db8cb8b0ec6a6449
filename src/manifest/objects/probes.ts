import type { V1Container, V1Probe } from "@kubernetes/client-node";
import type { Container } from "../schema/manifest.ts";
import { defaultStartSeconds } from "../schema/health.ts";
import { literal } from "./literal.ts";
import { firstTcpPort } from "./ports.ts";

type Probes = Pick<V1Container, "startupProbe" | "readinessProbe" | "livenessProbe">;
type Health = NonNullable<Container["health"]>;
/** How a probe asks, without when. */
type Question = Pick<V1Probe, "httpGet" | "tcpSocket" | "exec">;

/** Seconds between two looks at a container that starts or gets traffic. */
const PERIOD = 2;
/** The same where each look starts a process in the container. */
const COMMAND_PERIOD = 5;

/**
 * manifest.md, `.health`. A check is asked every few seconds instead of Kubernetes' 10: a rollout of n
 * pods, one after the other, would wait n times for the next look.
 */
export function probesOf({ health, ports }: Container): Probes {
  const first = firstTcpPort(ports);
  if (health === undefined) {
    return first === undefined ? {} : { readinessProbe: acceptsConnections(first) };
  }
  const question = questionOf(health, first);
  const startSeconds = health.start_seconds ?? defaultStartSeconds;
  const periodSeconds = health.command === undefined ? PERIOD : COMMAND_PERIOD;
  return {
    startupProbe: {
      ...question,
      periodSeconds,
      timeoutSeconds: 2,
      // The first look comes as the container starts, so the nth comes n - 1 periods later.
      failureThreshold: Math.ceil(startSeconds / periodSeconds) + 1,
    },
    readinessProbe: { ...question, periodSeconds, timeoutSeconds: 2, failureThreshold: 3 },
    ...(health.restart_when_unhealthy === true
      ? { livenessProbe: { ...question, ...unhurried } }
      : {}),
  };
}

/** A restart helps only who is really lost: half a minute of silence, with time for each answer. */
const unhurried = { periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 } as const;

/**
 * Without `health`: TCP readiness on the first port, and no startup probe, which would kill slow
 * starters. A connection costs nothing. Ten silent seconds make a pod unready.
 */
function acceptsConnections(port: number): V1Probe {
  return { tcpSocket: { port }, periodSeconds: PERIOD, failureThreshold: 5 };
}

function questionOf(
  { path, port, tls, tcp, command }: Health,
  first: number | undefined,
): Question {
  if (path !== undefined) {
    const scheme = tls === true ? { scheme: "HTTPS" } : {};
    return { httpGet: { path, port: port ?? first ?? 0, ...scheme } };
  }
  return tcp === undefined
    ? { exec: { command: (command ?? []).map(literal) } }
    : { tcpSocket: { port: tcp } };
}

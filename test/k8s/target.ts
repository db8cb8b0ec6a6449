import { SteppedClock } from "../../sandbox/clock.ts";
import type { Clock } from "../../src/clock.ts";
import { createApi, type KubeApi } from "../../src/k8s/api.ts";
import { connect, type Connection } from "../../src/k8s/connection.ts";
import { type Handler, startServer, type TestServer } from "../support/http-server.ts";
import { until } from "../support/until.ts";

/** A kubeconfig (JSON is YAML) for a server on loopback without TLS. */
export function kubeconfigFor(server: string, user: object = { token: "test-token" }): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "test",
    clusters: [{ name: "test", cluster: { server, "insecure-skip-tls-verify": true } }],
    users: [{ name: "test", user }],
    contexts: [{ name: "test", context: { cluster: "test", user: "test", namespace: "web" } }],
  });
}

export interface Target extends AsyncDisposable {
  readonly api: KubeApi;
  readonly connection: Connection;
  readonly server: TestServer;
  readonly clock: SteppedClock;
}

/** docc's client in front of a purpose-built server, on a clock that the test steps. */
export async function startTarget(handler: Handler): Promise<Target> {
  const clock = new SteppedClock();
  const server = await startServer(handler);
  const connection = connectTo(server.url, clock);
  return {
    api: createApi(connection),
    connection,
    server,
    clock,
    [Symbol.asyncDispose]: async () => {
      await connection.close();
      await server.close();
    },
  };
}

export function connectTo(url: string, clock: Clock): Connection {
  return connect({ kubeconfigText: kubeconfigFor(url), clock, random: () => 0.5 });
}

/** The outcome of a promise, without waiting: for tests that step the clock meanwhile. */
export interface Outcome<T> {
  settled: boolean;
  value?: T;
  error?: unknown;
}

export function watchOutcome<T>(promise: Promise<T>): Outcome<T> {
  const outcome: Outcome<T> = { settled: false };
  promise.then(
    (value) => Object.assign(outcome, { settled: true, value }),
    (error: unknown) => Object.assign(outcome, { settled: true, error }),
  );
  return outcome;
}

/** Steps the clock, a little at a time, until the promise settles; resolves as it does. */
export async function stepUntilSettled<T>(
  clock: SteppedClock,
  promise: Promise<T>,
  stepMs = 500,
): Promise<T> {
  const outcome = watchOutcome(promise);
  let lastStep = performance.now();
  await until("the promise settles", () => {
    // Real time for the sockets between two steps.
    if (!outcome.settled && performance.now() - lastStep >= 5) {
      clock.step(stepMs);
      lastStep = performance.now();
    }
    return outcome.settled;
  });
  return promise;
}

export function statusBody(
  code: number,
  reason: string,
  message: string,
  details: object = {},
): object {
  return { kind: "Status", apiVersion: "v1", status: "Failure", code, reason, message, details };
}

/** A minimal stored object. */
export function stored(name: string, resourceVersion: string, more: object = {}): object {
  const metadata = { name, namespace: "web", uid: `uid-${name}`, resourceVersion };
  return { metadata, ...more };
}

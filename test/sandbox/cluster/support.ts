import { setTimeout as pause } from "node:timers/promises";
import * as k8s from "@kubernetes/client-node";
import type { KubeObject } from "../../../sandbox/cluster/facade/json.ts";
import {
  type EmbeddedCluster,
  type EmbeddedOptions,
  startEmbeddedCluster,
} from "../../../sandbox/cluster/index.ts";

export const repository = "registry.corp.example.com/demo/kubecon";

/** A cluster that disposes of itself at the end of a test: `await using cluster = ...`. */
export type DisposableCluster = EmbeddedCluster & AsyncDisposable;

export async function startCluster(options?: EmbeddedOptions): Promise<DisposableCluster> {
  const cluster = await startEmbeddedCluster(options);
  return Object.assign(cluster, { [Symbol.asyncDispose]: async () => cluster.stop() });
}

export function kubeConfigOf(cluster: EmbeddedCluster): k8s.KubeConfig {
  const config = new k8s.KubeConfig();
  config.loadFromString(cluster.kubeconfig);
  return config;
}

/** Waits in real time until `probe` is satisfied; for clusters whose clock runs. */
export async function eventually<T>(
  what: string,
  probe: () => Promise<T | undefined | false>,
): Promise<T> {
  const deadline = performance.now() + 15_000;
  for (;;) {
    const found = await probe();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > deadline) throw new Error(`never happened: ${what}`);
    await pause(20);
  }
}

/** Steps a paused cluster second by second until `probe` is satisfied. */
export async function stepUntil<T>(
  cluster: EmbeddedCluster,
  what: string,
  seconds: number,
  probe: () => Promise<T | undefined | false>,
): Promise<T> {
  for (let left = seconds; left >= 0; left--) {
    const found = await probe();
    if (found !== undefined && found !== false) return found;
    await cluster.clock.step(1_000);
  }
  throw new Error(`not within ${seconds} simulated seconds: ${what}`);
}

export interface Answer {
  readonly status: number;
  // Tests read answers freely; a wrong path fails the expectation it is part of.
  readonly body: KubeObject & {
    readonly message?: string;
    readonly reason?: string;
    readonly items?: KubeObject[];
  };
}

const json = "application/json";

/** One plain HTTP request, for what client-node does not say. */
export async function request(
  cluster: EmbeddedCluster,
  method: string,
  path: string,
  body?: unknown,
  contentType = json,
): Promise<Answer> {
  const response = await fetch(cluster.server + path, {
    method,
    headers: { "content-type": contentType, accept: json, "user-agent": "tester/1.0" },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Answer["body"] };
}

export interface DeploymentOptions {
  readonly name?: string;
  readonly tag?: string;
  readonly replicas?: number;
  readonly container?: object;
  readonly pod?: object;
  readonly spec?: object;
}

/** A Deployment of the demo image with a readiness probe on its port. */
export function deployment(
  options: DeploymentOptions = {},
): k8s.V1Deployment & { metadata: { name: string } } {
  const { name = "web", tag = "2017", replicas = 1, container = {}, pod = {}, spec = {} } = options;
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, labels: { app: name } },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          containers: [
            {
              name,
              image: `${repository}:${tag}`,
              ports: [{ containerPort: 8080 }],
              readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1 },
              ...container,
            },
          ],
          ...pod,
        },
      },
      ...spec,
    },
  };
}

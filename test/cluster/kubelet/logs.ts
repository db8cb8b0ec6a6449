import type { SandboxImage } from "../../../sandbox/images.ts";
import { findImage } from "./images.ts";
import type { ContainerRuntime } from "./transition.ts";

/** The query of a kubelet's `/containerLogs` (core/v1 PodLogOptions). */
export interface LogQuery {
  readonly previous: boolean;
  readonly follow: boolean;
  readonly timestamps: boolean;
  readonly tailLines?: number;
  readonly limitBytes?: number;
  /** Only lines at or after this time, milliseconds. */
  readonly since?: number;
}

export function parseLogQuery(query: URLSearchParams, now: number): LogQuery {
  const number = (name: string): number | undefined => {
    const text = query.get(name);
    return text === null ? undefined : Number(text);
  };
  const sinceTime = query.get("sinceTime");
  const sinceSeconds = number("sinceSeconds");
  const since =
    sinceTime === null ? now - (sinceSeconds ?? Infinity) * 1_000 : Date.parse(sinceTime);
  const tailLines = number("tailLines");
  const limitBytes = number("limitBytes");
  return {
    previous: query.get("previous") === "true",
    follow: query.get("follow") === "true",
    timestamps: query.get("timestamps") === "true",
    ...(tailLines === undefined ? {} : { tailLines }),
    ...(limitBytes === undefined ? {} : { limitBytes }),
    ...(Number.isFinite(since) ? { since } : {}),
  };
}

/** A run whose output can be read, or why there is none; wordings are the kubelet's. */
export type LogSource =
  | { readonly startedAt: number; readonly live: boolean }
  | { readonly refused: string };

/** Which run of the container the caller means (kubelet's `validateContainerLogStatus`). */
export function logSource(
  podName: string,
  name: string,
  container: ContainerRuntime | undefined,
  previous: boolean,
): LogSource {
  const label = `container "${name}" in pod "${podName}"`;
  const last = container?.last;
  if (previous) {
    if (last === undefined) return { refused: `previous terminated ${label} not found` };
    return { startedAt: last.startedAt, live: false };
  }
  const phase = container?.phase;
  if (phase?.kind === "running") return { startedAt: phase.startedAt, live: true };
  if (phase?.kind === "exited") return { startedAt: phase.exit.startedAt, live: false };
  if (last !== undefined) return { startedAt: last.startedAt, live: false };
  return { refused: `${label} is waiting to start: ${whyWaiting(phase)}` };
}

function whyWaiting(phase: ContainerRuntime["phase"] | undefined): string {
  if (phase?.kind !== "waiting") return "ContainerCreating";
  if (phase.reason === "ErrImagePull") return "image can't be pulled";
  if (phase.reason === "ImagePullBackOff") return "trying and failing to pull image";
  return phase.reason;
}

/**
 * What a run has printed, as the kubelet streams it. The images print everything at their start, one
 * line a millisecond.
 */
export function logText(
  images: readonly SandboxImage[],
  reference: string,
  startedAt: number,
  query: LogQuery,
): string {
  const lines = (findImage(images, reference)?.logs ?? [])
    .map((text, index) => ({ at: startedAt + index, text }))
    .filter((line) => line.at >= (query.since ?? -Infinity));
  const tail = query.tailLines === undefined ? lines : lastOf(lines, query.tailLines);
  const text = tail
    .map((line) =>
      query.timestamps ? `${new Date(line.at).toISOString()} ${line.text}\n` : `${line.text}\n`,
    )
    .join("");
  if (query.limitBytes === undefined) return text;
  return Buffer.from(text).subarray(0, query.limitBytes).toString();
}

function lastOf<T>(items: readonly T[], count: number): readonly T[] {
  return count === 0 ? [] : items.slice(-count);
}

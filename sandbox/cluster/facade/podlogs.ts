import type { LogBook, LogLine } from "../logs.ts";
import { at, type Json, type KubeObject, listAt, stringAt } from "./json.ts";
import { ApiError } from "./status.ts";

/** The log one request asks for: which container, and which of its lines. */
export interface LogRequest {
  readonly containerId: string;
  readonly follow: boolean;
  readonly lines: (book: LogBook) => readonly LogLine[];
  readonly print: (line: LogLine) => string;
}

/** Reads the query of `GET .../pods/x/log`; refuses as a kubelet does when there is nothing to read. */
export function logRequest(pod: KubeObject, query: URLSearchParams, now: number): LogRequest {
  const timestamps = query.get("timestamps") === "true";
  const since = sinceOf(query, now);
  const tail = query.get("tailLines");
  const limit = query.get("limitBytes");
  const print = ({ at: time, text }: LogLine): string =>
    timestamps ? `${nanoseconds(time)} ${text}\n` : `${text}\n`;
  const containerId = containerIdOf(pod, query);
  return {
    containerId,
    follow: query.get("follow") === "true",
    print,
    lines: (book) => {
      const recent = book.lines(containerId).filter((line) => line.at >= since);
      const last = tail === null ? recent : recent.slice(Math.max(0, recent.length - Number(tail)));
      return limit === null ? last : fitting(last, Number(limit), print);
    },
  };
}

function sinceOf(query: URLSearchParams, now: number): number {
  const seconds = query.get("sinceSeconds");
  const time = query.get("sinceTime");
  if (seconds !== null && time !== null) {
    throw new ApiError("Invalid", "at most one of `sinceTime` or `sinceSeconds` may be specified");
  }
  if (seconds !== null) return now - Number(seconds) * 1_000;
  return time === null ? Number.NEGATIVE_INFINITY : Date.parse(time);
}

/** RFC 3339 with nanoseconds, as the container runtime prefixes lines. */
const nanoseconds = (ms: number): string => new Date(ms).toISOString().replace("Z", "000000Z");

function fitting(
  lines: readonly LogLine[],
  bytes: number,
  print: (line: LogLine) => string,
): readonly LogLine[] {
  let left = bytes;
  return lines.filter((line) => {
    left -= Buffer.byteLength(print(line));
    return left >= 0;
  });
}

function containerIdOf(pod: KubeObject, query: URLSearchParams): string {
  const container = containerOf(pod, query.get("container"));
  const status = listAt(pod, "status", "containerStatuses").find(
    (entry) => stringAt(entry, "name") === container,
  );
  const { name } = pod.metadata;
  if (query.get("previous") === "true") {
    const previous = stringAt(status, "lastState", "terminated", "containerID");
    if (previous !== undefined) return bare(previous);
    throw new ApiError(
      "BadRequest",
      `previous terminated container "${container}" in pod "${name}" not found`,
    );
  }
  const current = currentId(status);
  if (current !== undefined) return bare(current);
  const reason = stringAt(status, "state", "waiting", "reason") ?? "ContainerCreating";
  const pulling = reason === "ErrImagePull" || reason === "ImagePullBackOff";
  const why = pulling ? "trying and failing to pull image" : reason;
  throw new ApiError(
    "BadRequest",
    `container "${container}" in pod "${name}" is waiting to start: ${why}`,
  );
}

/** The running or last run container; one waiting to restart still shows its last log. */
function currentId(status: Json | undefined): string | undefined {
  const id = stringAt(status, "containerID");
  if (
    id !== undefined &&
    id !== "" &&
    (at(status, "state", "running") ?? at(status, "state", "terminated")) !== undefined
  ) {
    return id;
  }
  return (
    stringAt(status, "state", "terminated", "containerID") ??
    stringAt(status, "lastState", "terminated", "containerID")
  );
}

function containerOf(pod: KubeObject, wanted: string | null): string {
  const names = listAt(pod, "spec", "containers").flatMap((entry) => stringAt(entry, "name") ?? []);
  if (wanted !== null) {
    if (names.includes(wanted)) return wanted;
    throw new ApiError(
      "BadRequest",
      `container ${wanted} is not valid for pod ${pod.metadata.name}`,
    );
  }
  const [only] = names;
  if (only !== undefined && names.length === 1) return only;
  const choices = names.join(" ");
  throw new ApiError(
    "BadRequest",
    `a container name must be specified for pod ${pod.metadata.name}, choose one of: [${choices}]`,
  );
}

/** `runtime://id` without the runtime. */
const bare = (id: string): string => id.replace(/^[^:]+:\/\//, "").replaceAll('"', "");

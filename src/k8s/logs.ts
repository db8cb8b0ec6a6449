import type { CallOptions } from "./calls.ts";
import type { Connection } from "./connection.ts";
import { describe, pathOf, pods } from "./kinds.ts";
import { createLineSplitter } from "./lines.ts";
import type { Ref } from "./objects.ts";
import { type HttpRequest, stream } from "./transport.ts";

export interface LogOptions extends CallOptions {
  /** Needed when the pod has several containers. */
  readonly container?: string;
  /** Only so many lines from the end. */
  readonly tailLines?: number;
  /** The container before its last restart. */
  readonly previous?: boolean;
  /** RFC 3339. */
  readonly sinceTime?: string;
  /** At most so many bytes; 1 MiB unless given. */
  readonly limitBytes?: number;
  /** Every line begins with its time. */
  readonly timestamps?: boolean;
}

export const defaultLogBytes = 1024 * 1024;
const mostLineBytes = 64 * 1024;

export function logRequest(ref: Ref, options: LogOptions, follow: boolean): HttpRequest {
  const { container, tailLines, previous, sinceTime, limitBytes, timestamps, signal } = options;
  return {
    operation: { name: `read the log of ${describe(pods, ref)}`, writes: false },
    method: "GET",
    path: pathOf(pods, { ...ref, subresource: "log" }),
    query: {
      container,
      tailLines,
      previous,
      sinceTime,
      timestamps,
      limitBytes: follow ? limitBytes : (limitBytes ?? defaultLogBytes),
      follow: follow || undefined,
    },
    signal,
  };
}

/**
 * The lines of a log as they come, each at most 64 KiB: those that are there, or with `follow` those that are
 * written until the container ends. Ends quietly when the signal aborts; throws a KubeError when the connection
 * breaks.
 */
export async function* streamLogs(
  connection: Connection,
  ref: Ref,
  options: LogOptions,
  follow: boolean,
): AsyncGenerator<string, void, undefined> {
  const splitter = createLineSplitter(mostLineBytes);
  for await (const chunk of stream(connection, logRequest(ref, options, follow))) {
    for (const line of splitter.push(chunk)) {
      yield line.text;
    }
  }
  const rest = splitter.end();
  if (rest !== undefined) {
    yield rest.text;
  }
}

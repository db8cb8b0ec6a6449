import { storedObject } from "./answers.ts";
import type { Connection } from "./connection.ts";
import { badAnswerError, KubeError, type Operation } from "./errors.ts";
import { describe, type Kind, pathOf } from "./kinds.ts";
import { createLineSplitter } from "./lines.ts";
import type { KubeObject, WatchEvent } from "./objects.ts";
import { isRecord } from "./redact.ts";
import { statusError } from "./status.ts";
import { stream } from "./transport.ts";

export interface WatchOptions {
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  /** From a list, an event or a bookmark: only what changed after it is told. */
  readonly resourceVersion: string;
  /** When the API server ends the watch by itself, in seconds. */
  readonly timeoutSeconds: number;
  /** The watch counts as broken after so much silence, in milliseconds. Bookmarks come each minute. */
  readonly idleMs: number;
  readonly keepManagedFields?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** An object is at most 1.5 MiB in etcd; JSON with its managed fields takes a few times that. */
const mostLineBytes = 16 * 1024 * 1024;

/**
 * One watch with bookmarks, until the API server ends it or the signal aborts. Throws a KubeError:
 * `gone` when the resource version has expired, as an HTTP status or as an ERROR event.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
 */
export async function* watch<T extends KubeObject>(
  connection: Connection,
  kind: Kind<T>,
  options: WatchOptions,
): AsyncGenerator<WatchEvent<T>, void, undefined> {
  const { namespace, labelSelector, fieldSelector, resourceVersion, timeoutSeconds } = options;
  const place = namespace === undefined ? {} : { namespace };
  const operation = { name: `watch ${describe(kind, place)}`, writes: false };
  const query = {
    watch: true,
    allowWatchBookmarks: true,
    labelSelector,
    fieldSelector,
    resourceVersion,
    timeoutSeconds,
  };
  const request = {
    operation,
    method: "GET",
    path: pathOf(kind, place),
    query,
    signal: options.signal,
  } as const;
  const splitter = createLineSplitter(mostLineBytes);
  for await (const chunk of stream(connection, request, options.idleMs)) {
    for (const line of splitter.push(chunk)) {
      if (line.truncated) {
        throw new KubeError("too-big", `An event is larger than docc reads: ${operation.name}.`);
      }
      yield parseEvent(operation, kind, line.text, options.keepManagedFields ?? false);
    }
  }
}

const changes: Readonly<Record<string, "added" | "modified" | "deleted">> = {
  ADDED: "added",
  MODIFIED: "modified",
  DELETED: "deleted",
};

function parseEvent<T extends KubeObject>(
  operation: Operation,
  kind: Kind<T>,
  line: string,
  keepManagedFields: boolean,
): WatchEvent<T> {
  const event = parseLine(operation, line);
  const { type, object } = event;
  if (type === "ERROR") {
    throw statusError(operation, object);
  }
  if (type === "BOOKMARK") {
    const metadata = isRecord(object) && isRecord(object["metadata"]) ? object["metadata"] : {};
    return { type: "bookmark", resourceVersion: String(metadata["resourceVersion"]) };
  }
  const change = typeof type === "string" ? changes[type] : undefined;
  if (change === undefined) {
    throw badAnswerError(operation, "an event of an unknown type");
  }
  return { type: change, object: storedObject(operation, kind, object, { keepManagedFields }) };
}

function parseLine(operation: Operation, line: string): Record<string, unknown> {
  try {
    const event: unknown = JSON.parse(line);
    if (isRecord(event)) {
      return event;
    }
  } catch {
    // The same refusal as for JSON that is no event.
  }
  throw badAnswerError(operation, "a line that is not an event");
}

import { parseAnswer, storedObject } from "./answers.ts";
import type { KubeApi, Version } from "./api.ts";
import type { Call, CallOptions } from "./calls.ts";
import type { Connection } from "./connection.ts";
import { badAnswerError, isKubeError } from "./errors.ts";
import { describe, type Kind, pathOf } from "./kinds.ts";
import { listAll, listPages } from "./lists.ts";
import { defaultLogBytes, logRequest } from "./logs.ts";
import type { KubeObject, Ref, Stored } from "./objects.ts";
import { isRecord } from "./redact.ts";
import { exchange } from "./transport.ts";

type Reads = Pick<KubeApi, "get" | "find" | "list" | "listAll" | "readLogs" | "version">;

export function createReads(call: Call): Reads {
  return {
    get: async (kind, ref, options) => get(call, kind, ref, options),
    find: async (kind, ref, options) => {
      try {
        return await get(call, kind, ref, options);
      } catch (error) {
        if (isKubeError(error, "not-found")) {
          return undefined;
        }
        throw error;
      }
    },
    list: (kind, options) => listPages(call, kind, options),
    listAll: async (kind, options) => listAll(call, kind, options),
    readLogs: async (ref, options = {}) => {
      const request = logRequest(ref, options, false);
      return (await call(request, options, options.limitBytes ?? defaultLogBytes)).text;
    },
    version: async (options = {}) => version(call, options),
  };
}

async function get<T extends KubeObject>(
  call: Call,
  kind: Kind<T>,
  ref: Ref,
  options: CallOptions = {},
): Promise<Stored<T>> {
  const operation = { name: `get ${describe(kind, ref)}`, writes: false };
  const answer = await call({ operation, method: "GET", path: pathOf(kind, ref) }, options);
  const object = parseAnswer(operation, answer);
  return storedObject(operation, kind, object, { keepManagedFields: true });
}

async function version(call: Call, options: CallOptions): Promise<Version> {
  const operation = { name: "ask for the version", writes: false };
  const answer = await call({ operation, method: "GET", path: "/version" }, options);
  const value = parseAnswer(operation, answer);
  const gitVersion = isRecord(value) ? value["gitVersion"] : undefined;
  if (typeof gitVersion !== "string") {
    throw badAnswerError(operation, "something that is not a version");
  }
  return { gitVersion };
}

/** Asks once, because who asks wants to know about now. */
export async function isReady(connection: Connection, options: CallOptions): Promise<boolean> {
  const operation = { name: "ask for readiness", writes: false };
  const request = { operation, method: "GET", path: "/readyz", signal: options.signal } as const;
  const timeoutMs = options.timeoutMs ?? connection.requestTimeoutMs;
  try {
    await exchange(connection, request, { timeoutMs, bytes: 1024 });
    return true;
  } catch (error) {
    if (isKubeError(error)) {
      return false;
    }
    throw error;
  }
}

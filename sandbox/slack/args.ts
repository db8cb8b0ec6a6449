import { ApiError } from "./api-error.ts";
import { isObject, parseJson } from "./json.ts";
import type { JsonObject } from "./json.ts";

/**
 * The arguments of one Web API call. Form bodies carry every value as a string and nested values as
 * JSON in a string; JSON bodies carry them as they are. Both read the same here.
 */
export class Args {
  readonly all: JsonObject;

  constructor(all: JsonObject) {
    this.all = all;
  }

  string(key: string): string | undefined {
    const value = this.all[key];
    if (typeof value === "number" || typeof value === "boolean") {
      return String(value);
    }
    return typeof value === "string" ? value : undefined;
  }

  /** A string that must be there, else `invalid_arguments`. */
  required(key: string): string {
    const value = this.string(key);
    if (value === undefined || value === "") {
      throw missing(key);
    }
    return value;
  }

  flag(key: string): boolean {
    return ["true", "1"].includes(this.string(key) ?? "");
  }

  integer(key: string): number | undefined {
    const value = this.string(key);
    if (value === undefined) {
      return undefined;
    }
    if (!/^\d+$/.test(value)) {
      throw new ApiError("invalid_arguments", {
        response_metadata: { messages: [`[ERROR] must provide an integer [json-pointer:/${key}]`] },
      });
    }
    return Number(value);
  }

  has(key: string): boolean {
    const value = this.all[key];
    return value !== undefined && value !== null && value !== "";
  }

  /** A list, or `undefined` when it was not given; throws `error` when it is anything else. */
  list(key: string, error: string): readonly unknown[] | undefined {
    if (!this.has(key)) {
      return undefined;
    }
    const value = this.#json(key);
    if (!Array.isArray(value)) {
      throw new ApiError(error);
    }
    return value;
  }

  object(key: string, error: string): JsonObject | undefined {
    if (!this.has(key)) {
      return undefined;
    }
    const value = this.#json(key);
    if (!isObject(value)) {
      throw new ApiError(error);
    }
    return value;
  }

  #json(key: string): unknown {
    const value = this.all[key];
    return typeof value === "string" ? parseJson(value) : value;
  }
}

export function missing(key: string): ApiError {
  return new ApiError("invalid_arguments", {
    response_metadata: { messages: [`[ERROR] missing required field: ${key}`] },
  });
}

import type { Clock } from "../../src/clock.ts";
import { ApiError, refusalError } from "./api-error.ts";
import { Args } from "./args.ts";
import type { Core, Method } from "./core.ts";
import type { Fault } from "./faults.ts";
import type { Reply } from "./http.ts";
import { json } from "./http.ts";
import type { JsonObject } from "./json.ts";
import { methods } from "./methods/index.ts";
import { RateLimits } from "./tiers.ts";
import type { Call } from "./types.ts";

export interface WebApiOptions {
  readonly core: Core;
  readonly botToken: string;
  readonly appToken: string;
  /** By whose time calls are counted; undefined takes every number of them. */
  readonly rateLimits: Clock | undefined;
}

/** Serves `/api/METHOD`: token, scope, rate limit, ordered faults, then the work. */
export class WebApi {
  readonly #options: WebApiOptions;
  readonly #rateLimits: RateLimits | undefined;
  readonly #calls: Call[] = [];

  constructor(options: WebApiOptions) {
    this.#options = options;
    const { rateLimits } = options;
    this.#rateLimits = rateLimits === undefined ? undefined : new RateLimits(rateLimits);
  }

  /** Every call so far, oldest first. */
  get calls(): readonly Call[] {
    return this.#calls;
  }

  /** @param bearer the token of the Authorization header. */
  serve(name: string, body: JsonObject, bearer: string | undefined): Reply {
    const { token, ...args } = body;
    const given = bearer ?? (typeof token === "string" ? token : undefined);
    try {
      const { method, scopeHeaders } = this.#admit(name, given);
      const fault = this.#options.core.faults.take(name);
      return (
        this.#fail(name, args, fault) ??
        this.#limit(name, args, method) ??
        this.#run(name, args, method, scopeHeaders, fault?.kind === "accept-then-reset")
      );
    } catch (error) {
      if (error instanceof ApiError) {
        return this.#refuse(name, args, error);
      }
      throw error;
    }
  }

  /** Finds the method and checks that this token may call it. */
  #admit(
    name: string,
    token: string | undefined,
  ): { method: Method; scopeHeaders: Readonly<Record<string, string>> } {
    const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
    if (method === undefined) {
      throw new ApiError("unknown_method", { req_method: name });
    }
    if (method.token === "none") {
      return { method, scopeHeaders: {} };
    }
    const { botToken, appToken, core } = this.#options;
    if (token === undefined) {
      throw new ApiError("not_authed");
    }
    if (token !== botToken && token !== appToken) {
      throw new ApiError("invalid_auth");
    }
    if (token !== (method.token === "bot" ? botToken : appToken)) {
      throw new ApiError("not_allowed_token_type");
    }
    const provided = core.scopes.join(",");
    const needed = method.scopes.join(",");
    if (needed !== "" && !method.scopes.some((scope) => core.scopes.includes(scope))) {
      throw new ApiError("missing_scope", { needed, provided });
    }
    const scopeHeaders = { "x-oauth-scopes": provided, "x-accepted-oauth-scopes": needed };
    return { method, scopeHeaders };
  }

  /** Plays a fault that keeps the work from being done. */
  #fail(name: string, args: JsonObject, fault: Fault | undefined): Reply | undefined {
    if (fault === undefined) {
      return undefined;
    }
    switch (fault.kind) {
      case "accept-then-reset":
      case "duplicate":
        return undefined;
      case "status500":
        this.#record(name, args, "fault:status500");
        return json({ ok: false, error: "internal_error" }, 500);
      case "ratelimited":
        return this.#tooMany(name, args, fault.retryAfterSeconds ?? 1);
      case "timeout":
        this.#record(name, args, "fault:timeout");
        return { kind: "silence" };
      case "reset":
        this.#record(name, args, "fault:reset");
        return { kind: "reset" };
      case "invalid_blocks":
        throw refusalError({
          error: "invalid_blocks",
          problems: [{ pointer: "/blocks/0", message: "failed to match all allowed schemas" }],
        });
      default:
        throw new ApiError(fault.kind.slice("error:".length));
    }
  }

  #limit(name: string, args: JsonObject, method: Method): Reply | undefined {
    const channel = typeof args["channel"] === "string" ? args["channel"] : "";
    const wait = this.#rateLimits?.take(name, method.tier, channel);
    return wait === undefined ? undefined : this.#tooMany(name, args, wait);
  }

  #tooMany(name: string, args: JsonObject, seconds: number): Reply {
    this.#record(name, args, "ratelimited");
    return json({ ok: false, error: "ratelimited" }, 429, { "retry-after": String(seconds) });
  }

  #run(
    name: string,
    args: JsonObject,
    method: Method,
    headers: Readonly<Record<string, string>>,
    cutAfterwards: boolean,
  ): Reply {
    const body = { ok: true, ...method.run(new Args(args), this.#options.core) };
    if (cutAfterwards) {
      this.#record(name, args, "fault:accept-then-reset", body);
      return { kind: "reset" };
    }
    this.#record(name, args, "ok", body);
    return json(body, 200, headers);
  }

  #refuse(name: string, args: JsonObject, error: ApiError): Reply {
    this.#record(name, args, error.code, error.body);
    return json(error.body);
  }

  #record(method: string, args: JsonObject, outcome: string, response?: JsonObject): void {
    const { clock, workspace } = this.#options.core;
    const answered = response === undefined ? {} : { response };
    this.#calls.push({ at: clock.now(), method, args, outcome, ...answered });
    workspace.announce("call", method);
  }
}

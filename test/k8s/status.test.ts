import { describe, expect, it } from "vitest";
import { KubeError, isAmbiguous, networkError } from "../../src/k8s/errors.ts";
import { statusError } from "../../src/k8s/status.ts";
import { statusBody } from "./target.ts";

const reading = { name: "get pods/web-1 in web", writes: false };
const writing = { name: "create pods/web-1 in web", writes: true };

/** Bodies as kube-apiserver 1.35 wrote them. */
describe("statusError", () => {
  it.each([
    [404, "NotFound", { name: "web-1", kind: "pods" }, "not-found", "not-found"],
    [404, "NotFound", {}, "not-served", "bad-config"],
    [409, "AlreadyExists", { name: "web-1", kind: "pods" }, "already-exists", "already-exists"],
    [409, "Conflict", { name: "web-1", kind: "pods" }, "conflict", "conflict"],
    [422, "Invalid", { causes: [{ field: "spec.x" }] }, "invalid", "bad-input"],
    [400, "BadRequest", {}, "invalid", "bad-input"],
    [401, "Unauthorized", {}, "unauthorized", "not-allowed"],
    [403, "Forbidden", {}, "forbidden", "not-allowed"],
    [410, "Expired", {}, "gone", "unavailable"],
    [410, "Gone", {}, "gone", "unavailable"],
    [413, "RequestEntityTooLarge", {}, "too-big", "too-big"],
    [429, "TooManyRequests", {}, "too-many-requests", "unavailable"],
    [500, "InternalError", {}, "unavailable", "unavailable"],
    [500, "ServerTimeout", {}, "unavailable", "unavailable"],
    [503, "ServiceUnavailable", {}, "unavailable", "unavailable"],
    [504, "Timeout", {}, "timeout", "timeout"],
    [418, "", {}, "invalid", "bad-input"],
    [302, "", {}, "bad-answer", "unavailable"],
  ])("reads %i %s %j as %s", (code, reason, details, kind, doccReason) => {
    const error = statusError(reading, statusBody(code, reason, "a message", details), { code });
    expect(error).toMatchObject({ kind, reason: doccReason, status: code, message: "a message" });
  });

  it.each([
    [404, "not-served"],
    [502, "unavailable"],
    [401, "unauthorized"],
  ])("goes by the HTTP status %i when a proxy answered with its own page", (code, kind) => {
    const error = statusError(reading, undefined, { code });
    expect(error).toMatchObject({
      kind,
      message: `The cluster answered ${code} to: get pods/web-1 in web.`,
    });
  });

  it.each([
    ['admission webhook "policy.example.com" does not support dry run', "no-dry-run"],
    [
      'admission webhook "a" denied the request: admission webhook "b" does not support dry run',
      "invalid",
    ],
    ['admission webhook "a" does not support dry run, said the webhook', "invalid"],
  ])("reads %j as %s", (message, kind) => {
    const error = statusError(reading, statusBody(400, "BadRequest", message), { code: 400 });
    expect(error).toMatchObject({ kind });
  });

  it("names the managers and the fields of an apply conflict", () => {
    const cause = (message: string, field: string): object => ({
      reason: "FieldManagerConflict",
      message,
      field,
    });
    const body = statusBody(409, "Conflict", 'Apply failed with 3 conflicts: conflict with "x"', {
      causes: [
        cause('conflict with "docc"', ".spec.replicas"),
        cause(
          'conflict with "kubectl" with subresource "scale" using apps/v1 at 2026-11-22T12:00:00Z',
          ".spec.replicas",
        ),
        cause(
          String.raw`conflict with "a \"b\"" using apps/v1`,
          '.spec.containers[name="app"].image',
        ),
      ],
    });
    const error = statusError(writing, body, { code: 409 });
    expect(error.kind).toBe("apply-conflict");
    expect(error.conflicts).toEqual([
      { manager: "docc", field: ".spec.replicas" },
      { manager: "kubectl", field: ".spec.replicas" },
      { manager: 'a "b"', field: '.spec.containers[name="app"].image' },
    ]);
  });

  it("takes an apply with the uid of another object for a conflict", () => {
    const body = statusBody(
      422,
      "Invalid",
      'metadata.uid: Invalid value: "1": field is immutable',
      {
        causes: [{ reason: "FieldValueInvalid", field: "metadata.uid", message: "x" }],
      },
    );
    expect(statusError(writing, body, { code: 422 }).kind).toBe("conflict");
  });

  it("takes an unknown field in an apply, answered as 500, for invalid and not committed", () => {
    const message =
      "failed to create typed patch object (web/a; apps/v1, Kind=Deployment): .spec.replica: field not declared in schema";
    const { reason: _none, ...body } = statusBody(500, "", message) as Record<string, unknown>;
    const error = statusError(writing, body, { code: 500 });
    expect(error).toMatchObject({ kind: "invalid", message, ambiguous: false });
  });

  it("keeps field and reason of an invalid object, but no value", () => {
    const body = statusBody(
      422,
      "Invalid",
      'Pod "web-1" is invalid: spec.containers[0].env[0].value: Invalid value: "hunter2": bad',
      {
        causes: [
          {
            reason: "FieldValueInvalid",
            field: "spec.containers[0].env[0].value",
            message: 'Invalid value: "hunter2": bad',
          },
        ],
      },
    );
    const error = statusError(writing, body, { code: 422 });
    expect(error.causes).toEqual([
      { field: "spec.containers[0].env[0].value", message: "Invalid value: bad" },
    ]);
    expect(error.message).toBe(
      'Pod "web-1" is invalid: spec.containers[0].env[0].value: Invalid value: bad',
    );
  });

  it("hides secrets of the request that a webhook quotes", () => {
    const operation = { ...writing, secrets: () => new Set(["hunter2"]) };
    const body = statusBody(403, "Forbidden", "admission webhook denied: env TOKEN=hunter2");
    const error = statusError(operation, body, { code: 403 });
    expect(error.message).toBe("admission webhook denied: env TOKEN=…");
  });

  it("makes one line of at most 600 characters, without control characters", () => {
    const body = statusBody(500, "InternalError", `a\n\u001b[31mb\u202e ${"x".repeat(1_000)}`);
    const { message } = statusError(reading, body, { code: 500 });
    expect(message).toMatch(/^a b x+…$/);
    expect(message).toHaveLength(600);
  });

  it("reads how long to wait from the details, unless a header said so", () => {
    const body = statusBody(429, "TooManyRequests", "later", { retryAfterSeconds: 7 });
    expect(statusError(reading, body, { code: 429 }).retryAfterMs).toBe(7_000);
    expect(statusError(reading, body, { code: 429, retryAfterMs: 1_000 }).retryAfterMs).toBe(1_000);
  });

  it("reads the Status of a watch's ERROR event, which has no HTTP status", () => {
    expect(statusError(reading, statusBody(410, "Expired", "too old")).kind).toBe("gone");
  });

  it.each([undefined, null, 7, "x", [], {}, { kind: "Status", details: 3, message: {} }])(
    "survives the body %j",
    (body) => {
      expect(statusError(reading, body, { code: 500 })).toBeInstanceOf(KubeError);
    },
  );
});

describe("isAmbiguous", () => {
  it.each([
    [500, "InternalError", true],
    [503, "ServiceUnavailable", true],
    [504, "Timeout", true],
    [429, "TooManyRequests", false],
    [409, "Conflict", false],
    [422, "Invalid", false],
    [413, "RequestEntityTooLarge", false],
  ])("says of a write that was answered %i %s: %s", (code, reason, ambiguous) => {
    const body = statusBody(code, reason, "m");
    expect(isAmbiguous(statusError(writing, body, { code }))).toBe(ambiguous);
    expect(isAmbiguous(statusError(reading, body, { code }))).toBe(false);
  });

  it("is false when the connection was refused, true when it was reset", () => {
    const failure = (code: string): Error => Object.assign(new Error("secret text"), { code });
    const refused = networkError(writing, failure("ECONNREFUSED"));
    const reset = networkError(
      writing,
      new Error("fetch failed", { cause: failure("ECONNRESET") }),
    );
    expect(isAmbiguous(refused)).toBe(false);
    expect(isAmbiguous(reset)).toBe(true);
    expect(reset.message).toBe(
      "The cluster is out of reach (ECONNRESET): create pods/web-1 in web.",
    );
  });

  it("knows a refusal of every address of a host", () => {
    const each = Object.assign(new Error("x"), { code: "ECONNREFUSED" });
    expect(networkError(writing, new AggregateError([each, each])).notSent).toBe(true);
  });
});

import type { Json, JsonObject } from "./json.ts";

/** The failures an API server answers with, by `Status.reason` (apimachinery `meta/v1/types.go`). */
const codes = {
  BadRequest: 400,
  Unauthorized: 401,
  Forbidden: 403,
  NotFound: 404,
  MethodNotAllowed: 405,
  NotAcceptable: 406,
  AlreadyExists: 409,
  Conflict: 409,
  Expired: 410,
  Gone: 410,
  UnsupportedMediaType: 415,
  Invalid: 422,
  TooManyRequests: 429,
  InternalError: 500,
  ServiceUnavailable: 503,
  Timeout: 504,
} as const;

export type StatusReason = keyof typeof codes;

export type StatusCause = { reason?: string; message: string; field?: string };

export type StatusDetails = {
  name?: string;
  group?: string;
  kind?: string;
  uid?: string;
  causes?: StatusCause[];
  retryAfterSeconds?: number;
};

/** A failure on its way to the client as a `Status` object. */
export class ApiError extends Error {
  override readonly name: string = "ApiError";
  readonly code: number;
  readonly reason: StatusReason;
  readonly details: StatusDetails | undefined;

  constructor(reason: StatusReason, message: string, details?: StatusDetails) {
    super(message);
    this.reason = reason;
    this.code = codes[reason];
    this.details = details;
  }

  /** The response body; `metadata` is present and empty, as the API server writes it. */
  toStatus(): JsonObject {
    const details: Json | undefined = this.details;
    return {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message: this.message,
      reason: this.reason,
      ...(details === undefined ? {} : { details }),
      code: this.code,
    };
  }
}

/** What an error message and its details name: `deployments.apps "web"`. */
export interface Subject {
  readonly group: string;
  readonly plural: string;
  readonly kind: string;
}

const qualified = ({ group, plural }: Subject): string =>
  group === "" ? plural : `${plural}.${group}`;

const detailsOf = ({ group, plural }: Subject, name: string): StatusDetails => ({
  name,
  ...(group === "" ? {} : { group }),
  kind: plural,
});

export const notFound = (subject: Subject, name: string): ApiError =>
  new ApiError("NotFound", `${qualified(subject)} "${name}" not found`, detailsOf(subject, name));

export const alreadyExists = (subject: Subject, name: string): ApiError =>
  new ApiError(
    "AlreadyExists",
    `${qualified(subject)} "${name}" already exists`,
    detailsOf(subject, name),
  );

export const conflict = (subject: Subject, name: string, why: string): ApiError =>
  new ApiError(
    "Conflict",
    `Operation cannot be fulfilled on ${qualified(subject)} "${name}": ${why}`,
    detailsOf(subject, name),
  );

export const stale = (subject: Subject, name: string): ApiError =>
  conflict(
    subject,
    name,
    "the object has been modified; please apply your changes to the latest version and try again",
  );

export const forbidden = (
  subject: Subject,
  name: string,
  why: string,
  causes: StatusCause[] = [],
): ApiError =>
  new ApiError("Forbidden", `${qualified(subject)} "${name}" is forbidden: ${why}`, {
    ...detailsOf(subject, name),
    ...(causes.length === 0 ? {} : { causes }),
  });

/** `Deployment.apps "web" is invalid: spec.selector: Required value`. */
export function invalid(
  { group, kind }: Subject,
  name: string,
  causes: readonly StatusCause[],
): ApiError {
  const texts = causes.map(({ field, message }) => `${field ?? ""}: ${message}`);
  const text = texts.length === 1 ? (texts[0] ?? "") : `[${texts.join(", ")}]`;
  const type = group === "" ? kind : `${kind}.${group}`;
  return new ApiError("Invalid", `${type} "${name}" is invalid: ${text}`, {
    ...(name === "" ? {} : { name }),
    ...(group === "" ? {} : { group }),
    kind,
    causes: [...causes],
  });
}

/** A replacement without a resourceVersion, of a kind that demands one; named like the resource. */
export const unconditional = ({ group, plural }: Subject, name: string): ApiError =>
  invalid({ group, plural, kind: plural }, name, [
    {
      reason: "FieldValueInvalid",
      message: "Invalid value: 0: must be specified for an update",
      field: "metadata.resourceVersion",
    },
  ]);

/** A delete's precondition that does not hold; the API server names the kind here, not the resource. */
export function preconditionFailed({ group, kind }: Subject, name: string, why: string): ApiError {
  const type = group === "" ? kind : `${kind}.${group}`;
  return new ApiError("Conflict", `Operation cannot be fulfilled on ${type} "${name}": ${why}`, {
    name,
    ...(group === "" ? {} : { group }),
    kind,
  });
}

/** A resourceVersion from before the last compaction. */
export const expired = (message: string): ApiError => new ApiError("Expired", message);

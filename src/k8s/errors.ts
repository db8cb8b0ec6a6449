import { DoccError, type Reason } from "../errors.ts";

/** What went wrong, as far as a caller has to decide something. */
export type KubeErrorKind =
  /** The object is not there. */
  | "not-found"
  /** The API server does not know this kind of object at all (a CRD is missing). */
  | "not-served"
  | "already-exists"
  /** A stale resourceVersion, or a uid that does not match. */
  | "conflict"
  /** Server-side apply: other managers own fields; see `conflicts`. */
  | "apply-conflict"
  /** The object was refused as it is; see `causes`. */
  | "invalid"
  /** An admission webhook with side effects stands in the way of a dry run. */
  | "no-dry-run"
  | "forbidden"
  | "unauthorized"
  | "too-many-requests"
  /** The resource version or continue token has expired. */
  | "gone"
  /** 5xx, refused, reset. */
  | "unavailable"
  | "timeout"
  /** Larger than the API server takes, or than docc reads. */
  | "too-big"
  /** Not the JSON that the Kubernetes API answers. */
  | "bad-answer";

const reasons: Readonly<Record<KubeErrorKind, Reason>> = {
  "not-found": "not-found",
  "not-served": "bad-config",
  "already-exists": "already-exists",
  conflict: "conflict",
  "apply-conflict": "conflict",
  invalid: "bad-input",
  "no-dry-run": "conflict",
  forbidden: "not-allowed",
  unauthorized: "not-allowed",
  "too-many-requests": "unavailable",
  gone: "unavailable",
  unavailable: "unavailable",
  timeout: "timeout",
  "too-big": "too-big",
  "bad-answer": "unavailable",
};

/** A field that another manager owns, in server-side apply's notation: `.spec.replicas`. */
export interface FieldConflict {
  readonly manager: string;
  readonly field: string;
}

/** Why one field was refused: `Required value`, without the value that was given. */
export interface FieldCause {
  readonly field: string;
  readonly message: string;
}

export interface KubeErrorDetails {
  /** The HTTP status, when the API server answered. */
  readonly status?: number;
  /** How long the API server asks callers to wait, in milliseconds. */
  readonly retryAfterMs?: number;
  readonly conflicts?: readonly FieldConflict[];
  readonly causes?: readonly FieldCause[];
  /** True when the request certainly never reached the API server. */
  readonly notSent?: boolean;
  /** True when the request would have changed something. */
  readonly writes?: boolean;
  readonly hint?: string;
}

/** Failures after which nobody knows whether the API server did what was asked. */
const unclear: ReadonlySet<KubeErrorKind> = new Set(["unavailable", "timeout", "bad-answer"]);

/**
 * A failed request to the Kubernetes API. Built only from `Status.reason`, `code` and `details`, and
 * from `Status.message` after cleaning: never from a body or a header.
 */
export class KubeError extends DoccError {
  override readonly name = "KubeError";
  readonly kind: KubeErrorKind;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
  readonly conflicts: readonly FieldConflict[];
  readonly causes: readonly FieldCause[];
  readonly notSent: boolean;
  /** See {@link isAmbiguous}. */
  readonly ambiguous: boolean;

  constructor(kind: KubeErrorKind, message: string, details: KubeErrorDetails = {}) {
    super(reasons[kind], message, details.hint === undefined ? {} : { hint: details.hint });
    this.kind = kind;
    this.status = details.status;
    this.retryAfterMs = details.retryAfterMs;
    this.conflicts = details.conflicts ?? [];
    this.causes = details.causes ?? [];
    this.notSent = details.notSent ?? false;
    this.ambiguous = details.writes === true && unclear.has(kind) && !this.notSent;
  }
}

/** True for a write that the API server may have committed although no answer came. */
export function isAmbiguous(error: unknown): boolean {
  return error instanceof KubeError && error.ambiguous;
}

export function isKubeError(
  error: unknown,
  ...kinds: readonly KubeErrorKind[]
): error is KubeError {
  return error instanceof KubeError && (kinds.length === 0 || kinds.includes(error.kind));
}

/** The kind is not there, or docc may not touch it: an installation from before there was such a kind. */
export function isAbsence(error: unknown): boolean {
  return isKubeError(error, "not-served", "forbidden");
}

/** What a request was about, for its errors. */
export interface Operation {
  /** `get pods/web-1 in web`. */
  readonly name: string;
  /** True when it changes something in the cluster; a dry run does not. */
  readonly writes: boolean;
  /** Texts that no message may quote, see redact.ts. */
  readonly secrets?: () => ReadonlySet<string>;
}

/** Codes of failures before the first byte of the request was written. */
const neverSent: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** The error for a request without an answer: refused, reset, a broken TLS handshake. */
export function networkError(operation: Operation, error: unknown): KubeError {
  const code = codeOf(error);
  return new KubeError("unavailable", `The cluster is out of reach (${code}): ${operation.name}.`, {
    notSent: neverSent.has(code),
    writes: operation.writes,
  });
}

export function timeoutError(operation: Operation, ms: number, notSent: boolean): KubeError {
  const seconds = Math.round(ms / 100) / 10;
  return new KubeError(
    "timeout",
    `The cluster gave no answer within ${seconds} s: ${operation.name}.`,
    { notSent, writes: operation.writes },
  );
}

/** The error for an answer with a good status whose body is not what the API answers. */
export function badAnswerError(operation: Operation, what: string): KubeError {
  return new KubeError("bad-answer", `The cluster answered ${what}: ${operation.name}.`, {
    writes: operation.writes,
  });
}

/** The system's code of an error, such as ECONNRESET. Only the code: messages may quote anything. */
function codeOf(error: unknown): string {
  for (let each = error; each instanceof Error; each = each.cause) {
    const code: unknown = "code" in each ? each.code : undefined;
    if (typeof code === "string" && /^[A-Z][A-Z0-9_]*$/.test(code)) {
      return code;
    }
    if (each instanceof AggregateError && each.errors.length > 0) {
      return codeOf(each.errors[0]);
    }
  }
  return "connection failed";
}

import { cap } from "../text/cap.ts";
import { oneLine } from "../text/clean.ts";
import {
  type FieldCause,
  type FieldConflict,
  KubeError,
  type KubeErrorKind,
  type Operation,
} from "./errors.ts";
import { cutValues, hide, isRecord, isTypedPatchFailure } from "./redact.ts";

const longestMessage = 600;

/**
 * The error for an answer that is not 2xx, or for an ERROR event of a watch (which has no HTTP
 * status of its own). `body` is the parsed JSON, or undefined when there was none (a proxy's page).
 * https://github.com/kubernetes/apimachinery/blob/master/pkg/apis/meta/v1/types.go (Status)
 */
export function statusError(
  operation: Operation,
  body: unknown,
  answer: { readonly code?: number; readonly retryAfterMs?: number } = {},
): KubeError {
  const status = isRecord(body) && body["kind"] === "Status" ? body : {};
  const details = isRecord(status["details"]) ? status["details"] : {};
  const code = answer.code ?? numberIn(status, "code") ?? 0;
  const causes = causesIn(details);
  const kind = kindOfStatus(status, code, details, causes);
  const clean = (text: string): string => cleanText(text, operation.secrets?.());
  const message = clean(textIn(status, "message"));
  const seconds = numberIn(details, "retryAfterSeconds");
  const retryAfterMs = answer.retryAfterMs ?? (seconds ? seconds * 1_000 : undefined);
  return new KubeError(kind, message || `The cluster answered ${code} to: ${operation.name}.`, {
    status: code,
    writes: operation.writes,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    conflicts: kind === "apply-conflict" ? causes.flatMap(conflictOf) : [],
    causes: causes.map(({ field, message: why }) => ({ field: clean(field), message: clean(why) })),
    ...hintFor(kind),
  });
}

interface Cause extends FieldCause {
  readonly reason: string;
}

function causesIn(details: Record<string, unknown>): readonly Cause[] {
  const causes = Array.isArray(details["causes"]) ? details["causes"] : [];
  return causes.filter(isRecord).map((cause) => ({
    reason: textIn(cause, "reason"),
    field: textIn(cause, "field"),
    message: textIn(cause, "message"),
  }));
}

const byReason: Readonly<Record<string, KubeErrorKind>> = {
  AlreadyExists: "already-exists",
  Unauthorized: "unauthorized",
  Forbidden: "forbidden",
  Invalid: "invalid",
  BadRequest: "invalid",
  TooManyRequests: "too-many-requests",
  Expired: "gone",
  Gone: "gone",
  Timeout: "timeout",
  RequestEntityTooLarge: "too-big",
};

const byCode: Readonly<Record<number, KubeErrorKind>> = {
  401: "unauthorized",
  403: "forbidden",
  408: "timeout",
  410: "gone",
  413: "too-big",
  429: "too-many-requests",
  504: "timeout",
};

/**
 * The whole message, since a webhook that denies a request may quote anything behind "denied the request".
 * https://github.com/kubernetes/apiserver/blob/master/pkg/admission/plugin/webhook/errors/statuserror.go
 */
const dryRunUnsupported = /^admission webhook "[^"]*" does not support dry run$/;

function kindOfStatus(
  status: Record<string, unknown>,
  code: number,
  details: Record<string, unknown>,
  causes: readonly Cause[],
): KubeErrorKind {
  const reason = textIn(status, "reason");
  // An unknown or mistyped field in server-side apply: answered as 500 without a reason.
  if (isTypedPatchFailure(textIn(status, "message"))) {
    return "invalid";
  }
  if (reason === "NotFound" || code === 404) {
    return textIn(details, "name") === "" ? "not-served" : "not-found";
  }
  if (reason === "Conflict" || (code === 409 && reason !== "AlreadyExists")) {
    const owned = causes.some((cause) => cause.reason === "FieldManagerConflict");
    return owned ? "apply-conflict" : "conflict";
  }
  // An apply whose uid is not that of the object of this name.
  if (reason === "Invalid" && causes.some((cause) => cause.field === "metadata.uid")) {
    return "conflict";
  }
  if (reason === "BadRequest" && dryRunUnsupported.test(textIn(status, "message"))) {
    return "no-dry-run";
  }
  const known = byReason[reason] ?? byCode[code];
  if (known !== undefined) {
    return known;
  }
  if (code >= 500) {
    return "unavailable";
  }
  return code >= 400 ? "invalid" : "bad-answer";
}

/** The API server writes `conflict with "kubectl" with subresource "scale" using apps/v1 at …`. */
function conflictOf(cause: Cause): readonly FieldConflict[] {
  if (cause.reason !== "FieldManagerConflict") {
    return [];
  }
  const quoted = /^conflict with ("(?:[^"\\]|\\.)*")/.exec(cause.message)?.[1];
  return [{ manager: quoted === undefined ? "unknown" : unquote(quoted), field: cause.field }];
}

function unquote(quoted: string): string {
  try {
    return String(JSON.parse(quoted));
  } catch {
    return quoted.slice(1, -1);
  }
}

function hintFor(kind: KubeErrorKind): { hint?: string } {
  switch (kind) {
    case "not-served":
      return { hint: "Is the custom resource definition installed?" };
    case "forbidden":
      return { hint: "An operator has to give docc's service account this right." };
    case "unauthorized":
      return { hint: "An operator has to check docc's credentials for this cluster." };
    default:
      return {};
  }
}

/** One line of at most 600 characters, without quoted values, control characters and secrets. */
function cleanText(text: string, secrets: ReadonlySet<string> = new Set()): string {
  return cap(oneLine(hide(cutValues(text), secrets)), longestMessage);
}

function textIn(record: Record<string, unknown>, key: string): string {
  const value = record[key];
  return typeof value === "string" ? value : "";
}

function numberIn(record: Record<string, unknown>, key: string): number | undefined {
  const value = record[key];
  return typeof value === "number" ? value : undefined;
}

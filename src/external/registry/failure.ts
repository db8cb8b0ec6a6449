import type { Resolution } from "../../release/images.ts";

type Code = Extract<Resolution, { readonly state: "unknown" }>["code"];

/**
 * Why a registry could not be asked. `why` goes on after the registry's name and is one of docc's own
 * phrases: never a body, a header or a token.
 */
export class RegistryFailure extends Error {
  readonly code: Code;
  readonly why: string;
  /** Whether asking again at once may help. */
  readonly mayPass: boolean;

  constructor(
    why: string,
    options: { readonly code?: Code; readonly cause?: unknown; readonly mayPass?: boolean } = {},
  ) {
    super(`The registry ${why}.`, { cause: options.cause });
    this.code = options.code ?? "registry-unavailable";
    this.why = why;
    this.mayPass = options.mayPass ?? false;
  }
}

const distrusted = new Set([
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);

/** What undici or the system threw, in words. */
export function networkFailure(error: unknown): RegistryFailure {
  if (error instanceof RegistryFailure) return error;
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" && distrusted.has(code)
    ? new RegistryFailure("shows a certificate that docc does not trust", { cause: error })
    : new RegistryFailure("cannot be reached", { cause: error, mayPass: true });
}

/** Of an answer that is neither what was asked for nor a plain no. */
export function statusFailure(status: number): RegistryFailure {
  if (status === 401 || status === 403) {
    return new RegistryFailure("does not let docc see the image", { code: "image-unauthorized" });
  }
  const why = status === 429 ? "asks docc to come back later" : `answers with HTTP ${status}`;
  return new RegistryFailure(why);
}

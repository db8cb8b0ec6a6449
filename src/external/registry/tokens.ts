import type { Basic } from "./credentials.ts";
import { RegistryFailure, statusFailure } from "./failure.ts";
import type { Http } from "./http.ts";
import { membersOf } from "./json.ts";

export interface Token {
  readonly value: string;
  /** For how long it may be used, in milliseconds from its arrival. */
  readonly ms: number;
}

const mostBytes = 64 * 1_024;
/** Visible ASCII without spaces: what a header may hold, however hostile its sender. */
const sound = /^[\x21-\x7e]{1,16384}$/u;
/** The token specification's own default. */
const defaultSeconds = 60;
/** Nobody may be locked out for longer than this and still be served. */
const mostSeconds = 300;
/** A token is not used in its last moments: it could end on the way. */
const marginSeconds = 5;

/**
 * Asks a token server for a token.
 * https://distribution.github.io/distribution/spec/auth/token/
 * @returns undefined when it refuses this login
 */
export async function fetchToken(
  http: Http,
  url: URL,
  { login, signal }: { readonly login: Basic | undefined; readonly signal: AbortSignal },
): Promise<Token | undefined> {
  const { status, body } = await http.ask({
    method: "GET",
    url,
    accept: "application/json",
    authorization: login === undefined ? undefined : `Basic ${login}`,
    mostBytes,
    signal,
  });
  if (status === 401 || status === 403) return undefined;
  if (status !== 200) throw statusFailure(status);
  const { token, access_token: accessToken, expires_in: seconds } = membersOf(body);
  const value = token ?? accessToken;
  if (typeof value !== "string" || !sound.test(value)) {
    throw new RegistryFailure("gives no token that docc understands");
  }
  const lasts = typeof seconds === "number" && seconds > 0 ? seconds : defaultSeconds;
  return { value, ms: Math.max(Math.min(lasts, mostSeconds) - marginSeconds, 0) * 1_000 };
}

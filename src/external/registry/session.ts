import { type Challenge, parseChallenges } from "./challenge.ts";
import type { Basic } from "./credentials.ts";
import type { Expiring } from "./expiring.ts";
import { statusFailure } from "./failure.ts";
import type { Answer, Ask, Http } from "./http.ts";
import type { Origins } from "./origins.ts";
import { tokenUrl } from "./realm.ts";
import { fetchToken } from "./tokens.ts";

/** Conversation with a registry about one repository, logged in as far as it wants that. */
export interface Session {
  /**
   * @param path below `/v2/<name>/`, or a whole URL of the same registry
   * @throws RegistryFailure when there is no answer, or no login suffices
   */
  ask(
    method: Ask["method"],
    path: string | URL,
    limits: Pick<Ask, "accept" | "mostBytes">,
  ): Promise<Answer>;
}

export interface SessionOptions {
  readonly http: Http;
  readonly origins: Origins;
  /** Tokens by registry and repository. */
  readonly tokens: Expiring<string>;
  readonly base: URL;
  readonly name: string;
  /** The logins to try, read when the registry asks for one. */
  readonly logins: () => Promise<readonly Basic[]>;
  readonly signal: AbortSignal;
}

/** A pull secret or two; more would only be guesses at somebody's door. */
const mostLogins = 3;

export function openSession(options: SessionOptions): Session {
  const { http, tokens, base, name, signal } = options;
  const key = `${base.origin} ${name}`;
  let authorization: string | undefined;

  return {
    ask: async (method, path, limits) => {
      const url = typeof path === "string" ? new URL(`/v2/${name}/${path}`, base) : path;
      const attempt = (header: string | undefined): Promise<Answer> =>
        http.ask({ method, url, authorization: header, signal, ...limits });
      const first = await attempt(authorization ?? tokens.get(key));
      if (first.status !== 401) return checked(first);
      // Only the registry itself may ask for a login, not a place that it redirected to.
      const challenges = first.url.origin === base.origin ? challengesOf(first) : [];
      for await (const header of headersFor(challenges, options)) {
        const answer = await attempt(header.authorization);
        if (answer.status === 401 || answer.status === 403) continue;
        ({ authorization } = header);
        if (header.ms > 0) tokens.set(key, header.authorization, header.ms);
        return answer;
      }
      throw statusFailure(401);
    },
  };
}

function checked(answer: Answer): Answer {
  if (answer.status === 403) throw statusFailure(403);
  return answer;
}

function challengesOf(answer: Answer): readonly Challenge[] {
  const all = parseChallenges(answer.header("www-authenticate") ?? "");
  return ["bearer", "basic"].flatMap((scheme) => all.filter((each) => each.scheme === scheme));
}

interface Header {
  readonly authorization: string;
  /** For how many milliseconds others may use it, too. */
  readonly ms: number;
}

/** What to show the registry, one after the other until it lets docc in: our logins, then none. */
async function* headersFor(
  challenges: readonly Challenge[],
  options: SessionOptions,
): AsyncGenerator<Header, void, undefined> {
  const { http, base, name, origins, signal } = options;
  const [challenge] = challenges;
  if (challenge === undefined) return;
  const logins = (await options.logins()).slice(0, mostLogins);
  if (challenge.scheme === "basic") {
    yield* logins.map((login) => ({ authorization: `Basic ${login}`, ms: 0 }));
    return;
  }
  const url = tokenUrl(challenge, { registry: base, name, origins });
  if (url === undefined) return;
  for (const login of [...logins, undefined]) {
    const token = await fetchToken(http, url, { login, signal });
    if (token !== undefined) yield { authorization: `Bearer ${token.value}`, ms: token.ms };
  }
}

import { registryOf } from "../../manifest/schema/image.ts";
import { membersOf } from "./json.ts";

/** A user name and password as HTTP's Basic scheme shows them: base64 of `user:password`. */
export type Basic = string;

/**
 * The logins that pull secrets hold for a repository, the most specific first, as the kubelet takes
 * them: keys name a host, perhaps with a scheme, `/v1/` or `/v2/` behind it, or the start of a
 * repository's path. Patterns (`*.example.com`) are not read.
 * https://kubernetes.io/docs/concepts/containers/images/#config-json
 * @param configs texts of `.dockerconfigjson`; what cannot be read holds no login
 */
export function credentialsFor(repository: string, configs: readonly string[]): readonly Basic[] {
  const place = placeOf(repository);
  const found = configs.flatMap((text) => {
    const { auths } = membersOf(text);
    if (typeof auths !== "object" || auths === null) return [];
    return Object.entries(auths).flatMap(([key, entry]: [string, unknown]) => {
      const prefix = prefixOf(key);
      const login = loginOf(entry);
      const isMeant = place === prefix || place.startsWith(`${prefix}/`);
      return isMeant && login !== undefined ? [{ prefix, login }] : [];
    });
  });
  const specificFirst = found.toSorted((a, b) => b.prefix.length - a.prefix.length);
  return [...new Set(specificFirst.map(({ login }) => login))];
}

/** Docker writes Docker Hub's login under the name that its first index had. */
const hubAlias = "index.docker.io";

function placeOf(repository: string): string {
  const host = registryOf(repository);
  const isWritten = repository.toLowerCase().startsWith(`${host}/`);
  return isWritten ? repository.toLowerCase() : `${host}/${repository}`;
}

function prefixOf(key: string): string {
  const bare = key
    .toLowerCase()
    .replace(/^https?:\/\//u, "")
    .replace(/\/+$/u, "")
    .replace(/\/v[12]$/u, "");
  return bare === hubAlias || bare.startsWith(`${hubAlias}/`)
    ? `docker.io${bare.slice(hubAlias.length)}`
    : bare;
}

/** `auth` is base64 of `user:password` already; else the two stand side by side. */
function loginOf(entry: unknown): Basic | undefined {
  const { auth, username, password } = (entry ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof username === "string" && typeof password === "string" && username !== "") {
    return Buffer.from(`${username}:${password}`).toString("base64");
  }
  if (typeof auth !== "string" || auth === "") return undefined;
  const plain = Buffer.from(auth, "base64").toString();
  return plain.includes(":") ? Buffer.from(plain).toString("base64") : undefined;
}

import { registryOf } from "../../manifest/schema/image.ts";

/** What an operator says about registries. Hosts are written as in images: with a port, if any. */
export interface Hosts {
  /** Where images may come from; undefined: from anywhere. */
  readonly registries: readonly string[] | undefined;
  /** Spoken to by plain HTTP. */
  readonly insecure: readonly string[];
  /** That may issue tokens for registries of another domain. */
  readonly tokenHosts: readonly string[];
}

/** How far docc trusts the places it is sent to. All comparisons are of origins. */
export interface Origins {
  /** Where the API of a repository's registry is; undefined when its host is no host (`a:99999`). */
  readonly baseOf: (repository: string) => URL | undefined;
  /** Named by the operator: may be at a private address, and may issue tokens. */
  readonly isNamed: (url: URL) => boolean;
  /** HTTPS, or plain HTTP where the operator allows it; never with a user in it. */
  readonly isAllowed: (url: URL) => boolean;
}

/** Docker Hub's API answers at another host than its images are named by. */
const dockerHub = "registry-1.docker.io";

export function originsOf({ registries = [], insecure, tokenHosts }: Hosts): Origins {
  const plain = new Set(insecure.map((host) => host.toLowerCase()));
  const at = (host: string): string =>
    `${plain.has(host.toLowerCase()) ? "http" : "https"}://${host}`;
  const originOf = (address: string): string[] => {
    const url = URL.parse(address);
    return url === null ? [] : [url.origin];
  };
  const named = new Set([...registries, ...insecure, ...tokenHosts].map(at).flatMap(originOf));
  const plainOrigins = new Set(insecure.map(at).flatMap(originOf));
  return {
    baseOf: (repository) => {
      const host = registryOf(repository);
      return URL.parse(at(host === "docker.io" ? dockerHub : host)) ?? undefined;
    },
    isNamed: (url) => named.has(url.origin),
    isAllowed: (url) =>
      (url.protocol === "https:" || plainOrigins.has(url.origin)) &&
      url.username === "" &&
      url.password === "",
  };
}

/**
 * The repository's name in its registry, without the host; Docker Hub's own images are in library/.
 * https://github.com/distribution/reference/blob/main/normalize.go
 */
export function nameOf(repository: string): string {
  const host = registryOf(repository);
  const isWritten = repository.toLowerCase().startsWith(`${host}/`);
  const name = isWritten ? repository.slice(host.length + 1) : repository;
  return host === "docker.io" && !name.includes("/") ? `library/${name}` : name;
}

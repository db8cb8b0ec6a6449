/**
 * Image names as the distribution project defines them (github.com/distribution/reference,
 * regexp.go): an optional registry host with port, then path components. IPv6 hosts are left out.
 */
const component = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
const label = "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?";
const host = `${label}(?:\\.${label})*(?::[0-9]+)?`;

/** A repository without tag and digest. */
export const repositoryPattern = new RegExp(`^(?:${host}/)?${component}(?:/${component})*$`, "u");

/** Characters a repository name may have, by the same source. */
export const LONGEST_REPOSITORY = 255;

/** A tag: opencontainers/distribution-spec, "Pulling manifests". */
export const tagPattern = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/u;

/** A digest: opencontainers/image-spec, "Digests"; sha256 is what registries and runtimes use. */
export const digestPattern = /^sha256:[a-f0-9]{64}$/u;

/** The registry of a repository, with its port if any; Docker Hub where none is written. */
export function registryOf(repository: string): string {
  const [first = "", ...rest] = repository.split("/");
  const isHost = rest.length > 0 && (/[.:A-Z]/u.test(first) || first === "localhost");
  return isHost ? first.toLowerCase() : "docker.io";
}

/** What to do about an image that {@link repositoryPattern} refuses. */
export function repositoryHint(image: string): string {
  if (image.includes("://")) {
    return "Leave out the scheme: registry.example.com/team/app.";
  }
  if (image.includes("@")) {
    return "Leave out the digest here and give it as image_digest.";
  }
  const tagged = /^(?<repository>.+):(?<tag>[^/:]+)$/u.exec(image)?.groups;
  if (tagged?.["tag"] !== undefined && tagPattern.test(tagged["tag"])) {
    return "Leave out the tag here and give it as image_tag.";
  }
  if (/[A-Z]/u.test(image)) {
    return "Repository names are lower case.";
  }
  return "Write it like registry.example.com/team/app.";
}

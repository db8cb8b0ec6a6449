import { isIP } from "node:net";
import type { Challenge } from "./challenge.ts";
import type { Origins } from "./origins.ts";

const longestService = 256;

/**
 * Where a registry sends docc for a token to read one repository, or undefined when docc does not go
 * there: credentials are shown to the registry's own site and to hosts that the operator names, alone.
 * The scope is docc's own: a registry cannot ask for more than reading.
 * https://distribution.github.io/distribution/spec/auth/token/
 */
export function tokenUrl(
  { parameters }: Challenge,
  from: { readonly registry: URL; readonly name: string; readonly origins: Origins },
): URL | undefined {
  const { registry, name, origins } = from;
  const url = URL.parse(parameters.get("realm") ?? "");
  if (url === null || !origins.isAllowed(url)) return undefined;
  if (!origins.isNamed(url) && !isSameSite(registry.hostname, url.hostname)) return undefined;
  const service = parameters.get("service") ?? "";
  if (service !== "" && service.length <= longestService) url.searchParams.set("service", service);
  url.searchParams.set("scope", `repository:${name}:pull`);
  return url;
}

/**
 * Whether two hosts are of one owner as far as their names tell: equal, or in one domain of two
 * labels; of three below a country's short label (`example.co.uk`). A registry that abuses this gets
 * credentials that were meant for it anyway.
 */
export function isSameSite(left: string, right: string): boolean {
  if (left === right) return true;
  if (isIP(left) !== 0 || isIP(right) !== 0) return false;
  const domain = domainOf(left);
  return domain.includes(".") && domain === domainOf(right);
}

function domainOf(host: string): string {
  const labels = host.toLowerCase().split(".");
  const isShort = /^[a-z]{2}$/u.test(labels.at(-1) ?? "") && (labels.at(-2) ?? "").length <= 3;
  const least = isShort ? 3 : 2;
  return labels.length < least ? "" : labels.slice(-least).join(".");
}

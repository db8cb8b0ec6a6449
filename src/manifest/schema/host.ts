/** A host name: RFC 1123, in lower case as Kubernetes wants it, with at least two labels. */
export const hostPattern =
  /^(?=.{1,253}$)(?:[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?\.)+[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?$/u;

export const LONGEST_HOST = 253;

/** What to do about a host that {@link hostPattern} refuses. */
export function hostHint(host: string): string {
  if (/:\/\//u.test(host)) {
    return "Leave out the scheme: shop.example.com.";
  }
  if (host.startsWith("*")) {
    return "Wildcards are not for applications; list the hosts.";
  }
  if (/[/?#]/u.test(host)) {
    return "Leave out the path; an ingress has its own.";
  }
  if (/:\d+$/u.test(host)) {
    return "Leave out the port.";
  }
  return hostPattern.test(host.toLowerCase())
    ? "Host names are lower case here."
    : "Write it like shop.example.com.";
}

/** Whether a host is a domain or below it. */
export function isWithin(host: string, domain: string): boolean {
  return host === domain || host.endsWith(`.${domain}`);
}

import type { Release } from "./release.ts";

/**
 * Kubernetes name of the Release for one delivery: the app, then a hash of the delivery's stable
 * id, so that the same delivery twice creates nothing twice. At most 63 characters: an application
 * has at most 50 (manifest.md), the hash 12.
 * @param hash hex digest of the delivery's id, at least 12 digits; hashing belongs to the edge
 */
export function releaseName(app: string | undefined, hash: string): string {
  return `${app ?? "upload"}-${hash.slice(0, 12)}`;
}

/**
 * Kubernetes name of the head of one app in one environment. Neither part may hold a dot, so the
 * dot keeps `a-b` in `c` apart from `a` in `b-c`.
 */
export function applicationName(app: string, environment: string): string {
  return `${environment}.${app}`;
}

/** The app that a release is of: as it was planned, else as it was asked for; undefined while only an unread file knows. */
export function appNameOf({ spec, status }: Pick<Release, "spec" | "status">): string | undefined {
  return status?.app ?? spec.app;
}

import type { Adoption } from "./adopt.ts";

/** A Deployment and what may belong to it, as a cluster has them. */
export interface Adoptable {
  readonly deployment: unknown;
  /** All objects of the namespace of the kinds around a Deployment. */
  readonly objects: readonly unknown[];
  /** Kinds that may not be listed, so that nothing is known of them. */
  readonly unread: readonly string[];
}

/** A Deployment as kubectl takes it, its name perhaps behind the kind's; undefined for anything else. */
export function deploymentName(given: string): string | undefined {
  const found = /^(?:(?<kind>[^/]*)\/)?(?<name>[^/]+)$/u.exec(given)?.groups;
  const kind = found?.["kind"] ?? "deployment";
  const isDeployment = /^deploy(?:ments?(?:\.apps|\.v1\.apps)?)?$/iu.test(kind);
  return isDeployment ? found?.["name"] : undefined;
}

/** What may not be read must not pass for what is not there. */
export function withUnread(adoption: Adoption, unread: readonly string[], who: string): Adoption {
  const notes = unread.map(
    (kind) =>
      `${who} may not list objects of the kind ${kind}: what they do for the application is not here.`,
  );
  return { ...adoption, notes: [...adoption.notes, ...notes] };
}

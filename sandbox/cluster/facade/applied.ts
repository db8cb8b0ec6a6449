import { conflictMessage, type Conflict } from "./apply/managed.ts";
import type { KubeObject } from "./json.ts";
import type { Resource } from "./resources.ts";
import { ApiError } from "./status.ts";
import type { Subresource } from "./write.ts";

/* What an API server makes of the object a client applies, before and after the merge. */

export function checkApplied(sent: KubeObject, name: string): void {
  if (sent.metadata.name !== name) {
    const why = `the name of the object (${sent.metadata.name}) does not match the name on the URL (${name})`;
    throw new ApiError("BadRequest", why);
  }
  if ((sent.metadata.managedFields ?? []).length > 0) {
    throw new ApiError("BadRequest", "metadata.managedFields must be nil");
  }
}

/** The part of an applied object its endpoint takes: status at /status, everything else elsewhere. */
export function applicable(
  sent: KubeObject,
  resource: Resource,
  subresource: Subresource | undefined,
): KubeObject {
  const { apiVersion, kind, metadata, status, ...rest } = sent;
  const { resourceVersion: _revision, uid: _uid, managedFields: _managed, ...kept } = metadata;
  const place = { apiVersion, kind, metadata: kept };
  if (subresource === "status") return { ...place, ...(status === undefined ? {} : { status }) };
  return resource.hasStatus || status === undefined
    ? { ...place, ...rest }
    : { ...place, ...rest, status };
}

/** The answer to an apply without force that met other managers. */
export function refused(conflicts: readonly Conflict[]): ApiError {
  const causes = conflicts.map(({ manager, field }) => ({
    reason: "FieldManagerConflict",
    message: `conflict with ${manager}`,
    field,
  }));
  return new ApiError("Conflict", conflictMessage(conflicts), { causes });
}

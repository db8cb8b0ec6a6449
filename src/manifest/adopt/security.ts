import { quoted } from "../../text/clean.ts";
import type { Platform } from "../platform.ts";
import { fits } from "./fits.ts";
import { at, isEmpty, type Json, type JsonObject, listAt, objectOf } from "./json.ts";
import { leaveOf, type Part, podPath } from "./part.ts";
import type { Remarks } from "./remarks.ts";

/** `read_only`, `run_as_user` and `run_as_root`; what is left of the security contexts: defaults.ts. */
export function securityFields(part: Part, { defaults }: Platform, to: Remarks): JsonObject {
  const own = at(part.value, "securityContext");
  const ofPod = at(part.subject.value, ...podPath, "securityContext");
  const isReadOnly = at(own, "readOnlyRootFilesystem") === true;
  const user = firstOf(at(own, "runAsUser"), at(ofPod, "runAsUser"));
  const isNotRoot = firstOf(at(own, "runAsNonRoot"), at(ofPod, "runAsNonRoot"));
  const isRoot = user === 0 || (isEmpty(user) && isNotRoot === false);
  const runAsUser = userField(part, user, to);
  if (isRoot) {
    leaveDrops(part, to);
  } else if (runAsUser === undefined && isNotRoot !== true) {
    to.note(
      `Nothing says which user ${quoted(part.name)} runs as, and docc does not start images as root: give it run_as_user, or run_as_root where the operator allows that.`,
    );
  }
  return objectOf({
    read_only: isReadOnly === defaults.readOnly ? undefined : isReadOnly,
    run_as_user: runAsUser,
    run_as_root: isRoot ? true : undefined,
  });
}

function firstOf(own: Json, ofPod: Json): Json {
  return own === null ? ofPod : own;
}

function userField(part: Part, user: Json, to: Remarks): Json | undefined {
  if (isEmpty(user)) {
    return undefined;
  }
  if (fits(["containers", "any", "run_as_user"], user)) {
    return user;
  }
  const why =
    user === 0
      ? "With run_as_root the image's own user counts, which is not set to 0."
      : "It is no number of a user that a manifest can have.";
  leaveOf(part, to, ["securityContext", "runAsUser"], why);
  return undefined;
}

/** docc takes every capability from a container, but from those that run as root. */
function leaveDrops(part: Part, to: Remarks): void {
  if (listAt(part.value, "securityContext", "capabilities", "drop").length > 0) {
    const why = "With run_as_root a container keeps the runtime's usual capabilities.";
    leaveOf(part, to, ["securityContext", "capabilities", "drop"], why);
  }
}

import { quoted } from "../../text/clean.ts";
import { cap } from "../../text/cap.ts";
import type { Path } from "../problem.ts";
import { at, isEmpty, isSame, type Json, listAt, membersAt, textAt } from "./json.ts";
import type { Remarks, Subject } from "./remarks.ts";

/** Labels that docc sets itself, whatever they were. */
const ownLabels: readonly string[] = [
  "app.kubernetes.io/name",
  "app.kubernetes.io/instance",
  "app.kubernetes.io/version",
  "app.kubernetes.io/managed-by",
  "docc.dev/environment",
  "docc.dev/team",
];

/** Annotations in which programs keep their books; they mean nothing to who runs the application. */
const books: readonly RegExp[] = [
  // The Deployment's controller, kubectl, and the autoscaler as its first version shows it.
  /^deployment\.kubernetes\.io\//u,
  /^kubectl\.kubernetes\.io\/(?:last-applied-configuration|restartedAt)$/u,
  /^kubernetes\.io\/change-cause$/u,
  /^autoscaling\.alpha\.kubernetes\.io\/(?:conditions|current-metrics)$/u,
  /^meta\.helm\.sh\/release-(?:name|namespace)$/u,
  /^docc\.dev\//u,
];

interface Known {
  /** docc's own metadata there. */
  readonly ours: Json;
  /** Labels and annotations that the manifest says in its own words. */
  readonly said?: ReadonlySet<string>;
  /** Titles of the application's own objects, which come and go together. */
  readonly titles?: ReadonlySet<string>;
}

/** Lists labels and annotations of an object, or of the pods that it makes, and owners. */
export function leaveMetadata(
  subject: Subject,
  path: Path,
  { ours, said = new Set(), titles = new Set() }: Known,
  to: Remarks,
): void {
  const labels = membersAt(subject.value, ...path, "labels").filter(
    ([key, value]) =>
      !ownLabels.includes(key) && !said.has(key) && !isSame(at(ours, "labels", key), value),
  );
  if (labels.length > 0) {
    const why = `A manifest has no labels of its own: ${names(labels)} ${labels.length === 1 ? "is" : "are"} left out.`;
    to.leave(subject, [...path, "labels"], why);
  }
  for (const [key, value] of membersAt(subject.value, ...path, "annotations")) {
    const isKnown =
      books.some((each) => each.test(key)) ||
      said.has(key) ||
      isSame(at(ours, "annotations", key), value);
    if (!isKnown) {
      const why = "A manifest has no annotations of its own.";
      to.leave(subject, [...path, "annotations", key], why);
    }
  }
  leaveOwners(subject, path, titles, to);
}

const MOST_NAMES = 10;

function names(labels: readonly (readonly [string, Json])[]): string {
  const shown = labels.slice(0, MOST_NAMES).map(([key]) => quoted(key));
  const more = labels.length - shown.length;
  return more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(", ");
}

function leaveOwners(subject: Subject, path: Path, titles: ReadonlySet<string>, to: Remarks): void {
  listAt(subject.value, ...path, "ownerReferences").forEach((owner, index) => {
    const title = `${textAt(owner, "kind")}/${textAt(owner, "name")}`;
    if (!isEmpty(owner) && !titles.has(title)) {
      const why = `${quoted(cap(title, 80), 80)} made it, and may change it back.`;
      to.leave(subject, [...path, "ownerReferences", index], why);
    }
  });
}

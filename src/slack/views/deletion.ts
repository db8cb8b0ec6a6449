import { isDeletion, sayDeleted } from "../../release/deletion.ts";
import { keyOf } from "../../release/plan.ts";
import type { Phase, Release } from "../../release/release.ts";
import type { ReleaseView } from "../../release/story.ts";
import { sayDuration } from "../../text/duration.ts";
import { appOf, elapsed, environmentOf } from "./phrases.ts";

/** What a deletion says where a deploy would speak of a version that runs; undefined of anything else. */
export function deletionState(view: ReleaseView, phase: Phase): string | undefined {
  const { release } = view;
  if (!isDeletion(release)) return undefined;
  const place = `${appOf(release)} from ${environmentOf(release)}`;
  const since = sayDuration(elapsed(view, "applying"));
  switch (phase) {
    case "applying":
      return `Deleting ${place}.`;
    case "progressing":
    case "verifying":
      return `Deleting ${place}: waiting until its objects and pods are gone, ${since}.`;
    case "succeeded":
      return sayGone(release);
    default:
      return undefined;
  }
}

/** `kubecon-2017 is gone from staging: 5 objects deleted.` */
export function sayGone(release: Release): string {
  const { plan, inventory = [] } = release.status ?? {};
  const stays = new Set(inventory.map(keyOf));
  const named = plan?.changes ?? [];
  const gone = named.filter((ref) => !stays.has(keyOf(ref))).length;
  return `${appOf(release)} is gone from ${environmentOf(release)}: ${sayDeleted(gone, named.length)}.`;
}

/** What a release does to a place: `Deploy of web to staging`, `Restart of web in staging`. */
export function preposition({ spec: { kind } }: Pick<Release, "spec">): "from" | "in" | "to" {
  if (kind === "delete") return "from";
  return kind === "deploy" ? "to" : "in";
}

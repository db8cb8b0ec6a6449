import { cap } from "../text/cap.ts";
import { isActive, isReady, newPods, oldPods, type Observation } from "./observation.ts";
import type { Plan, Verdict } from "./release.ts";

/**
 * Who is affected by a failure, said first: "Users are still on 2017: 3 of 3 old pods ready."
 * @param from the tag that ran before; empty for a first deploy
 */
export function sayAffected(observation: Observation, from: string): string {
  const old = oldPods(observation).filter(isActive);
  const oldReady = old.filter(isReady).length;
  const newReady = newPods(observation).filter(isReady).length;
  if (oldReady > 0) {
    const version = from === "" ? "the version before" : cap(from, 200);
    const pods = old.length === 1 ? "pod" : "pods";
    return `Users are still on ${version}: ${oldReady} of ${old.length} old ${pods} ready${some(newReady)}.`;
  }
  if (newReady > 0)
    return `Users are served by ${newReady} new ${newReady === 1 ? "pod" : "pods"} only.`;
  return from === ""
    ? "Nothing ran before; nobody is served."
    : "No pod is ready: users are not served.";
}

function some(newReady: number): string {
  if (newReady === 0) return "";
  return newReady === 1
    ? ", and 1 new one is ready too"
    : `, and ${newReady} new ones are ready too`;
}

/** Pods ready of those wanted, at the moment of the verdict. */
export function countPods(observation: Observation): Pick<Verdict, "ready" | "wanted"> {
  return {
    ready: newPods(observation).filter(isReady).length,
    wanted: observation.deployment?.spec?.replicas ?? 1,
  };
}

/** What a release changed, for the thread of a failure: "image 2017 -> 2018 only". */
export function sayChanged({ changes, from, to }: Plan): string {
  // What is to be pruned is still there when a release fails.
  const changed = changes.filter(({ action }) => action === "create" || action === "change");
  if (changed.some(({ action }) => action === "create") || changed.length === 0) return "";
  const notes = [...new Set(changed.flatMap(({ note }) => (note === "" ? [] : note.split(", "))))];
  const said = notes.map((note) =>
    note === "image" && from !== to ? `image ${from} -> ${to}` : note,
  );
  return said.length === 1 ? `${said.join("")} only` : said.join(", ");
}

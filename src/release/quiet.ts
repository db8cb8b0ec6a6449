import type { Milestone } from "./story.ts";

/**
 * Whether a milestone only says how far a release has come: the root message shows as much, and the verdict says what
 * came of it. What is asked, decided or failed, what a plan warns of, and what is left behind, is never among it. Pure.
 */
export function isOnlyProgress(milestone: Milestone): boolean {
  switch (milestone.type) {
    case "applied":
      return milestone.notes === undefined;
    case "deleting": {
      const { risks = [], warnings = [] } = milestone.release.status?.plan ?? {};
      return risks.length + warnings.length === 0;
    }
    case "pruned":
      return milestone.kept.length === 0;
    case "ready":
    case "gone":
    case "warning":
      return true;
    default:
      return false;
  }
}

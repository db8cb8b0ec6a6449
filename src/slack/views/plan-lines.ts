import type { PlannedAction, PlannedObject, Release } from "../../release/release.ts";
import { inline, type Mention, sentence, withMentions } from "./phrases.ts";

const mostNamed = 12;

/** What the plan changes, its risks and its warnings: finished mrkdwn lines that fit a phone. */
export function planLines({ spec, status }: Release, mention: Mention): readonly string[] {
  const plan = status?.plan;
  if (plan === undefined) return [];
  const isDeletion = spec.kind === "delete";
  const risks = plan.risks.slice(0, mostNamed).join("; ");
  return [
    isDeletion ? deletes(plan.changes) : changes(plan.changes),
    `Known risks: ${withMentions(sentence(risks === "" ? "none" : risks, 1_000), mention)}`,
    ...plan.warnings.slice(0, mostNamed).map((warning) => `Warning: ${sentence(warning)}`),
  ].filter((line) => line !== "");
}

/** `New: Service. Changes: Deployment (image 2016 -> 2017). Unchanged: Ingress.` */
function changes(objects: readonly PlannedObject[]): string {
  const groups: readonly (readonly [string, PlannedAction])[] = [
    ["New", "create"],
    ["Changes", "change"],
    ["Unchanged", "unchanged"],
    ["Removed after success", "prune"],
  ];
  return groups
    .map(
      ([title, action]) => [title, objects.filter((object) => object.action === action)] as const,
    )
    .filter(([, members]) => members.length > 0)
    .map(([title, members]) => `${title}: ${name(members)}.`)
    .join(" ");
}

/** `Deletes: Service web, Deployment web.` */
function deletes(objects: readonly PlannedObject[]): string {
  if (objects.length === 0) return "Nothing of it is there any more.";
  const named = objects
    .slice(0, mostNamed)
    .map(({ kind, name: called }) => `${inline(kind, 63)} ${inline(called, 253)}`);
  const left = objects.length - named.length;
  return `Deletes: ${[...named, ...(left > 0 ? [`${left} more`] : [])].join(", ")}.`;
}

function name(objects: readonly PlannedObject[]): string {
  const named = objects
    .slice(0, mostNamed)
    .map(({ kind, note }) =>
      note === "" ? inline(kind, 63) : `${inline(kind, 63)} (${inline(note, 120)})`,
    );
  const left = objects.length - named.length;
  return [...named, ...(left > 0 ? [`${left} more`] : [])].join(", ");
}

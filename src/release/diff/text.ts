import type { Plan } from "../release.ts";
import { type FieldDiff, type ObjectDiff, readDiff } from "./diff.ts";

/**
 * A plan's diff for people, as lines of plain text: each object, its fields, and what is taken over from
 * other managers. What is not said is counted.
 */
export function sayDiff({ diff, changes }: Pick<Plan, "diff" | "changes">): readonly string[] {
  const objects = readDiff(diff);
  const unchanged = changes.filter(({ action }) => action === "unchanged").length;
  return [
    ...objects.flatMap((object) => [...sayObject(object), ...takeovers(object, changes)]),
    ...(unchanged === 0
      ? []
      : [`Unchanged: ${unchanged === 1 ? "1 object" : `${unchanged} objects`}`]),
  ];
}

const heads: Readonly<Record<ObjectDiff["action"], string>> = {
  create: "new",
  change: "changes",
  prune: "removed after success",
};

function sayObject({ kind, name, action, fields, left = 0, previewed }: ObjectDiff): string[] {
  const doubt = previewed === false ? ", not previewed" : "";
  return [
    `${kind} ${name}: ${heads[action]}${doubt}`,
    ...fields.map((field) => `  ${sayField(field, action)}`),
    ...(left === 0 ? [] : [`  and ${left} more ${left === 1 ? "field" : "fields"}`]),
  ];
}

/** `replicas  3 -> 5`, `container kubecon: env LEVEL  removed`. */
export function sayField(
  { path, change, before, after }: FieldDiff,
  action: ObjectDiff["action"],
): string {
  if (before !== undefined && after !== undefined) return `${path}  ${before} -> ${after}`;
  const value = before ?? after;
  const how = action === "create" ? "" : change;
  if (value === undefined) return how === "" ? path : `${path}  ${how}`;
  return how === "" ? `${path}  ${value}` : `${path}  ${how}: ${value}`;
}

function takeovers({ kind, name }: ObjectDiff, changes: Plan["changes"]): readonly string[] {
  const planned = changes.find((each) => each.kind === kind && each.name === name);
  return (planned?.takesOver ?? []).map((field) => `  takes over ${field}`);
}

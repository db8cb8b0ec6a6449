import {
  at,
  isObject,
  type Json,
  type JsonObject,
  type KubeObject,
  listAt,
  stringAt,
} from "./json.ts";
import { ApiError } from "./status.ts";

type Labels = { readonly [key: string]: string };

/** A test of an object; parsed once, asked of every object and event. */
export type Predicate = (object: KubeObject) => boolean;

/** `a=b,c!=d,e in (f,g),h,!i`; https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/. */
export function parseLabelSelector(text: string): (labels: Labels) => boolean {
  const requirements = splitOutsideParentheses(text).map(parseRequirement);
  return (labels) => requirements.every((requirement) => requirement(labels));
}

function splitOutsideParentheses(text: string): readonly string[] {
  return text
    .split(/,(?![^(]*\))/)
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

const keyPattern = /^[A-Za-z0-9]([-A-Za-z0-9_./]*[A-Za-z0-9])?$/;

function parseRequirement(text: string): (labels: Labels) => boolean {
  const set = /^(\S+)\s+(in|notin)\s+\(([^)]*)\)$/.exec(text);
  if (set !== null) {
    const [, key = "", operator, list = ""] = set;
    const values = list.split(",").map((value) => value.trim());
    const wanted = operator === "in";
    return (labels) => (labels[key] !== undefined && values.includes(labels[key])) === wanted;
  }
  const equality = /^([^=!\s]+)\s*(==|=|!=)\s*(\S*)$/.exec(text);
  if (equality !== null) {
    const [, key = "", operator, value = ""] = equality;
    return operator === "!="
      ? (labels) => labels[key] !== value
      : (labels) => labels[key] === value;
  }
  const key = text.replace(/^!/, "");
  if (!keyPattern.test(key)) {
    throw new ApiError(
      "BadRequest",
      `unable to parse requirement: found '${text}', expected: a label selector`,
    );
  }
  return text.startsWith("!")
    ? (labels) => labels[key] === undefined
    : (labels) => labels[key] !== undefined;
}

/** `a=b,c!=d` over named fields; a field the kind does not offer is a 400, as at the API server. */
export function parseFieldSelector(
  text: string,
  fieldsOf: (object: KubeObject) => { readonly [field: string]: string | undefined },
  supported: readonly string[],
): Predicate {
  const terms = text.split(",").filter((part) => part !== "");
  const checks = terms.map((term): Predicate => {
    const match = /^([^=!]+)(==|=|!=)(.*)$/.exec(term);
    if (match === null)
      throw new ApiError("BadRequest", `invalid selector: '${term}'; can't understand '${term}'`);
    const [, field = "", operator, value = ""] = match;
    if (!supported.includes(field))
      throw new ApiError("BadRequest", `field label not supported: ${field}`);
    const wanted = operator !== "!=";
    return (object) => ((fieldsOf(object)[field] ?? "") === value) === wanted;
  });
  return (object) => checks.every((check) => check(object));
}

/** The selector object of workloads and budgets: `matchLabels` and `matchExpressions`. */
export function matchesObjectSelector(selector: JsonObject, labels: JsonObject): boolean {
  const exact = selector["matchLabels"];
  const wanted = Object.entries(isObject(exact) ? exact : {});
  return (
    wanted.every(([key, value]) => labels[key] === value) &&
    listAt(selector, "matchExpressions").every((expression) =>
      matchesExpression(expression, labels),
    )
  );
}

function matchesExpression(expression: Json, labels: JsonObject): boolean {
  const value = labels[stringAt(expression, "key") ?? ""];
  const values = listAt(expression, "values");
  switch (at(expression, "operator")) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    default:
      return false;
  }
}

import { isObject, type Json, type JsonObject, sameJson } from "./json.ts";
import { ApiError } from "./status.ts";
import { fieldOf, type ListStructure, type Structure } from "./structure.ts";

/** JSON merge patch, RFC 7396. */
export function mergePatch(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const merged: JsonObject = isObject(target) ? { ...target } : {};
  for (const [member, value] of Object.entries(patch)) {
    if (value === undefined) continue;
    if (value === null) delete merged[member];
    else merged[member] = mergePatch(merged[member], value);
  }
  return merged;
}

/**
 * Strategic merge patch: merge patch whose associative lists merge by their merge key, with the
 * directives `$patch` (delete, replace), `$deleteFromPrimitiveList`, `$setElementOrder` (ignored)
 * and `$retainKeys`.
 * https://kubernetes.io/docs/tasks/manage-kubernetes-objects/update-api-object-kubectl-patch/
 */
export function strategicMergePatch(
  target: Json | undefined,
  patch: Json,
  structure: Structure,
): Json {
  if (!isObject(patch)) return patch;
  if (patch["$patch"] === "replace") return withoutDirectives(patch);
  if (patch["$patch"] === "delete") return {};
  const merged: JsonObject = retain(isObject(target) ? { ...target } : {}, patch["$retainKeys"]);
  for (const [member, value] of Object.entries(patch)) {
    if (value === undefined) continue;
    if (member.startsWith("$deleteFromPrimitiveList/")) {
      dropPrimitives(merged, member.slice("$deleteFromPrimitiveList/".length), value);
    } else if (member.startsWith("$")) {
      continue;
    } else if (value === null) {
      delete merged[member];
    } else {
      merged[member] = strategicMember(merged[member], value, fieldOf(structure, member));
    }
  }
  return merged;
}

function strategicMember(target: Json | undefined, patch: Json, structure: Structure): Json {
  if (!Array.isArray(patch)) return strategicMergePatch(target, patch, structure);
  const { list } = structure;
  if (list === undefined) return patch;
  if (patch.some((item) => isObject(item) && item["$patch"] === "replace")) {
    return patch.filter((item) => !(isObject(item) && item["$patch"] === "replace"));
  }
  const current = Array.isArray(target) ? target : [];
  if (list.kind === "set")
    return [...current, ...patch.filter((item) => !current.some((old) => sameJson(old, item)))];
  return mergeByKey(current, patch, list);
}

/** Merged as `mergeSliceWithoutSpecialElements`; a new item goes before the next one left alone. */
function mergeByKey(
  current: readonly Json[],
  patch: readonly Json[],
  list: Extract<ListStructure, { kind: "map" }>,
): Json[] {
  const keyOf = (item: Json): Json | undefined =>
    isObject(item) ? item[list.mergeKey] : undefined;
  const indexOf = (item: Json): number =>
    current.findIndex((old) => sameJson(keyOf(old), keyOf(item)));
  const deletes = (item: Json): boolean => isObject(item) && item["$patch"] === "delete";
  const untouched = current.filter(
    (old) => !patch.some((item) => sameJson(keyOf(old), keyOf(item))),
  );
  const merged: Json[] = [];
  for (const item of patch.filter((candidate) => !deletes(candidate))) {
    const index = indexOf(item);
    while (untouched[0] !== undefined && indexOf(untouched[0]) < index)
      merged.push(...untouched.splice(0, 1));
    merged.push(strategicMergePatch(current[index] ?? {}, item, list.item));
  }
  return [...merged, ...untouched];
}

function retain(target: JsonObject, keys: Json | undefined): JsonObject {
  if (!Array.isArray(keys)) return target;
  return Object.fromEntries(Object.entries(target).filter(([member]) => keys.includes(member)));
}

function dropPrimitives(target: JsonObject, member: string, values: Json): void {
  const list = target[member];
  if (!Array.isArray(list) || !Array.isArray(values)) return;
  target[member] = list.filter((item) => !values.some((value) => sameJson(value, item)));
}

const withoutDirectives = (patch: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(patch).filter(([member]) => !member.startsWith("$")));

/** JSON patch, RFC 6902: add, remove, replace, move, copy, test. */
export function jsonPatch(target: Json, operations: Json): Json {
  if (!Array.isArray(operations))
    throw new ApiError("BadRequest", "json patch: the body must be a list");
  let document: Json = structuredClone(target);
  for (const operation of operations) {
    if (!isObject(operation))
      throw new ApiError("BadRequest", "json patch: an operation must be an object");
    document = applyOperation(document, operation);
  }
  return document;
}

function applyOperation(document: Json, operation: JsonObject): Json {
  const path = pointer(operation["path"]);
  switch (operation["op"]) {
    case "add":
      return put(document, path, required(operation["value"]), true);
    case "replace":
      read(document, path);
      return put(document, path, required(operation["value"]), false);
    case "remove":
      return take(document, path);
    case "copy":
      return put(document, path, structuredClone(read(document, pointer(operation["from"]))), true);
    case "move": {
      const from = pointer(operation["from"]);
      const value = read(document, from);
      return put(take(document, from), path, value, true);
    }
    case "test":
      if (!sameJson(read(document, path), operation["value"])) {
        throw unprocessable();
      }
      return document;
    default:
      throw unprocessable();
  }
}

/** One sentence for every operation that does not fit, as the API server gives it. */
const unprocessable = (): ApiError =>
  new ApiError("Invalid", "the server rejected our request due to an error in our request", {});

function pointer(value: Json | undefined): readonly string[] {
  if (typeof value !== "string" || (value !== "" && !value.startsWith("/"))) throw unprocessable();
  return value
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function required(value: Json | undefined): Json {
  if (value === undefined) throw unprocessable();
  return value;
}

function read(document: Json, path: readonly string[]): Json {
  let current: Json | undefined = document;
  for (const part of path) {
    if (Array.isArray(current)) current = current[Number(part)];
    else current = isObject(current) ? current[part] : undefined;
    if (current === undefined) throw unprocessable();
  }
  return current;
}

function put(document: Json, path: readonly string[], value: Json, insert: boolean): Json {
  const last = path.at(-1);
  if (last === undefined) return value;
  const parent = read(document, path.slice(0, -1));
  if (Array.isArray(parent)) {
    const index = last === "-" ? parent.length : Number(last);
    if (!Number.isInteger(index) || index < 0 || index > parent.length) throw unprocessable();
    parent.splice(index, insert ? 0 : 1, value);
  } else if (isObject(parent)) {
    parent[last] = value;
  } else {
    throw unprocessable();
  }
  return document;
}

function take(document: Json, path: readonly string[]): Json {
  const last = path.at(-1);
  if (last === undefined) throw unprocessable();
  read(document, path);
  const parent = read(document, path.slice(0, -1));
  if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else if (isObject(parent)) delete parent[last];
  return document;
}

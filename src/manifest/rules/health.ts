import { type Path, pathText, type Problem } from "../problem.ts";
import { isObject, nodeAt, type Tree } from "../reading/tree.ts";
import { exclusive, fieldsOf, valueAt } from "./places.ts";
import { hasTcpPort } from "./ports.ts";

const ways = ["path", "tcp", "command"] as const;

/** A health check asks in exactly one way, and at a port that is known. */
export function healthChecks(root: Tree): readonly Problem[] {
  return fieldsOf(root, ["containers"], "health")
    .filter(({ value }) => isObject(value))
    .flatMap(({ name, path }) => healthCheck(root, path, name));
}

function healthCheck(root: Tree, path: Path, container: string): readonly Problem[] {
  const has = (key: string): boolean => nodeAt(root, [...path, key]) !== undefined;
  if (!ways.some(has)) {
    return [
      {
        code: "missing-key",
        message: `${pathText(path)} does not say how to ask.`,
        hint: 'Give it a path, like "/healthz", or tcp with a port, or a command.',
        path,
        at: "key",
      },
    ];
  }
  const several = exclusive(root, path, ways, "Keep the one that says best that it is well.");
  return [
    ...several,
    ...(has("path") ? [] : ["port", "tls"].filter(has).map((key) => withoutPath(path, key))),
    ...(several.length === 0 && isUnasked(root, path, container) ? [noPort(path)] : []),
  ];
}

/** Whether nobody says on which port a path is asked. */
function isUnasked(root: Tree, path: Path, container: string): boolean {
  return (
    typeof valueAt(root, [...path, "path"]) === "string" &&
    nodeAt(root, [...path, "port"]) === undefined &&
    !hasTcpPort(root, container)
  );
}

function withoutPath(path: Path, key: string): Problem {
  return {
    code: "exclusive-keys",
    message: `"${key}" belongs to "path", and there is none.`,
    hint: `Add a path, or remove ${key}.`,
    path: [...path, key],
    at: "key",
  };
}

function noPort(path: Path): Problem {
  return {
    code: "missing-key",
    message: `"port" is missing in ${pathText(path)}.`,
    hint: "The container lists no TCP port, so say which one the path is asked on.",
    path: [...path, "port"],
  };
}

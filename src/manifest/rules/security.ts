import { quoted } from "../../text/clean.ts";
import { tlsMountRoot } from "../objects/names.ts";
import type { Platform } from "../platform.ts";
import type { Path, Problem } from "../problem.ts";
import type { Tree } from "../reading/tree.ts";
import { exclusive, fieldsOf, itemsAt, namesAt } from "./places.ts";

/** Root only where the operator allows it, and then as no other user. */
export function users(root: Tree, { allowRoot }: Platform): readonly Problem[] {
  return fieldsOf(root, ["containers"], "run_as_root")
    .filter(({ value }) => value === true)
    .flatMap(({ name, path }): readonly Problem[] =>
      allowRoot
        ? exclusive(root, ["containers", name], ["run_as_user", "run_as_root"], "Keep one.")
        : [notAllowed(path)],
    );
}

function notAllowed(path: Path): Problem {
  return {
    code: "root-not-allowed",
    message: "This platform does not run containers as root.",
    hint: "Use an image that runs as another user, give run_as_user, or ask the operator.",
    path,
  };
}

/** Writable directories: each once, and none where docc mounts certificates. */
export function writableDirectories(root: Tree): readonly Problem[] {
  return namesAt(root, ["containers"]).flatMap((name) => {
    const seen = new Set<string>();
    return itemsAt(root, ["containers", name, "writable"]).flatMap(({ value, path }) => {
      if (typeof value !== "string") {
        return [];
      }
      const problem = seen.has(value) ? twice(value, path) : reserved(value, path);
      seen.add(value);
      return problem === undefined ? [] : [problem];
    });
  });
}

function twice(directory: string, path: Path): Problem {
  const message = `${quoted(directory)} is listed already.`;
  return { code: "duplicate-path", message, hint: "Remove one.", path };
}

function reserved(directory: string, path: Path): Problem | undefined {
  return `${directory}/`.startsWith(`${tlsMountRoot}/`)
    ? {
        code: "duplicate-path",
        message: `${quoted(directory)} is where docc mounts certificates.`,
        hint: "Choose another directory.",
        path,
      }
    : undefined;
}

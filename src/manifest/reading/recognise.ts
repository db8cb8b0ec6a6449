import { cap } from "../../text/cap.ts";
import { oneLine } from "../../text/clean.ts";
import type { Problem } from "../problem.ts";
import { isObject, type Json, type JsonObject, type Tree } from "./tree.ts";

/** Names a file that is no manifest at all, such as a Kubernetes object given by mistake. */
export function notAManifest(tree: Tree | undefined): Problem | undefined {
  const what = tree === undefined ? nothing : recognised(tree.value);
  return what === undefined
    ? undefined
    : { code: "not-a-manifest", ...what, path: [], at: Math.max(tree?.offset ?? 0, 0) };
}

interface Said {
  readonly message: string;
  readonly hint: string;
}

const nothing: Said = {
  message: "The file is empty.",
  hint: "A manifest has at least application, containers and maintainer.",
};

function recognised(value: Json): Said | undefined {
  if (value === null) {
    return nothing;
  }
  if (Array.isArray(value)) {
    return {
      message: "This is a list.",
      hint: "A manifest is one object: one application per file.",
    };
  }
  return isObject(value)
    ? recognisedObject(value)
    : { message: "This is a single value.", hint: shape };
}

const shape = "A manifest has keys, such as application, containers and maintainer.";

function recognisedObject(object: JsonObject): Said | undefined {
  const { apiVersion, kind, services } = object;
  if (typeof apiVersion === "string" && typeof kind === "string") {
    const name = cap(oneLine(kind), 40);
    return {
      message: `This is a Kubernetes ${name}.`,
      hint: "docc makes the objects itself: write what the application needs, and docc render shows them.",
    };
  }
  if (services !== undefined && isObject(services) && object["application"] === undefined) {
    return {
      message: "This is a Compose file.",
      hint: "Write a manifest for each service that runs on its own.",
    };
  }
  return undefined;
}

import { quoted } from "../../text/clean.ts";
import { nearest } from "../../text/nearest.ts";
import type { Platform } from "../platform.ts";
import { type Path, pathText, type Problem } from "../problem.ts";
import { isObject, nodeAt, type Tree } from "../reading/tree.ts";
import { registryOf, repositoryPattern } from "../schema/image.ts";
import { exclusive, fieldsOf, namesAt, valueAt } from "./places.ts";

/** Each image has a tag or a digest. */
export function imageVersions(root: Tree): readonly Problem[] {
  return namesAt(root, ["containers"]).flatMap((name): readonly Problem[] => {
    const path = ["containers", name];
    if (!isObject(valueAt(root, path))) {
      return [];
    }
    const has = (key: string): boolean => nodeAt(root, [...path, key]) !== undefined;
    return has("image_tag") || has("image_digest")
      ? exclusive(root, path, ["image_tag", "image_digest"], "Keep the one that you mean.")
      : [noVersion(path)];
  });
}

function noVersion(container: Path): Problem {
  return {
    code: "missing-key",
    message: `"image_tag" is missing in ${pathText(container)}.`,
    hint: '"image_tag" is the tag of the image, in quotes, like "2017"; image_digest pins one instead.',
    path: [...container, "image_tag"],
  };
}

/** Images come from the registries that the operator allows. */
export function registries(root: Tree, { registries: allowed }: Platform): readonly Problem[] {
  if (allowed === undefined) {
    return [];
  }
  return fieldsOf(root, ["containers"], "image").flatMap(({ value: image, path }) => {
    const isAllowed =
      typeof image !== "string" ||
      !repositoryPattern.test(image) ||
      allowed.includes(registryOf(image));
    return isAllowed ? [] : [foreignRegistry(image, path, allowed)];
  });
}

function foreignRegistry(image: string, path: Path, allowed: readonly string[]): Problem {
  const meant = nearest(registryOf(image), allowed);
  return {
    code: "registry-not-allowed",
    message: `Images from ${quoted(registryOf(image))} are not allowed here.`,
    hint: meant === undefined ? `Allowed: ${allowed.join(", ")}.` : `Did you mean ${meant}?`,
    path,
  };
}

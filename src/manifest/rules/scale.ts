import type { Platform } from "../platform.ts";
import { type Path, pathText, type Problem } from "../problem.ts";
import { isObject, type Json, nodeAt, type Tree } from "../reading/tree.ts";
import { namesAt, standing, valueAt } from "./places.ts";

/** The range of an autoscaler has two ends in order, in every environment; none is over the cap. */
export function scales(root: Tree, platform: Platform): readonly Problem[] {
  const names = namesAt(root, ["environments"]);
  const ranges = [undefined, ...names].flatMap((name) => rangeProblems(root, name));
  return [...ranges, ...cap(root, platform), ...cpuRequests(root, platform)];
}

function rangeProblems(root: Tree, environment: string | undefined): readonly Problem[] {
  const path = environment === undefined ? ["scale"] : ["environments", environment, "scale"];
  if (!isObject(valueAt(root, path))) {
    return [];
  }
  const { min, max } = ends(root, path);
  // What an environment takes over from the rest is judged there.
  const isOwn = [min, max].some((end) => end?.path.length === path.length + 1);
  return [
    ...(environment === undefined ? [] : missingEnds(root, path)),
    ...(isOwn ? wrongOrder(min, max) : []),
  ];
}

interface End {
  readonly value: Json;
  readonly path: Path;
}

/** Where each end of the range at a path stands: there, else at the top. */
export function ends(
  root: Tree,
  own: Path,
): { readonly min: End | undefined; readonly max: End | undefined } {
  const places = [own, ["scale"]];
  const end = (key: string): End | undefined => {
    const path = places.map((each) => [...each, key]).find((each) => nodeAt(root, each));
    return path === undefined ? undefined : { value: valueAt(root, path), path };
  };
  return { min: end("min"), max: end("max") };
}

/** The schema wants both ends at the top; an environment may leave out what stands there. */
function missingEnds(root: Tree, path: Path): readonly Problem[] {
  const top = nodeAt(root, ["scale"]);
  if (top !== undefined && typeof top.value !== "number") {
    return [];
  }
  return ["min", "max"]
    .map((key) => [...path, key])
    .filter((each) => nodeAt(root, each) === undefined)
    .map((each) => ({
      code: "missing-key",
      message: `"${String(each.at(-1))}" is missing in ${pathText(path)}.`,
      hint: "The rest of the manifest gives no {min, max} to take it from.",
      path: each,
    }));
}

function wrongOrder(min: End | undefined, max: End | undefined): readonly Problem[] {
  if (typeof min?.value !== "number" || typeof max?.value !== "number" || min.value <= max.value) {
    return [];
  }
  return [
    {
      code: "out-of-range",
      message: `A min of ${min.value} is more than the max of ${max.value}.`,
      hint: "Swap them, or change one.",
      // An environment's own end is what somebody just wrote.
      path: min.path.length >= max.path.length ? min.path : max.path,
    },
  ];
}

/** What counts in this environment stays below the operator's cap. */
function cap(root: Tree, { environment, maxScale }: Platform): readonly Problem[] {
  const found = standing(root, environment, { field: "scale" });
  if (found === undefined) {
    return [];
  }
  const { max } = ends(root, found.path);
  const end = isObject(found.node.value) ? max : { value: found.node.value, path: found.path };
  return typeof end?.value === "number" && Number.isSafeInteger(end.value) && end.value > maxScale
    ? [
        {
          code: "out-of-range",
          message: `A scale of ${end.value} is more than this platform allows.`,
          hint: `Give ${maxScale} at most, or ask the operator.`,
          path: end.path,
        },
      ]
    : [];
}

/** An autoscaler measures in % of what containers ask for, so each must ask for something. */
function cpuRequests(root: Tree, { environment, defaults }: Platform): readonly Problem[] {
  const scale = standing(root, environment, { field: "scale" })?.node.value ?? null;
  if (!isObject(scale) || defaults.cpu !== undefined) {
    return [];
  }
  return namesAt(root, ["containers"])
    .filter((container) => isObject(valueAt(root, ["containers", container])))
    .filter((container) => standing(root, environment, { field: "cpu", container }) === undefined)
    .map((container) => ({
      code: "missing-key",
      message: `"cpu" is missing in ${pathText(["containers", container])}: the autoscaler measures in % of it.`,
      hint: 'Say what one copy asks for, like "500m".',
      path: ["containers", container, "cpu"],
    }));
}

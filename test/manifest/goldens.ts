import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseAllDocuments } from "yaml";
import type { ApplicationObject } from "../../src/manifest/objects/objects.ts";
import { parseManifest } from "../../src/manifest/parse.ts";
import type { Platform } from "../../src/manifest/platform.ts";
import type { Manifest } from "../../src/manifest/schema/manifest.ts";
import { isPlatformName, type PlatformName, platforms } from "./platforms.ts";

/**
 * A golden pair: a manifest and the objects that are expected of it, at `golden/<theme>/<name>.yaml`
 * (or `.json`) and `golden/<theme>/<name>.objects.yaml`. The talk's manifests are in `examples/`, so
 * that theme has no manifests of its own.
 */
export interface Golden {
  /** `<theme>/<name>`. */
  readonly name: string;
  readonly manifestFile: string;
  readonly objectsFile: string;
  readonly text: string;
  readonly platformName: PlatformName;
  readonly platform: Platform;
}

const folder = path.join(import.meta.dirname, "golden");
const examples = path.join(import.meta.dirname, "..", "..", "examples");
const objectsEnding = ".objects.yaml";
/** The theme whose manifests are in `examples/`; the other examples have a test of their own. */
const exampleTheme = "talk";

/** All files that have their place among the golden pairs. */
function files(): readonly string[] {
  const own = globSync("*/*", { cwd: folder }).map((file) => path.join(folder, file));
  return [...own, ...globSync("*.json", { cwd: examples }).map((file) => path.join(examples, file))]
    .filter((file) => path.extname(file) !== "")
    .toSorted();
}

/** Names of the pairs that have one of the two files, to hold against each other. */
export function halves(): {
  readonly manifests: readonly string[];
  readonly objects: readonly string[];
} {
  const all = files();
  return {
    manifests: all
      .filter((file) => !file.endsWith(objectsEnding))
      .map(nameOf)
      .toSorted(),
    objects: all
      .filter((file) => file.endsWith(objectsEnding))
      .map(nameOf)
      .toSorted(),
  };
}

/** The pairs, by name. */
export function goldens(): readonly Golden[] {
  return files()
    .filter((file) => !file.endsWith(objectsEnding))
    .map(goldenOf)
    .toSorted((left, right) => (left.name < right.name ? -1 : 1));
}

function nameOf(file: string): string {
  const theme = path.dirname(file) === examples ? exampleTheme : path.basename(path.dirname(file));
  return `${theme}/${path.basename(file).replace(/(?:\.objects)?\.(?:yaml|json)$/u, "")}`;
}

function goldenOf(manifestFile: string): Golden {
  const name = nameOf(manifestFile);
  const text = readFileSync(manifestFile, "utf8");
  const platformName =
    /^# platform: (?<platform>\S+)$/mu.exec(text)?.groups?.["platform"] ?? "default";
  if (!isPlatformName(platformName)) {
    throw new Error(`${name}: there is no platform ${platformName} in platforms.ts`);
  }
  return {
    name,
    manifestFile,
    objectsFile: path.join(folder, `${name}${objectsEnding}`),
    text,
    platformName,
    platform: platforms[platformName],
  };
}

/** @throws with the findings unless the text is a manifest */
export function manifestOf(text: string, platform: Platform): Manifest {
  const { manifest, findings } = parseManifest(text, { platform });
  if (manifest === undefined) {
    throw new Error(JSON.stringify(findings, undefined, 2));
  }
  return manifest;
}

/** The frozen objects of a pair. */
export function frozenObjects({ objectsFile }: Golden): readonly ApplicationObject[] {
  return parseAllDocuments(readFileSync(objectsFile, "utf8")).map(
    (document) => document.toJS() as ApplicationObject,
  );
}

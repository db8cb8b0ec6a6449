import { cap } from "../text/cap.ts";
import { oneLine } from "../text/clean.ts";
import { type Finding, type FindingCode, findingCodes } from "./finding.ts";
import { checkJson } from "./reading/json-syntax.ts";
import { Lines, type Place } from "./reading/lines.ts";
import type { Platform } from "./platform.ts";
import { type Path, pathText, type Problem } from "./problem.ts";
import { masked } from "./mask.ts";
import { notAManifest } from "./reading/recognise.ts";
import type { Manifest } from "./schema/manifest.ts";
import { respelt } from "./schema/misspelt.ts";
import { decode } from "./reading/text.ts";
import { NOWHERE, nodeAt, type Tree } from "./reading/tree.ts";
import { validate } from "./validate.ts";
import { type Reading, readYaml } from "./reading/yaml-tree.ts";

/** A manifest, present when no finding is an error, and the findings by their place in the text. */
export interface Parsed {
  readonly manifest?: Manifest;
  readonly findings: readonly Finding[];
}

/** How to read a manifest's text. */
export interface ParseOptions {
  /** The file's name; one that ends in `.json` is read as JSON whatever its text looks like. */
  readonly file?: string;
  readonly platform: Platform;
}

/** Findings beyond this number are only counted: nobody reads a thousand. */
const MOST_FINDINGS = 100;
const LONGEST_SENTENCE = 400;

/**
 * Reads a manifest, JSON (strict) or YAML, from a person's or a stranger's file. Pure and total: it
 * never throws, whatever the bytes, and needs time in proportion to them.
 *
 * @param source the file's bytes or text; at most 256 KiB
 */
export function parseManifest(source: string | Uint8Array, options: ParseOptions): Parsed {
  return parseTree(source, options, (tree) => tree);
}

/**
 * A manifest's text with the values of its variables masked, for people who may not see them; empty where
 * it speaks of variables and cannot be read, so that nobody knows what their values are.
 */
export function shareableText(source: string | Uint8Array, file = ""): string {
  const { text, problem } = decode(source);
  const { tree } = problem === undefined ? readTree(text, file) : { tree: undefined };
  if (tree === undefined) {
    return /env/iu.test(text) ? "" : text;
  }
  return masked(text, respelt(tree).tree);
}

/** {@link parseManifest}, with the tree changed before it is checked. */
export function parseTree(
  source: string | Uint8Array,
  { file = "", platform }: ParseOptions,
  change: (tree: Tree, problems: Problem[]) => Tree,
): Parsed {
  const { text, problem } = decode(source);
  if (problem !== undefined) {
    return { findings: findingsOf([problem], undefined, text) };
  }
  const { tree, problems } = readTree(text, file);
  const alien = problems.length > 0 && tree === undefined ? undefined : notAManifest(tree);
  if (tree === undefined || alien !== undefined) {
    return { findings: findingsOf(alien === undefined ? problems : [alien], tree, text) };
  }
  const changing: Problem[] = [];
  const changed = change(tree, changing);
  return conclude(changed, [...problems, ...changing], platform, text);
}

/** Checks a tree and turns all problems into findings; warnings come only with a manifest. */
export function conclude(
  given: Tree,
  before: readonly Problem[],
  platform: Platform,
  text: string,
): Parsed {
  const { tree, problems: misspelt } = respelt(given);
  const { manifest, problems: broken } = validate(tree, platform);
  const errors = [...before, ...misspelt];
  if (errors.length === 0 && manifest !== undefined) {
    return { manifest, findings: findingsOf(broken, tree, text) };
  }
  const gaps = before.filter(({ leavesGap = false }) => leavesGap).map(({ path }) => path);
  const sound = broken
    .filter(({ code }) => findingCodes[code].severity === "error")
    .filter((problem) => !gaps.some((gap) => fills(gap, problem)));
  return { findings: findingsOf([...errors, ...sound], tree, text) };
}

/** Whether what a problem misses may stand in the refused member of the object at `gap`. */
function fills(gap: Path, { code, path }: Problem): boolean {
  switch (code) {
    case "missing-key":
      return [path, path.slice(0, -1)].some((each) => pathText(each) === pathText(gap));
    case "no-containers":
    case "no-such-port":
    case "no-such-container":
      return gap[0] === "containers";
    case "no-such-ingress":
      return gap[0] === "ingresses";
    default:
      return false;
  }
}

function readTree(text: string, file: string): Reading {
  if (!/^[ \t\r\n]*\{/u.test(text) && !file.toLowerCase().endsWith(".json")) {
    return readYaml(text);
  }
  if (text.trim() === "") {
    return { tree: undefined, problems: [] };
  }
  const { problems, mended } = checkJson(text);
  if (mended === undefined) {
    return { tree: undefined, problems };
  }
  // JSON is YAML: its one parser gives the positions.
  const reading = readYaml(mended);
  return { tree: reading.tree, problems: [...problems, ...reading.problems] };
}

/** A problem with where it stands in the text; {@link NOWHERE} comes first. */
interface Placed {
  readonly problem: Problem;
  readonly offset: number;
}

/** All findings by their place; of too many the errors, and the rest as a number. */
function findingsOf(problems: readonly Problem[], tree: Tree | undefined, text: string): Finding[] {
  const lines = new Lines(text);
  const [shown, [hidden, ...others]] = firstOnes(
    problems.map((problem) => ({ problem, offset: offsetOf(problem, tree) })),
  );
  const findings = shown.map(({ problem, offset }) => findingOf(problem, lines.place(offset)));
  return hidden === undefined
    ? findings
    : [...findings, andMore(others.length + 1, hidden.problem.code)];
}

/** Only those that are shown become findings: a stranger's file can have thousands. */
function firstOnes(placed: readonly Placed[]): [shown: Placed[], surplus: Placed[]] {
  const weighed = placed.toSorted(
    (left, right) => weightOf(right) - weightOf(left) || left.offset - right.offset,
  );
  const shown = weighed.slice(0, MOST_FINDINGS);
  return [
    shown.toSorted((left, right) => left.offset - right.offset),
    weighed.slice(MOST_FINDINGS),
  ];
}

function weightOf({ problem: { code } }: Placed): number {
  return Number(findingCodes[code].severity === "error");
}

/** @param hidden of the first of them: a valid manifest stays valid, however much is to say about it */
function andMore(surplus: number, hidden: FindingCode): Finding {
  const { severity } = findingCodes[hidden];
  const message =
    surplus === 1 ? "There is 1 more finding." : `There are ${surplus} more findings.`;
  const hint = "Mend these first.";
  return { severity, code: hidden, message, path: "", line: 0, column: 0, hint };
}

function findingOf({ code, message, hint, path }: Problem, place: Place): Finding {
  const { severity } = findingCodes[code];
  return {
    severity,
    code,
    message: said(message),
    path: pathText(path),
    ...place,
    hint: said(hint),
  };
}

/** Sentences quote what strangers wrote: whatever a rule puts in, one line of bounded length comes out. */
function said(sentence: string): string {
  return cap(oneLine(sentence), LONGEST_SENTENCE);
}

/** Where to point: at what the problem names, else at the nearest thing around it that exists. */
function offsetOf({ at = "value", path }: Problem, tree: Tree | undefined): number {
  if (typeof at === "number" || tree === undefined) {
    return typeof at === "number" ? at : 0;
  }
  const node = nodeAt(tree, path);
  return node === undefined || at === "key"
    ? keyOffsetOf(node ?? nearestAround(path, tree))
    : node.offset;
}

/** Where the key of something stands; items of a list and the whole have none. */
function keyOffsetOf({ keyOffset, offset }: Tree): number {
  return keyOffset === NOWHERE ? offset : keyOffset;
}

function nearestAround(path: Path, tree: Tree): Tree {
  const around = path.slice(0, -1);
  return nodeAt(tree, around) ?? (around.length === 0 ? tree : nearestAround(around, tree));
}

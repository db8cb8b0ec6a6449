import { byKey, canonicalManifest, isRecord, readManifest } from "../manifest/canonical.ts";
import { inEnvironment } from "../manifest/environment.ts";
import { type Json, type Tree, treeOf } from "../manifest/reading/tree.ts";
import { valueAt } from "../manifest/rules/places.ts";
import type { Manifest } from "../manifest/schema/manifest.ts";
import { changeOf } from "../manifest/words.ts";
import { cap } from "../text/cap.ts";
import { oneLine } from "../text/clean.ts";
import { atName } from "./people.ts";
import type { Release } from "./release.ts";

/** The Slack id of whom a sentence of {@link undone} names, behind its `@`. */
export const undoneBy = /(?<=: you undo @)[UW][A-Z0-9]{2,20}(?=, )/gu;

/** A manifest that somebody gives, and what was done before it. */
export interface Given {
  /** What is applied now; undefined before the first deploy. */
  readonly before: Manifest | undefined;
  readonly after: Manifest;
  readonly environment: string;
  /** All that are kept of the app in the environment. */
  readonly releases: readonly Release[];
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * What a given manifest undoes of what words like `scale=10` changed since a manifest was given last, in
 * words: `scale 10 -> 3: you undo @U0DEVELOPER, 02:14 UTC, release 41`. A tag that goes on to another one
 * undoes nothing; one that goes back to the one before does.
 */
export function undone({ before, after, environment, releases, now }: Given): readonly string[] {
  if (before === undefined) return [];
  const [was, is] = [before, after].map((each) => treeIn(each, environment));
  if (was === undefined || is === undefined) return [];
  const applied = releases
    .filter(({ status }) => status?.revision !== undefined)
    .toSorted((a, b) => (b.status?.revision ?? 0) - (a.status?.revision ?? 0));
  const seen = new Set<string>();
  const said: string[] = [];
  for (const [at, release] of applied.entries()) {
    // It said everything itself.
    if (isManifest(release)) break;
    const earlier = manifestOf(applied[at + 1], environment);
    for (const [word, value] of byKey(release.spec.words)) {
      const changed = changeBy(word, value, { was, is, earlier, environment });
      if (changed === undefined || seen.has(changed.place)) continue;
      seen.add(changed.place);
      if (changed.said !== "") said.push(`${changed.said}: you undo ${sayWhose(release, now)}`);
    }
    // A rollback brings everything back but the scale.
    if (release.spec.source.type === "release") break;
  }
  return said;
}

function isManifest({ spec: { source } }: Release): boolean {
  return ["inline", "slack-file", "promotion", "adoption"].includes(source.type);
}

function treeIn(manifest: Manifest, environment: string): Tree {
  return treeOf(JSON.parse(canonicalManifest(inEnvironment(manifest, environment))) as Json);
}

function manifestOf(release: Release | undefined, environment: string): Tree | undefined {
  const text = release?.status?.plan?.manifest;
  const manifest = text === undefined ? undefined : readManifest(text);
  return manifest && treeIn(manifest, environment);
}

interface Sides {
  readonly was: Tree;
  readonly is: Tree;
  /** What was applied before the word; undefined where no record tells. */
  readonly earlier: Tree | undefined;
  readonly environment: string;
}

/** The place that a word sets, and what becomes of it; `said` is empty where the word still counts. */
function changeBy(
  word: string,
  typed: string,
  { was, is, earlier, environment }: Sides,
): { readonly place: string; readonly said: string } | undefined {
  const change = changeOf(word, typed, { root: was, environment });
  if ("code" in change) return undefined;
  const { path } = change;
  const [value, next] = [valueAt(was, path), valueAt(is, path)].map(sayValue);
  const goesOn =
    /(^|\.)(tag|digest)$/u.test(word) &&
    earlier !== undefined &&
    sayValue(valueAt(earlier, path)) !== next;
  const isUndone = value !== next && !goesOn;
  const place = JSON.stringify(path);
  if (!isUndone) return { place, said: "" };
  return { place, said: isVariable(word) ? sayVariable(word) : `${word} ${value} -> ${next}` };
}

function isVariable(word: string): boolean {
  return /(^|\.)env\./u.test(word);
}

/** Never with its values: they may be secret. */
function sayVariable(word: string): string {
  return cap(oneLine(word.replace(/env\./u, "env ")), 200);
}

/** As it would be typed. */
function sayValue(value: unknown): string {
  if (value === undefined || value === null) return "none";
  if (isRecord(value)) return `${Number(value["min"])}..${Number(value["max"])}`;
  const isText = typeof value === "string";
  return cap(oneLine(isText ? value : JSON.stringify(value)), 100);
}

function sayWhose({ spec, status, metadata }: Release, now: number): string {
  const at = status?.transitions.find(({ phase }) => phase === "applying")?.at;
  const time = sayTime(at ?? metadata.creationTimestamp, now);
  return `${atName(spec.requester)}, ${time}, release ${status?.revision ?? 0}`;
}

/** Hours and minutes, and the day unless it is today. */
function sayTime(at: string, now: number): string {
  const [day = "", time = ""] = at.split("T");
  const isToday = new Date(now).toISOString().startsWith(day);
  return `${isToday ? "" : `${day} `}${time.slice(0, 5)} UTC`;
}

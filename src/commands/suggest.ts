import { appNameOf } from "../release/names.ts";
import { historyOf } from "../release/history.ts";
import { phaseOf } from "../release/phases.ts";
import type { Application, Release } from "../release/release.ts";
import { chooseEarlier, succeededRevisions } from "../release/rollback.ts";
import { compare } from "../text/compare.ts";
import { sayMinute } from "../text/minute.ts";
import { rankOf, slipsTo } from "../text/rank.ts";
import { appArgument } from "./environment.ts";
import type { Offer } from "./offer.ts";
import type { Ports } from "./ports.ts";

/** One thing to choose: what the word becomes, and what a person reads. Both may be long, and are untrusted. */
export interface Suggestion {
  readonly value: string;
  readonly text: string;
}

/** What is chosen already in the same form. */
export interface Given {
  readonly environment: string;
  readonly app: string | undefined;
}

/** What is offered for what was typed so far, best first. From the cache alone, so at once. */
export function suggest(
  offer: Offer,
  typed: string,
  given: Given,
  { apps, environments, releases }: Pick<Ports, "apps" | "environments" | "releases">,
): readonly Suggestion[] {
  const wanted = typed.trim();
  const { app, environment } = given;
  switch (offer) {
    case "app":
      return suggestApps(apps.list(), wanted, environment);
    case "release":
      return suggestReleases(releases.unfinished(), wanted, environment);
    case "revision":
    case "success":
      return app === undefined
        ? []
        : suggestRevisions(offer, wanted, {
            releases: releases.of(app, environment),
            head: apps.find(app, environment),
          });
    case "environment":
    case "any-environment":
      return [...environments.keys()].map((name) => ({ value: name, text: name }));
  }
}

/**
 * Names of apps: those of the environment first, then by how well they fit; where none fits, those that may have
 * been meant. A name that docc does not know yet can be chosen as it was typed.
 */
export function suggestApps(
  applications: readonly Application[],
  typed: string,
  environment: string,
): readonly Suggestion[] {
  const known = [...Map.groupBy(applications, ({ spec }) => spec.app)];
  const isElsewhere = ([, places]: Known): number =>
    places.some(({ spec }) => spec.environment === environment) ? 0 : 1;
  const fitting = ranked(known, ([name]) => rankOf(typed, name), isElsewhere);
  const found =
    fitting.length > 0 ? fitting : ranked(known, ([name]) => slipsTo(typed, name), isElsewhere);
  const own = typed.toLowerCase();
  const isNew = appArgument.safeParse(own).success && !known.some(([name]) => name === own);
  return [
    ...found.map(([name, places]) => ({ value: name, text: sayApp(name, places, environment) })),
    ...(isNew ? [{ value: own, text: `${own} (as typed)` }] : []),
  ];
}

type Known = readonly [name: string, places: readonly Application[]];

/** Those that have a rank, first by `before`, then by rank, then by name. */
function ranked(
  all: readonly Known[],
  rank: (each: Known) => number | undefined,
  before: (each: Known) => number,
): readonly Known[] {
  return all
    .flatMap((each) => {
      const found = rank(each);
      return found === undefined ? [] : [{ each, rank: found, before: before(each) }];
    })
    .toSorted((a, b) => a.before - b.before || a.rank - b.rank || compare(a.each[0], b.each[0]))
    .map(({ each }) => each);
}

function sayApp(name: string, places: readonly Application[], environment: string): string {
  const here = places.find(({ spec }) => spec.environment === environment);
  if (here === undefined)
    return `${name} (in ${places.map(({ spec }) => spec.environment).join(", ")})`;
  return here.status?.deleted === undefined ? name : `${name} (deleted)`;
}

function suggestReleases(
  open: readonly Release[],
  typed: string,
  environment: string,
): readonly Suggestion[] {
  const isElsewhere = ({ spec }: Release): number => (spec.environment === environment ? 0 : 1);
  return open
    .filter(({ metadata }) => rankOf(typed, metadata.name) !== undefined)
    .toSorted((a, b) => isElsewhere(a) - isElsewhere(b))
    .map((release) => {
      const { metadata, spec } = release;
      const app = appNameOf(release) ?? "an upload";
      return {
        value: metadata.name,
        text: `${app} in ${spec.environment}: ${phaseOf(release)}, ${metadata.name}`,
      };
    });
}

/** Revisions of one app, newest first: `7 (live): 2016 -> 2017, succeeded, 2017-12-06 11:00`. */
export function suggestRevisions(
  offer: "revision" | "success",
  typed: string,
  {
    releases,
    head,
  }: { readonly releases: readonly Release[]; readonly head: Application | undefined },
): readonly Suggestion[] {
  const successes = new Set(succeededRevisions(releases).map(({ revision }) => revision));
  const next = head?.status === undefined ? undefined : chooseEarlier(head.status, releases);
  const target = typeof next === "object" ? next.revision : undefined;
  const rows = historyOf(releases, head?.status, target).flatMap((row) => {
    if ("gap" in row || row.revision === undefined) return [];
    if (offer === "success" && !successes.has(row.revision)) return [];
    const { at, mark, outcome, revision, what } = row;
    const live = mark === undefined ? "" : ` (${mark})`;
    return [
      { value: `${revision}`, text: `${revision}${live}: ${what}, ${outcome}, ${sayMinute(at)}` },
    ];
  });
  const wanted = typed.toLowerCase();
  return [
    ...rows.filter(({ value }) => value.startsWith(wanted)),
    ...rows.filter(
      ({ value, text }) => !value.startsWith(wanted) && text.toLowerCase().includes(wanted),
    ),
  ];
}

import { z } from "zod";
import type { Identity } from "../release/release.ts";
import { cap } from "../text/cap.ts";
import { oneLine } from "../text/clean.ts";
import { nearest } from "../text/nearest.ts";
import { typedWord } from "../text/typed-word.ts";
import { anyEnvironmentArgument } from "./environment.ts";
import { healths } from "./list-health.ts";
import type { ListedApp } from "./list-apps.ts";
import { type NamedPerson, ownNames } from "./own-names.ts";
import type { Ports } from "./ports.ts";

const wholeNumber = "takes the number of a page, from 1";
const part = z.string().min(1, "is empty").max(100, "has more than 100 characters");

/** What `list` may be asked. */
export const listArguments = z.object({
  in: anyEnvironmentArgument,
  maintainer: part
    .optional()
    .describe("those whose maintainer has this in its address or id; me: those that you maintain"),
  team: part.optional().describe("those of one team"),
  health: part
    .optional()
    .describe("those that are healthy, unhealthy or unknown now")
    .meta({ values: healths }),
  page: z.coerce
    .number(wholeNumber)
    .int(wholeNumber)
    .min(1, wholeNumber)
    .optional()
    .describe("which page, the first unless told; a page has at most 50 apps"),
});
export type ListArguments = z.infer<typeof listArguments>;

/** Whoever asks, where they mean themselves: `maintainer=me`. */
export async function meantAsker(
  given: Pick<ListArguments, "maintainer">,
  requester: Identity,
  ports: Pick<Ports, "namesOf">,
): Promise<NamedPerson | undefined> {
  return meansMe(given) ? ports.namesOf(requester) : undefined;
}

function meansMe({ maintainer }: Pick<ListArguments, "maintainer">): boolean {
  return maintainer !== undefined && /^@?me$/iu.test(maintainer);
}

/**
 * Those of the apps that are a maintainer's and a team's, as far as they are given.
 * @param me whoever asks, where they mean themselves
 */
export function matching(
  apps: readonly ListedApp[],
  { maintainer, team }: ListArguments,
  me: NamedPerson | undefined,
): readonly ListedApp[] {
  const part = partOf(maintainer ?? "");
  const isMeant =
    me === undefined ? (name: string) => name.toLowerCase().includes(part) : ownNames(me);
  return apps.filter(
    (app) =>
      (maintainer === undefined || app.maintainers.some(isMeant)) &&
      (team === undefined || app.team?.toLowerCase() === team.toLowerCase()),
  );
}

/** A mention stands for the id: `@U0123`. A domain keeps its at: `@example.com`. */
function partOf(maintainer: string): string {
  return maintainer.replace(/^@(?=[UWSC][A-Z0-9]{6,20}$)/u, "").toLowerCase();
}

/** ` with team=shop and health=healthy`; empty without a filter. */
export function sayFilters({ maintainer, team, health }: ListArguments): string {
  const said = Object.entries({ maintainer, team, health }).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${cap(oneLine(value), 60)}`],
  );
  return said.length === 0 ? "" : ` with ${said.join(" and ")}`;
}

/** The name that was meant, where there is one near it. */
export function meant(
  { maintainer, team }: ListArguments,
  all: readonly ListedApp[],
): readonly string[] {
  const near = (key: string, wanted: string | undefined, names: readonly string[]) => {
    const close = wanted === undefined ? undefined : nearest(wanted, new Set(names));
    return close === undefined || close === wanted ? [] : [`Did you mean ${key}=${close}?`];
  };
  return [
    ...near(
      "maintainer",
      meansMe({ maintainer }) ? undefined : maintainer,
      all.flatMap(({ maintainers }) => maintainers),
    ),
    ...near(
      "team",
      team,
      all.flatMap((each) => each.team ?? []),
    ),
  ];
}

/** The same list, another page; undefined where a filter cannot be typed on one line. */
export function commandFor(
  { page: _page, ...filters }: ListArguments,
  page: number,
): string | undefined {
  const words = Object.entries({ ...filters, page: String(page) }).flatMap(([key, value]) =>
    value === undefined ? [] : [typedWord(key, oneLine(value))],
  );
  return words.includes(undefined) ? undefined : `/docc list ${words.join(" ")}`;
}

import { z } from "zod";
import { DoccError } from "../errors.ts";
import { cap } from "../text/cap.ts";
import { oneLine, quoted } from "../text/clean.ts";
import { sayAge } from "../text/duration.ts";
import { nearest } from "../text/nearest.ts";
import { typedWord } from "../text/typed-word.ts";
import type { Answer } from "./answer.ts";
import { mapAtMost } from "./at-most.ts";
import { defineCommand } from "./define.ts";
import { environmentArgument, environmentNamed } from "./environment.ts";
import {
  columnNames,
  healths,
  type HealthState,
  type ListedApp,
  listedApp,
  rowOf,
  type Seen,
} from "./list-apps.ts";
import { pagesOf } from "./list-pages.ts";
import type { Ports } from "./ports.ts";

/** So many apps are asked for their health at a time. */
const places = 20;

const wholeNumber = "takes the number of a page, from 1";
const part = z.string().min(1, "is empty").max(100, "has more than 100 characters");

const args = z.object({
  in: environmentArgument.describe("one environment; without it all of them"),
  maintainer: part.optional().describe("those whose maintainer has this in its address or id"),
  team: part.optional().describe("those of one team"),
  health: part.optional().describe("those that are healthy, unhealthy or unknown now"),
  page: z.coerce
    .number(wholeNumber)
    .int(wholeNumber)
    .min(1, wholeNumber)
    .optional()
    .describe("which page, the first unless told; a page has at most 50 apps"),
});
type Args = z.infer<typeof args>;

export const list = defineCommand({
  name: "list",
  summary: "List the deployed apps with their health, tag, scale, maintainer and age",
  needs: "read",
  answers: "later",
  positional: [],
  args,
  examples: ["list", "list in=production health=unhealthy", "list maintainer=@example.com page=2"],
  run: async (given, _request, ports) => {
    const environment = given.in === undefined ? undefined : environmentNamed(ports, given.in).name;
    const health = given.health === undefined ? undefined : healthNamed(given.health);
    if (!ports.apps.ready) return starting;
    const all = listedApps(environment, ports);
    if (all.length === 0) return nothing(environment);
    const matching = all.filter((each) => matches(each, given));
    if (health === undefined) return answer(given, matching, { all, seen: new Map() }, ports);
    const seen = await seenOf(matching, ports);
    const found = matching.filter((each) => seen.get(each)?.state === health);
    const unknown = matching.filter((each) => seen.get(each)?.state === "unknown").length;
    return answer(given, found, { all, seen, unknown }, ports);
  },
});

const starting: Answer = {
  text: "docc has just started and does not know the apps yet. Try again in a few seconds.",
  reason: "unavailable",
};

function nothing(environment: string | undefined): Answer {
  const place = environment === undefined ? "" : ` in ${environment}`;
  return {
    text: `No app is deployed${place} yet.`,
    form: { command: "deploy", ...(environment === undefined ? {} : { environment }), open: false },
  };
}

/** @throws DoccError `bad-input` */
function healthNamed(wanted: string): HealthState {
  const found = healths.find((each) => each === wanted.toLowerCase());
  if (found !== undefined) return found;
  const close = nearest(wanted, healths);
  throw new DoccError("bad-input", `health= takes no ${quoted(wanted)}.`, {
    hint: close === undefined ? `It takes ${healths.join(", ")}.` : `Did you mean health=${close}?`,
  });
}

/** In an order that stays from page to page. */
function listedApps(environment: string | undefined, ports: Ports): readonly ListedApp[] {
  return ports.apps
    .list(environment)
    .flatMap((application) => listedApp(application) ?? [])
    .toSorted((a, b) => compare(a.app, b.app) || compare(a.environment, b.environment));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function matches({ maintainers, team }: ListedApp, wanted: Args): boolean {
  const isTheirs =
    wanted.maintainer === undefined ||
    maintainers.some((each) => each.toLowerCase().includes(partOf(wanted.maintainer ?? "")));
  return (
    isTheirs && (wanted.team === undefined || team?.toLowerCase() === wanted.team.toLowerCase())
  );
}

/** A mention stands for the id: `@U0123`. A domain keeps its at: `@example.com`. */
function partOf(maintainer: string): string {
  return maintainer.replace(/^@(?=[UWSC][A-Z0-9]{6,20}$)/u, "").toLowerCase();
}

/** What the list knows beyond the apps that it shows. */
interface Known {
  /** All apps of the environment, for the name that was meant. */
  readonly all: readonly ListedApp[];
  /** Whoever was asked already. */
  readonly seen: ReadonlyMap<ListedApp, Seen>;
  /** How many would not say how they do. */
  readonly unknown?: number;
}

async function answer(
  given: Args,
  found: readonly ListedApp[],
  known: Known,
  ports: Ports,
): Promise<Answer> {
  const count = found.length === 1 ? "1 app" : `${found.length} apps`;
  const text = `docc runs ${found.length === 0 ? "no app" : count}${place(given)}${sayFilters(given)}.`;
  const { unknown = 0 } = known;
  const hidden =
    unknown > 0 && given.health?.toLowerCase() !== "unknown"
      ? [`The health of ${unknown} more is not known: health=unknown shows them.`]
      : [];
  if (found.length === 0) return { text, lines: [...meant(given, known.all), ...hidden] };
  const pages = pagesOf(found, columnNames, rowOf);
  const number = given.page ?? 1;
  const page = pages[number - 1];
  if (page === undefined) throw noPage(given, number, pages.length);
  const asked = page.filter((each) => !known.seen.has(each));
  const seen = new Map([...known.seen, ...(await seenOf(asked, ports))]);
  const before = pages.slice(0, number - 1).reduce((sum, { length }) => sum + length, 0);
  const lines = [
    ...(pages.length === 1
      ? []
      : [
          `Page ${number} of ${pages.length}: ${before + 1} to ${before + page.length} of ${found.length}.${sayNext(given, number, pages.length)}`,
        ]),
    ...hidden,
  ];
  const rows = page.map((each) => {
    const { state, said } = seen.get(each) ?? unknownHealth;
    return rowOf(each, { seen: { state, said }, age: ageOf(each, ports) });
  });
  return {
    text,
    ...(lines.length === 0 ? {} : { lines }),
    table: { columns: columnNames, rows },
  };
}

function place({ in: environment }: Args): string {
  return environment === undefined ? "" : ` in ${environment}`;
}

function sayFilters({ maintainer, team, health }: Args): string {
  const said = Object.entries({ maintainer, team, health }).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${cap(oneLine(value), 60)}`],
  );
  return said.length === 0 ? "" : ` with ${said.join(" and ")}`;
}

/** The name that was meant, where there is one near it. */
function meant({ maintainer, team }: Args, all: readonly ListedApp[]): readonly string[] {
  const near = (key: string, wanted: string | undefined, names: readonly string[]) => {
    const close = wanted === undefined ? undefined : nearest(wanted, new Set(names));
    return close === undefined || close === wanted ? [] : [`Did you mean ${key}=${close}?`];
  };
  return [
    ...near(
      "maintainer",
      maintainer,
      all.flatMap(({ maintainers }) => maintainers),
    ),
    ...near(
      "team",
      team,
      all.flatMap((each) => each.team ?? []),
    ),
  ];
}

function noPage(given: Args, number: number, last: number): DoccError {
  const again = commandFor(given, last);
  return new DoccError(
    "not-found",
    `There is no page ${number}: the list has ${last === 1 ? "one" : last}.`,
    { hint: again === undefined ? `page=${last} shows the last.` : `The last: ${again}` },
  );
}

function sayNext(given: Args, number: number, last: number): string {
  if (number >= last) return "";
  const next = commandFor(given, number + 1);
  return next === undefined
    ? ` The same with page=${number + 1} shows the next.`
    : ` Next: ${next}`;
}

/** The same list, another page; undefined where a filter cannot be typed on one line. */
function commandFor({ page: _page, ...filters }: Args, page: number): string | undefined {
  const words = Object.entries({ ...filters, page: String(page) }).flatMap(([key, value]) =>
    value === undefined ? [] : [typedWord(key, oneLine(value))],
  );
  return words.includes(undefined) ? undefined : `/docc list ${words.join(" ")}`;
}

async function seenOf(
  apps: readonly ListedApp[],
  ports: Ports,
): Promise<ReadonlyMap<ListedApp, Seen>> {
  const seen = await mapAtMost(
    places,
    apps,
    async (each) => [each, await see(each, ports)] as const,
  );
  return new Map(seen);
}

const unknownHealth: Seen = { state: "unknown", said: "unknown" };

/** One cluster out of reach spoils one column of its rows, not the list. */
async function see({ app, environment }: ListedApp, ports: Ports): Promise<Seen> {
  const port = ports.environments.get(environment);
  // An environment that docc.yaml has no more: nobody can be asked.
  if (port === undefined) return unknownHealth;
  try {
    const health = await port.health(app);
    if (health === undefined) return { state: "unhealthy", said: "unhealthy, gone" };
    const { ready, wanted } = health;
    const state = ready >= wanted ? "healthy" : "unhealthy";
    return { state, said: `${state}, ${ready} of ${wanted}` };
  } catch {
    return unknownHealth;
  }
}

/** Since its release was applied; the record may be gone. */
function ageOf({ app, environment, release }: ListedApp, ports: Ports): string {
  const found = ports.releases
    .of(app, environment)
    .find(({ metadata }) => metadata.name === release);
  const at = found?.status?.transitions.findLast(({ phase }) => phase === "applying")?.at;
  const ms = at === undefined ? NaN : ports.clock.now() - Date.parse(at);
  return Number.isFinite(ms) ? sayAge(ms) : "unknown";
}

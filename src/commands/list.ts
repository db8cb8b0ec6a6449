import { DoccError } from "../errors.ts";
import type { Answer } from "./answer.ts";
import { defineCommand } from "./define.ts";
import { environmentNamed } from "./environment.ts";
import { columnNames, type ListedApp, listedApps, rowOf } from "./list-apps.ts";
import {
  commandFor,
  type ListArguments,
  listArguments,
  matching,
  meantAsker,
  meant,
  sayFilters,
} from "./list-filters.ts";
import { ageOf, healthNamed, type Seen, seenOf, unknownHealth } from "./list-health.ts";
import { pagesOf } from "./list-pages.ts";
import type { Ports } from "./ports.ts";

export const list = defineCommand({
  name: "list",
  summary: "List the deployed apps with their health, image, scale, maintainer and age",
  needs: "read",
  answers: "later",
  positional: [],
  args: listArguments,
  examples: [
    "list",
    "list in=production health=unhealthy",
    "list maintainer=me",
    "list maintainer=@example.com page=2",
  ],
  run: async (given, { requester }, ports) => {
    const environment = given.in === undefined ? undefined : environmentNamed(ports, given.in).name;
    const health = given.health === undefined ? undefined : healthNamed(given.health);
    if (!ports.apps.ready) return starting;
    const all = listedApps(ports.apps, environment);
    if (all.length === 0) return nothing(environment);
    const me = await meantAsker(given, requester, ports);
    const chosen = matching(all, given, me);
    const known = { all, notes: me?.note === undefined ? [] : [me.note] };
    if (health === undefined) return answer(given, chosen, { ...known, seen: new Map() }, ports);
    const seen = await seenOf(chosen, ports);
    const found = chosen.filter((each) => seen.get(each)?.state === health);
    const unknown = chosen.filter((each) => seen.get(each)?.state === "unknown").length;
    return answer(given, found, { ...known, seen, unknown }, ports);
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

/** What the list knows beyond the apps that it shows. */
interface Known {
  /** All apps of the environment, for the name that was meant. */
  readonly all: readonly ListedApp[];
  /** Whoever was asked already. */
  readonly seen: ReadonlyMap<ListedApp, Seen>;
  /** Sentences about what was looked for. */
  readonly notes: readonly string[];
  /** How many would not say how they do. */
  readonly unknown?: number;
}

async function answer(
  given: ListArguments,
  found: readonly ListedApp[],
  known: Known,
  ports: Ports,
): Promise<Answer> {
  const count = found.length === 1 ? "1 app" : `${found.length} apps`;
  const text = `docc runs ${found.length === 0 ? "no app" : count}${place(given)}${sayFilters(given)}.`;
  const { unknown = 0, notes } = known;
  const hidden = [
    ...(unknown > 0 && given.health?.toLowerCase() !== "unknown"
      ? [`The health of ${unknown} more is not known: health=unknown shows them.`]
      : []),
    ...notes,
  ];
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
    const { said } = seen.get(each) ?? unknownHealth;
    return rowOf(each, { health: said, age: ageOf(each, ports) });
  });
  return {
    text,
    ...(lines.length === 0 ? {} : { lines }),
    table: { columns: columnNames, rows },
  };
}

function place({ in: environment }: ListArguments): string {
  return environment === undefined ? "" : ` in ${environment}`;
}

function noPage(given: ListArguments, number: number, last: number): DoccError {
  const again = commandFor(given, last);
  return new DoccError(
    "not-found",
    `There is no page ${number}: the list has ${last === 1 ? "one" : last}.`,
    { hint: again === undefined ? `page=${last} shows the last.` : `The last: ${again}` },
  );
}

function sayNext(given: ListArguments, number: number, last: number): string {
  if (number >= last) return "";
  const next = commandFor(given, number + 1);
  return next === undefined
    ? ` The same with page=${number + 1} shows the next.`
    : ` Next: ${next}`;
}

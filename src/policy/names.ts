import type { Manifest } from "../manifest/schema/manifest.ts";
import type { Organisation, Who } from "./rules.ts";

/** Who answers for an app: read from what is live, never from a manifest under review. */
export type Ownership = Pick<Manifest, "maintainer" | "team">;

const role = /^role:(.+)$/u;

/**
 * Writes rules out into names: e-mails, Slack user and usergroup ids, `kubernetes:NAME`. Sorted, each
 * once, so that the same rules make the same plan.
 * @param live undefined before the first deploy: then nobody is its maintainer yet
 */
export function namesOf(
  whos: readonly Who[],
  organisation: Organisation,
  live: Ownership | undefined,
): readonly string[] {
  const { operators, roles, teams } = organisation;
  const groups = new Set<Who>();
  const writeOut = (who: Who): readonly string[] => {
    // Each group once: a circle of roles ends, and a web of them takes no time.
    if (groups.has(who)) return [];
    groups.add(who);
    if (who === "operators") return operators.flatMap(writeOut);
    // A channel is told, and is nobody.
    if (who === "maintainers") return (live?.maintainer ?? []).filter((name) => !isChannel(name));
    if (who === "team") return membersOf(teams, live?.team).flatMap(writeOut);
    const named = role.exec(who)?.[1];
    return named === undefined ? [who] : membersOf(roles, named).flatMap(writeOut);
  };
  return [...new Set(whos.flatMap(writeOut))].toSorted();
}

/** The maintainers and the team's owners: whose app it is. */
export function ownersOf(
  organisation: Organisation,
  live: Ownership | undefined,
): readonly string[] {
  return namesOf(["maintainers", "team"], organisation, live);
}

function membersOf(
  lists: Readonly<Record<string, readonly Who[]>>,
  key: string | undefined,
): readonly Who[] {
  return key !== undefined && Object.hasOwn(lists, key) ? (lists[key] ?? []) : [];
}

function isChannel(name: string): boolean {
  return /^[CG][A-Z0-9]{2,}$/u.test(name);
}

const mostSaid = 5;

/**
 * Who is meant by names, in a sentence: `@U0ANN, ben@example.com and 3 more`; empty for nobody.
 * @returns besides the Slack ids in it, for an edge that shows who they are
 */
export function sayNames(names: readonly string[]): {
  readonly said: string;
  readonly named: readonly string[];
} {
  const few = names.slice(0, mostSaid);
  const sayName = (name: string): string =>
    isSlackId(name) ? `@${name}` : name.replace(/^kubernetes:/u, "");
  const more = names.length > mostSaid ? [`${names.length - mostSaid} more`] : [];
  const all = [...few.map(sayName), ...more];
  const last = all.slice(-2).join(" and ");
  return { said: [...all.slice(0, -2), last].join(", "), named: few.filter(isSlackId) };
}

function isSlackId(name: string): boolean {
  return /^[UWS][A-Z0-9]{2,20}$/u.test(name);
}

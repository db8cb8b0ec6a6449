import type { Manifest } from "../manifest/schema/manifest.ts";
import type { Organisation, Who } from "./rules.ts";

/** Who answers for an app: read from what is live, never from a manifest under review. */
export type Ownership = Pick<Manifest, "maintainer" | "team">;

const role = /^role:(.+)$/u;
/** Of a role that names roles; a circle ends here as well. */
const deepest = 4;

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
  const found = whos.flatMap((who) => writeOut(who, organisation, live, deepest));
  return [...new Set(found)].toSorted();
}

/** The maintainers and the team's owners: whose app it is. */
export function ownersOf(
  organisation: Organisation,
  live: Ownership | undefined,
): readonly string[] {
  return namesOf(["maintainers", "team"], organisation, live);
}

function writeOut(
  who: Who,
  organisation: Organisation,
  live: Ownership | undefined,
  depth: number,
): readonly string[] {
  if (depth === 0) return [];
  const all = (others: readonly Who[] | undefined): readonly string[] =>
    (others ?? []).flatMap((each) => writeOut(each, organisation, live, depth - 1));
  const { operators, roles, teams } = organisation;
  if (who === "operators") return all(operators);
  // A channel is told, and is nobody.
  if (who === "maintainers") return (live?.maintainer ?? []).filter((name) => !isChannel(name));
  if (who === "team") return live?.team === undefined ? [] : all(own(teams, live.team));
  const named = role.exec(who)?.[1];
  return named === undefined ? [who] : all(own(roles, named));
}

function own(
  lists: Readonly<Record<string, readonly Who[]>>,
  key: string,
): readonly Who[] | undefined {
  return Object.hasOwn(lists, key) ? lists[key] : undefined;
}

function isChannel(name: string): boolean {
  return /^[CG][A-Z0-9]{2,}$/u.test(name);
}

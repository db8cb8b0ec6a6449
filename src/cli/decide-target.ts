import { DoccError } from "../errors.ts";
import { isTerminal, phaseOf } from "../release/phases.ts";
import type { Plan, Release } from "../release/release.ts";
import type { Wish } from "./decide.ts";
import { usageError } from "./words.ts";

/**
 * A release that was named by its own name, which brings its environment along. Pure.
 * @throws DoccError `bad-input` where another environment is said
 */
export function inItsPlace(named: Release, environment: string | undefined): Release {
  const { metadata, spec } = named;
  if (environment === undefined || spec.environment === environment) return named;
  throw usageError(
    `${metadata.name} is a release of ${spec.environment}, not of ${environment}.`,
    `Leave in= out, or write in=${spec.environment}.`,
  );
}

/**
 * The release of an app that is not over yet. Pure.
 * @throws DoccError `not-found` where there is none, `bad-input` where there are several
 */
export function openOne(
  releases: readonly Release[],
  { app, environment }: { readonly app: string; readonly environment: string },
): Release {
  const open = releases
    .filter(({ spec }) => spec.environment === environment)
    .filter(({ spec, status }) => (status?.app ?? spec.app) === app)
    .filter((release) => !isTerminal(phaseOf(release)));
  const [first, ...others] = open;
  const where = `${app} in ${environment}`;
  if (first === undefined) {
    throw new DoccError("not-found", `No release of ${where} is under way.`);
  }
  if (others.length === 0) return first;
  const names = open.map(({ metadata }) => metadata.name).join(", ");
  throw usageError(`Several releases of ${where} are under way.`, `Name one: ${names}.`);
}

/**
 * The plan that is decided on. Pure.
 * @throws DoccError `not-found` where there is none, `conflict` where another was looked at
 */
export function planOf({ metadata, status }: Release, { digest }: Pick<Wish, "digest">): Plan {
  const plan = status?.plan;
  if (plan === undefined) {
    throw new DoccError("not-found", `${metadata.name} has no plan to decide on.`);
  }
  if (digest === undefined || digest === plan.digest) return plan;
  throw new DoccError("conflict", `${metadata.name} has another plan now: ${plan.digest}.`, {
    hint: `Look at it: docc diff ${metadata.name}.`,
  });
}

import { DoccError } from "../errors.ts";
import type { ReleaseSpec } from "../release/release.ts";
import { ended } from "../text/ended.ts";
import { lowerFirst } from "../text/lower-first.ts";
import { type Answer, AnsweredMistake, sayMistake } from "./answer.ts";
import type { Ports } from "./ports.ts";
import { sayNames } from "./several-apps.ts";

/** What makes it accepted that several releases are asked for at once. */
export interface Accepting {
  readonly app: string;
  readonly name: string;
  readonly spec: ReleaseSpec;
}

/**
 * Stores a request, which is what accepting it means: what is not stored is not called accepted.
 * @throws DoccError that says so
 */
export async function accept(
  ports: Pick<Ports, "releases">,
  name: string,
  spec: ReleaseSpec,
): Promise<void> {
  try {
    await ports.releases.create(name, spec);
  } catch (error) {
    if (!(error instanceof DoccError)) throw error;
    const { sentence, hint, reason } = failureOf(error);
    throw new DoccError(reason, `Not accepted: ${ended(lowerFirst(sentence))}`, {
      ...(hint === undefined ? {} : { hint }),
      cause: error,
    });
  }
}

/**
 * Stores a request of several releases, all at the same time, each under the name that its delivery gives it: the same
 * form sent again makes those that are missing, and nothing twice. The API server has no write of several records, so
 * where it takes some alone, the answer tells them apart, and so does the audit log.
 * @returns the answer that says which were not stored; undefined when all were
 * @throws what is no DoccError, a mistake of docc's; {@link AnsweredMistake} where some are stored all the same
 */
export async function acceptAll(
  ports: Pick<Ports, "releases">,
  all: readonly Accepting[],
): Promise<Answer | undefined> {
  const [first, ...others] = all;
  if (first !== undefined && others.length === 0) {
    await accept(ports, first.name, first.spec);
    return undefined;
  }
  const outcomes = await Promise.all(
    all.map(async (each) => ({ ...each, error: await failureToStore(each, ports) })),
  );
  const failures = outcomes.flatMap(({ error }) => (error === undefined ? [] : [error]));
  if (failures.length === 0) return undefined;
  const isNone = failures.length === all.length;
  const mistake = failures.find((error) => !(error instanceof DoccError));
  if (mistake === undefined) return partly(outcomes);
  if (isNone) throw mistake;
  throw new AnsweredMistake(partly(outcomes), mistake);
}

interface Outcome extends Accepting {
  /** Undefined once it is stored. */
  readonly error: Error | undefined;
}

async function failureToStore(
  { name, spec }: Accepting,
  { releases }: Pick<Ports, "releases">,
): Promise<Outcome["error"]> {
  try {
    await releases.create(name, spec);
    return undefined;
  } catch (thrown) {
    return thrown instanceof Error ? thrown : new Error(String(thrown));
  }
}

function partly(outcomes: readonly Outcome[]): Answer {
  const failed = outcomes.flatMap(({ app, error }) =>
    error === undefined ? [] : [{ app, ...failureOf(error) }],
  );
  const done = outcomes.flatMap(({ app, error }) => (error === undefined ? [app] : []));
  const sentences = [...new Set(failed.map(({ sentence }) => ended(sentence)))];
  // Who asks for all of them again is told that some are under way.
  const rest = done.length === 0 ? tryAgain : "Please try again for the rest.";
  const hints = [
    ...new Set(failed.flatMap(({ hint }) => (hint === tryAgain ? rest : (hint ?? [])))),
  ];
  const accepted = done.length === 0 ? [] : [`Accepted: ${sayNames(done)}.`];
  const worst = failed.find(({ reason }) => reason === "internal") ?? failed[0];
  return {
    text: `Not accepted: ${sayNames(failed.map(({ app }) => app))}. ${sentences.join(" ")}`,
    lines: [...accepted, ...hints],
    reason: worst?.reason ?? "unavailable",
    about: outcomes.map(({ app, name, spec: { environment }, error }) => ({
      app,
      environment,
      ...(error === undefined
        ? { release: name, outcome: "ok" }
        : { outcome: failureOf(error).reason }),
    })),
  };
}

const tryAgain = "Please try again.";

/** Why one is not stored, and what to do next. */
function failureOf(error: Error): Pick<DoccError, "reason" | "hint"> & {
  readonly sentence: string;
} {
  if (!(error instanceof DoccError)) {
    return { reason: "internal", sentence: sayMistake, hint: undefined };
  }
  return isTrouble(error)
    ? {
        reason: "unavailable",
        sentence: "docc could not store the request.",
        hint: tryAgain,
      }
    : { reason: error.reason, sentence: error.message, hint: error.hint };
}

function isTrouble({ reason }: DoccError): boolean {
  return reason === "unavailable" || reason === "timeout";
}

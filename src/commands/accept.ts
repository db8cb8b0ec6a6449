import { DoccError } from "../errors.ts";
import type { ReleaseSpec } from "../release/release.ts";
import type { Answer } from "./answer.ts";
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
 * @throws DoccError `unavailable` that says so
 */
export async function accept(
  ports: Pick<Ports, "releases">,
  name: string,
  spec: ReleaseSpec,
): Promise<void> {
  try {
    await ports.releases.create(name, spec);
  } catch (error) {
    if (!isTrouble(error)) throw error;
    throw new DoccError("unavailable", "Not accepted: docc could not store the request.", {
      hint: "Please try again.",
      cause: error,
    });
  }
}

/**
 * Stores a request of several releases, all at the same time, each under the name that its delivery gives it: the same
 * form sent again makes those that are missing, and nothing twice. The API server has no write of several records, so
 * where it takes some alone, the answer tells them apart, and so does the audit log.
 * @returns the answer that says which were not stored; undefined when all were
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
  const stored = await Promise.allSettled(
    all.map(({ name, spec }) => ports.releases.create(name, spec)),
  );
  const failures = stored.flatMap((each) => (each.status === "rejected" ? [each.reason] : []));
  const bug = failures.find((reason) => !isTrouble(reason));
  if (bug !== undefined) throw bug;
  return failures.length === 0 ? undefined : partly(all, stored);
}

function partly(
  all: readonly Accepting[],
  stored: readonly PromiseSettledResult<unknown>[],
): Answer {
  const isStored = (at: number): boolean => stored[at]?.status === "fulfilled";
  const named = (wanted: boolean): string =>
    sayNames(all.filter((_, at) => isStored(at) === wanted).map(({ app }) => app));
  const done = named(true);
  const hint =
    done === "" ? "Please try again." : `Accepted: ${done}. Please try again for the rest.`;
  return {
    text: `Not accepted: docc could not store the request for ${named(false)}.`,
    lines: [hint],
    reason: "unavailable",
    about: all.map(({ app, name, spec: { environment } }, at) => ({
      app,
      environment,
      ...(isStored(at) ? { release: name, outcome: "ok" } : {}),
    })),
  };
}

function isTrouble(error: unknown): error is DoccError {
  return error instanceof DoccError && trouble.has(error.reason);
}

const trouble: ReadonlySet<string> = new Set(["unavailable", "timeout"]);

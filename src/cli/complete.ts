import { exitCodes } from "./command.ts";
import type { HomePlace } from "./home.ts";
import type { Io } from "./io.ts";

/** What scripts of `docc completion` call; no word for people. */
export const completeWord = "__complete";

/** What a script may ask the cluster. */
export type Asked = "apps" | "environments" | "undecided";
const asks: readonly Asked[] = ["apps", "environments", "undecided"];

/** Whoever waits for a completion does not wait long. */
const patienceMs = 1_500;

/**
 * `docc __complete @apps WORD ...`: names, one a line, for the words that were typed so far. Whatever goes wrong,
 * nothing is offered and nothing is said: somebody is in the middle of a line.
 */
export async function complete([who, ...typed]: readonly string[], io: Io): Promise<number> {
  const asked = asks.find((each) => `@${each}` === who);
  if (asked === undefined) return exitCodes.ok;
  try {
    // Only who asks for a cluster pays for loading what speaks to one.
    const { namesLive } = await import("./complete-live.ts");
    const names = await namesLive(asked, placeIn(typed), patienceMs);
    io.stdout(names.map((name) => `${name}\n`).join(""));
  } catch {
    // Silent on purpose, see above.
  }
  return exitCodes.ok;
}

/** Where the half-written line would go. Pure; what it does not understand it passes over. */
export function placeIn(typed: readonly string[]): HomePlace & { readonly environment?: string } {
  const after = (...flags: readonly string[]): string | undefined => {
    const at = typed.findLastIndex((word) => flags.some((flag) => word === flag));
    const joined = typed.findLast((word) => flags.some((flag) => word.startsWith(`${flag}=`)));
    return joined?.slice(joined.indexOf("=") + 1) ?? (at < 0 ? undefined : typed[at + 1]);
  };
  const environment = after("in");
  return {
    namespace: after("--namespace", "-n") ?? "docc",
    context: after("--context"),
    ...(environment === undefined || environment === "" ? {} : { environment }),
  };
}

/** Only what a shell takes as it is: no name from a cluster may be more than a name. */
export function offered(names: readonly string[]): readonly string[] {
  const plain = names.filter((name) => /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/u.test(name));
  return [...new Set(plain)].toSorted();
}

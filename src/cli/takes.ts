import type { Command } from "../commands/define.ts";
import type { Offer } from "../commands/offer.ts";
import { argumentsOf } from "../commands/usage.ts";
import { wordUsages } from "../manifest/words.ts";
import type { Candidates, Takes } from "./command.ts";

/** Who knows what Slack offers; numbers of revisions are not asked for. */
const known: Readonly<Record<Offer, Candidates>> = {
  app: "apps",
  environment: "environments",
  "any-environment": "environments",
  release: "undecided",
  revision: "text",
  success: "text",
};

/** A terminal has no default environment, which the declarations speak of. */
const aboutEnvironment = "the environment";

/**
 * What a word takes, by the declaration of the Slack command of that name. Pure.
 * @param missing arguments that a terminal refuses
 */
export function takesOf(command: Command, ...missing: readonly string[]): Takes {
  const taken = argumentsOf(command).filter(({ name }) => !missing.includes(name));
  const all = taken.map((argument) => ({
    ...argument,
    candidates: argument.offer === undefined ? (argument.values ?? "text") : known[argument.offer],
  }));
  const placed = all.filter(({ positional }) => positional);
  const [repeated] = placed.filter(({ several }) => several);
  const named = all.filter(({ positional }) => !positional);
  const keys = named.map(({ name, candidates, description }) => {
    const about = name === "in" ? aboutEnvironment : description;
    return [name, { values: candidates, about }] as const;
  });
  return {
    words: placed.map(({ candidates }) => candidates),
    ...(repeated === undefined ? {} : { rest: repeated.candidates }),
    keys: { ...Object.fromEntries(keys), ...(command.rest === undefined ? {} : changes) },
  };
}

/** What changes a manifest: `tag=`, and `env.` for the beginning of `env.NAME=`. */
export const changes: NonNullable<Takes["keys"]> = Object.fromEntries(
  wordUsages.map((usage) => [usage.replace(/(?<=\.)[A-Z]+$/u, ""), { values: "text" as const }]),
);

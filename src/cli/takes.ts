import type { Command } from "../commands/define.ts";
import type { Offer } from "../commands/offer.ts";
import { wordUsages } from "../manifest/words.ts";
import type { Candidates, Listed, Takes } from "./command.ts";
import { argumentUsage, changesUsage, type Differs, takenBy } from "./usage.ts";

/** Who knows what Slack offers; numbers of revisions are not asked for. */
const known: Readonly<Record<Offer, Candidates>> = {
  app: "apps",
  environment: "environments",
  "any-environment": "environments",
  release: "undecided",
  revision: "text",
  success: "text",
};

/** A terminal has no default environment, which the declarations speak of: what `in=` means there without a word. */
export const onlyPlace = "the environment; without it the only one that has the application";

/** What a word takes, by the declaration of the Slack command of that name. Pure. */
export function takesOf(command: Command, differs: Differs = {}): Takes {
  const all = takenBy(command, differs).map((argument) => ({
    ...argument,
    candidates: argument.offer === undefined ? (argument.values ?? "text") : known[argument.offer],
  }));
  const placed = all.filter(({ positional }) => positional);
  const [repeated] = placed.filter(({ several }) => several);
  const named = all.filter(({ positional }) => !positional);
  const keys = named.map(({ name, candidates, description, isSwitch }) => {
    const takes = { values: candidates, about: description, ...(isSwitch ? { isSwitch } : {}) };
    return [name, takes] as const;
  });
  const listed = all.map((argument) => ({
    form: argumentUsage({ ...argument, optional: false }),
    about: argument.description,
  }));
  return {
    listed: command.rest === undefined ? listed : [...listed, changesListed],
    words: placed.map(({ candidates }) => candidates),
    ...(repeated === undefined ? {} : { rest: repeated.candidates }),
    keys: { ...Object.fromEntries(keys), ...(command.rest === undefined ? {} : changes) },
  };
}

/** What changes a manifest: `tag=`, and `env.` for the beginning of `env.NAME=`. */
export const changes: NonNullable<Takes["keys"]> = Object.fromEntries(
  wordUsages.map((usage) => [usage.replace(/(?<=\.)[A-Z]+$/u, ""), { values: "text" as const }]),
);

/** The same, as help lists it. */
export const changesListed: Listed = {
  form: changesUsage,
  about: `changes the manifest: ${wordUsages.map((usage) => `${usage}=`).join(", ")}; CONTAINER.tag= where there are several containers`,
};

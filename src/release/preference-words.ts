import type { PreferenceChange, Preferences, Subject } from "./preferences.ts";

/** What a change comes to for whoever it is about: one clause for each word, without a full stop. */
export function sayPreferenceChange(
  kind: Subject["kind"],
  { environment, quiet, notify }: PreferenceChange,
): string {
  const clauses = [
    environment === undefined ? undefined : sayEnvironment(kind, environment),
    quiet === undefined ? undefined : sayQuiet(kind, quiet ?? false),
    notify === undefined ? undefined : sayNotify(notify ?? "mention"),
  ];
  return clauses.filter((clause) => clause !== undefined).join("; ");
}

function sayEnvironment(kind: Subject["kind"], environment: string | null): string {
  if (environment !== null) return `commands without in= go to ${environment}`;
  return kind === "channel"
    ? "commands without in= go where each person, or else docc.yaml, says"
    : "commands without in= go where docc.yaml says";
}

function sayQuiet(kind: Subject["kind"], quiet: boolean): string {
  if (kind === "channel") {
    return quiet ? "threads carry only what decides" : "threads tell every step";
  }
  return quiet
    ? "docc sends you no direct messages but those that wait for you"
    : "docc sends you direct messages as usual";
}

/** How a person hears of the end of a release of theirs. */
function sayNotify(notify: NonNullable<Preferences["notify"]>): string {
  switch (notify) {
    case "mention":
      return "you are mentioned when a release of yours goes wrong";
    case "name":
      return "you are named, and not called, when a release of yours goes wrong";
    case "dm":
      return "you get a direct message when a release of yours has ended, and are not called in its thread";
  }
}

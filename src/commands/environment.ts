import { z } from "zod";
import { DoccError } from "../errors.ts";
import { isTerminal, phaseOf } from "../release/phases.ts";
import {
  type Around,
  channelSubject,
  type DefaultEnvironment,
  preferredEnvironment,
  type Preferences,
  type Subject,
} from "../release/preferences.ts";
import type { Application, Release } from "../release/release.ts";
import type { Asker } from "../release/request.ts";
import { advise } from "../text/advice.ts";
import { quoted } from "../text/clean.ts";
import { nearest } from "../text/nearest.ts";
import { offering } from "./offer.ts";
import type { EnvironmentPort, Ports } from "./ports.ts";

/**
 * A name that is no mention. Slack's edge makes the id of one (slack/escape.ts), and in small letters that could be an
 * application's name.
 */
export const notMentioned = z
  .string()
  .regex(allBut("UW"), "is a person in Slack, not an application; write a name in small letters")
  .regex(allBut("CG"), "is a channel, not an application; write a name in small letters");

/** Matches all but Slack's ids that begin with one of these letters. */
function allBut(letters: string): RegExp {
  return new RegExp(`^(?![${letters}](?=[A-Z0-9]*[0-9])[A-Z0-9]{7,20}$)`, "u");
}

/** Arguments that several commands share, so that they read alike everywhere. */
export const appArgument = offering(
  "app",
  notMentioned
    // Phones write the first letter large.
    .toLowerCase()
    .regex(
      /^[a-z]([-a-z0-9]{0,48}[a-z0-9])?$/,
      "is no name of an application: letters, digits and hyphens, at most 50, a letter first",
    )
    .describe("the application's name"),
);
export const environmentArgument = offering("environment", z.string().min(1, "is empty"))
  .optional()
  .describe("the environment; without it the default that config shows");
/** For commands that look at all of them where none is named. */
export const anyEnvironmentArgument = offering("any-environment", z.string().min(1, "is empty"))
  .optional()
  .describe("one environment; without it all of them");
export const reasonArgument = z
  .string()
  .max(300, "has more than 300 characters")
  .optional()
  .describe("why, in a few words; shown with the release");

export const emergencyArgument = z
  .string()
  .min(1, "says why the rules cannot wait")
  .max(300, "has more than 300 characters")
  .optional()
  .describe("why approval, freezes and locks cannot wait; for those whom the operator lets");

/**
 * The environment that a command is about: the one that `in=` names, else what this channel, its asker or docc.yaml
 * prefers.
 * @throws DoccError `not-found` for a name that docc.yaml does not have; `unavailable` while it is not known
 *   what they prefer: it must not go somewhere else for that
 */
export function environmentFor(
  wished: string | undefined,
  asker: Asker,
  ports: Ports,
): EnvironmentPort {
  if (wished !== undefined) return environmentNamed(ports, wished);
  if (ports.preferences.state === "reading") {
    const sentence = "docc has just started and does not know yet where commands without in= go.";
    throw new DoccError("unavailable", sentence, {
      hint: "Name the environment with in=, or try again in a few seconds.",
    });
  }
  return environmentNamed(ports, defaultFor(asker, ports).name);
}

/** Where commands without `in=` go, for who asks and where: the one place that decides it. Costs no request. */
export function defaultFor(asker: Asker, ports: DefaultPorts): DefaultEnvironment {
  const { defaultEnvironment, environments } = ports;
  return preferredEnvironment(
    preferencesAround(asker, ports),
    [...environments.keys()],
    defaultEnvironment,
  );
}

type DefaultPorts = Pick<Ports, "defaultEnvironment" | "environments" | "preferences">;

/** What this channel and its asker prefer. */
export function preferencesAround(
  { channel, requester }: Asker,
  { preferences }: Pick<Ports, "preferences">,
): Around {
  const of = (subject: Subject | undefined): Preferences =>
    subject === undefined ? {} : preferences.of(subject);
  return {
    channel: of(channelSubject(requester.team, channel)),
    person: of(preferences.subjectOf(requester)),
  };
}

/** @throws DoccError `not-found` for a name that docc.yaml does not have */
export function environmentNamed(
  ports: Ports,
  wanted: string,
  word: "in" | "from" | "environment" = "in",
): EnvironmentPort {
  const found = ports.environments.get(wanted);
  if (found !== undefined) return found;
  const names = [...ports.environments.keys()];
  const close = nearest(wanted, names);
  throw new DoccError("not-found", `There is no environment ${quoted(wanted)}.`, {
    hint:
      close === undefined ? `There are: ${names.join(", ")}.` : `Did you mean ${word}=${close}?`,
  });
}

/** Another app of the environment that may have been meant. */
export function nearestApp(ports: Ports, app: string, environment: string): string | undefined {
  const names = ports.apps.list(environment).map(({ spec }) => spec.app);
  return nearest(
    app,
    names.filter((name) => name !== app),
  );
}

/** @throws DoccError `not-found` for an app that docc has not deployed there, or has deleted since */
export function applicationNamed(ports: Ports, app: string, environment: string): Application {
  const found = knownApplication(ports, app, environment);
  if (found.status?.applied === undefined) throw deletedIn(ports, found);
  return found;
}

/** What the records say of an app of which nothing is applied any more, and how to have it again. */
export function deletedIn(ports: Ports, { spec, status }: Application): DoccError {
  const { app, environment } = spec;
  const { release = "", revision = 0 } = status?.deleted ?? {};
  const made = ports.releases
    .of(app, environment)
    .find(({ metadata }) => metadata.name === release);
  const hint = `${advise("history", spec)} shows what was, and ${advise("rollback", spec)} brings it back.`;
  return new DoccError("not-found", sayDeletion(made, { app, environment, revision }), { hint });
}

function sayDeletion(
  release: Release | undefined,
  place: { readonly app: string; readonly environment: string; readonly revision: number },
): string {
  const { app, environment, revision } = place;
  const phase = release === undefined ? "succeeded" : phaseOf(release);
  if (!isTerminal(phase))
    return `${app} is being deleted from ${environment} by release ${revision}.`;
  return phase === "succeeded"
    ? `${app} was deleted from ${environment} by release ${revision}.`
    : `Release ${revision} was to delete ${app} from ${environment} and ended as ${phase}: something of it may be left.`;
}

/** @throws DoccError `not-found` for an app that docc has never deployed there */
export function knownApplication(ports: Ports, app: string, environment: string): Application {
  const found = ports.apps.find(app, environment);
  const { applied, deleted } = found?.status ?? {};
  if (found !== undefined && (applied ?? deleted) !== undefined) return found;
  if (!ports.apps.ready) {
    throw new DoccError("unavailable", "docc has just started and does not know the apps yet.", {
      hint: "Try again in a few seconds.",
    });
  }
  if (found !== undefined) {
    throw new DoccError("not-found", `${app} has never been applied in ${environment}.`, {
      hint: `${advise("status", { app, environment })} shows whether a deploy of it waits.`,
    });
  }
  const close = nearestApp(ports, app, environment);
  throw new DoccError("not-found", `docc has no ${app} in ${environment}.`, {
    hint: close === undefined ? "/docc list shows what it has." : `Did you mean ${close}?`,
  });
}

import { createHash } from "node:crypto";
import { systemClock } from "../clock.ts";
import type { Answer } from "../commands/answer.ts";
import type { NamedPerson } from "../commands/own-names.ts";
import type { EnvironmentPort, Ports } from "../commands/ports.ts";
import { DoccError } from "../errors.ts";
import { startDeadline } from "../k8s/deadline.ts";
import { whoAmI } from "../k8s/who.ts";
import { escapedJson } from "../text/clean.ts";
import { answerText } from "./answer-text.ts";
import { callerNames } from "./caller-names.ts";
import { exitCodes } from "./command.ts";
import type { HomePlace } from "./home.ts";
import { healthPort, nobodyUnheard, sayUnheard, type Unheard } from "./health-port.ts";
import { atHomeAndApps, recordsAt, withRole } from "./home-live.ts";
import type { Io } from "./io.ts";
import { type Args, terminalRequest } from "./look-data.ts";
import type { Look } from "./look.ts";
import { asText, type OutputFormat } from "./output.ts";
import { againBy, optionsAgain } from "./again.ts";
import { onlyPlaceOf } from "./place.ts";
import { type RecordList, recordPorts } from "./record-ports.ts";
import { refusedInTerminal, sentencesOf } from "./said.ts";

/** So long are apps waited for that are asked how they do. */
const healthMs = 10_000;

/**
 * Answers from docc's records, listed once with the kubeconfig of who calls, and from the apps' cluster where it is asked
 * how they do.
 * @returns the exit code
 * @throws DoccError for what is not there or may not be read
 */
export async function lookLive(
  look: Look,
  place: HomePlace,
  output: OutputFormat,
  io: Io,
): Promise<number> {
  const { namespace } = place;
  const again = optionsAgain(look, place);
  return atHomeAndApps(place, look.health?.appContext, async (home, apps) => {
    const records = await withRole("read the records", { namespace }, () => recordsAt(home));
    let caller: Promise<NamedPerson> | undefined;
    const namesOf = (): Promise<NamedPerson> =>
      (caller ??= whoAmI(home.connection).then(callerNames));
    const ports = { ...portsOn(records), namesOf };
    const note = async (): Promise<string | undefined> => (await caller)?.note;
    if (look.health === undefined)
      return answerFrom(look, { records, ports, note, again }, output, io);
    const deadline = startDeadline(systemClock, healthMs);
    const unheard = nobodyUnheard();
    const sources = { records, api: apps.api, signal: deadline.signal, unheard };
    const asking = withEnvironments(ports, (port) => healthPort(port, sources));
    try {
      return await answerFrom(look, { records, ports: asking, unheard, note, again }, output, io);
    } finally {
      deadline.dispose();
    }
  });
}

interface Sources {
  readonly records: RecordList;
  readonly ports: Ports;
  /** Of apps that were asked how they do. */
  readonly unheard?: Unheard;
  /** What is not known of whoever asks, where they asked for what is theirs. */
  readonly note: () => Promise<string | undefined>;
  /** Options to look once more as it was looked now. */
  readonly again: readonly string[];
}

async function answerFrom(
  look: Look,
  { records, ports, unheard, note, again }: Sources,
  output: OutputFormat,
  io: Io,
): Promise<number> {
  const isNamed = look.takesReleases === true && isRelease(look.args, records);
  const args = isNamed ? look.args : placedIn(look.args, records);
  const answer = await answerOf(look, args, ports);
  const at = { args, ports, hasHealth: unheard !== undefined };
  if (output !== "table" && look.data !== undefined) {
    io.stdout(asText(await look.data(at), output));
    say([(await note()) ?? []].flat(), io);
    if (unheard !== undefined) say(sayUnheard(unheard), io);
  } else if (answer.snippet !== undefined) {
    say(sentencesOf(answer), io);
    io.stdout(`${snippetText(answer.snippet, look, args, io)}\n`);
  } else {
    const { hasColours = false } = io;
    const more = unheard === undefined ? (look.notes?.(at) ?? []) : sayUnheard(unheard);
    const lines = [...againBy(look, again, answer.lines ?? []), ...more];
    const omits = unheard === undefined ? (look.omits ?? []) : [];
    io.stdout(answerText({ ...answer, lines }, { hasColours, omits }));
  }
  return exitCodes.ok;
}

function snippetText(
  { text }: NonNullable<Answer["snippet"]>,
  { colours }: Look,
  args: Args,
  { isTerminal, hasColours = false }: Io,
): string {
  // YAML has no escapes outside of quotes: what a program reads stays as it is.
  const isPlain = !isTerminal && args["as"] === "yaml";
  const shown = isPlain ? text : escapedJson(text);
  return hasColours && colours !== undefined ? colours(shown) : shown;
}

function say(lines: readonly string[], io: Io): void {
  io.stderr(lines.map((line) => `${line}\n`).join(""));
}

/** The name of a release brings its environment along. */
function isRelease({ app }: Args, { releases }: RecordList): boolean {
  return releases.some(({ metadata }) => metadata.name === app);
}

/** The arguments, with the only environment that has the app where none is said. */
export function placedIn(args: Args, records: RecordList): Args {
  const { app, in: wished } = args;
  const where =
    typeof app === "string" && typeof wished !== "string" ? onlyPlaceOf(app, records) : wished;
  return { ...args, ...(typeof where === "string" ? { in: where } : {}) };
}

export function portsOn(records: RecordList): Ports {
  return recordPorts(records, { clock: systemClock, hash: sha256 });
}

export function withEnvironments(
  ports: Ports,
  change: (port: EnvironmentPort) => EnvironmentPort,
): Ports {
  const environments = [...ports.environments].map(([name, port]) => [name, change(port)] as const);
  return { ...ports, environments: new Map(environments) };
}

/** @throws DoccError with words that can be typed in a terminal */
export async function answerOf(
  { command }: Pick<Look, "command">,
  args: Args,
  ports: Ports,
): Promise<Answer> {
  try {
    return await command.run(args, terminalRequest, ports, {});
  } catch (error) {
    throw error instanceof DoccError ? refusedInTerminal(error) : error;
  }
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

import { createHash } from "node:crypto";
import { systemClock } from "../clock.ts";
import type { Answer } from "../commands/answer.ts";
import type { Ports } from "../commands/ports.ts";
import { DoccError } from "../errors.ts";
import { escapedJson } from "../text/clean.ts";
import { answerText } from "./answer-text.ts";
import { exitCodes } from "./command.ts";
import type { HomePlace } from "./home.ts";
import { atHome, recordsAt, withRole } from "./home-live.ts";
import type { Io } from "./io.ts";
import { type Args, terminalRequest } from "./look-data.ts";
import type { Look } from "./look.ts";
import { asText, type OutputFormat } from "./output.ts";
import { onlyPlaceOf } from "./place.ts";
import { type RecordList, recordPorts } from "./record-ports.ts";
import { refusedInTerminal, sentencesOf } from "./said.ts";

/**
 * Answers from docc's records, listed once with the kubeconfig of who calls.
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
  const records = await atHome(place, (home) =>
    withRole("read the records", { namespace }, () => recordsAt(home)),
  );
  const args =
    look.takesReleases === true && isRelease(look.args, records)
      ? look.args
      : placedIn(look.args, records);
  const ports = portsOn(records);
  const answer = await answerOf(look, args, ports);
  const at = { args, ports };
  const { hasColours = false } = io;
  if (output !== "table" && look.data !== undefined) {
    io.stdout(asText(await look.data(at), output));
  } else if (answer.snippet !== undefined) {
    io.stderr(
      sentencesOf(answer)
        .map((line) => `${line}\n`)
        .join(""),
    );
    // YAML has no escapes outside of quotes: what a program reads stays as it is.
    const isPlain = !io.isTerminal && args["as"] === "yaml";
    const text = isPlain ? answer.snippet.text : escapedJson(answer.snippet.text);
    io.stdout(`${hasColours ? (look.colours?.(text) ?? text) : text}\n`);
  } else {
    const lines = [...(answer.lines ?? []), ...(look.notes?.(at) ?? [])];
    io.stdout(answerText({ ...answer, lines }, { hasColours, omits: look.omits ?? [] }));
  }
  return exitCodes.ok;
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

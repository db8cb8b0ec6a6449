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
import type { Args } from "./look-data.ts";
import type { Look } from "./look.ts";
import { asText, type OutputFormat } from "./output.ts";
import { onlyPlaceOf } from "./place.ts";
import { type RecordList, recordPorts } from "./record-ports.ts";
import { inTerminal, refusedInTerminal } from "./said.ts";

/** Nobody is asked who they are: what may be read is the API server's to say. */
const reader = { provider: "kubernetes", team: "", user: "" } as const;

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
  const args = placedIn(look.args, records);
  const ports = portsOn(records);
  const answer = await answerOf(look, args, ports);
  const at = { args, ports };
  if (answer.snippet !== undefined) {
    io.stderr(`${inTerminal(answer.text)}\n`);
    // YAML has no escapes outside of quotes: what a program reads stays as it is.
    const isPlain = !io.isTerminal && args["as"] === "yaml";
    io.stdout(`${isPlain ? answer.snippet.text : escapedJson(answer.snippet.text)}\n`);
  } else if (output !== "table") {
    io.stdout(asText(look.data?.(at) ?? null, output));
  } else {
    const { hasColours = false } = io;
    const lines = [...(answer.lines ?? []), ...(look.notes?.(at) ?? [])];
    io.stdout(answerText({ ...answer, lines }, { hasColours, omits: look.omits ?? [] }));
  }
  return exitCodes.ok;
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
    return await command.run(args, { delivery: "terminal", requester: reader }, ports, {});
  } catch (error) {
    throw error instanceof DoccError ? refusedInTerminal(error) : error;
  }
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

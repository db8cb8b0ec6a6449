import { randomUUID } from "node:crypto";
import { systemClock } from "../clock.ts";
import { DoccError } from "../errors.ts";
import { isKubeError } from "../k8s/errors.ts";
import { commands } from "../k8s/kinds.ts";
import { asCommand } from "../k8s/records.ts";
import { whoAmI } from "../k8s/who.ts";
import { type CommandAnswer, commandLastsMs, type CommandSpec } from "../release/command-record.ts";
import { type Act, commandName, typedCommand } from "./act.ts";
import { answerText } from "./answer-text.ts";
import { answerTo, storeRecord } from "./answered.ts";
import { exitCodes } from "./command.ts";
import type { HomePlace } from "./home.ts";
import { atHome, headsAt, type Home, withRole } from "./home-live.ts";
import type { Io } from "./io.ts";
import { asText, type OutputFormat } from "./output.ts";
import { onlyPlaceOf } from "./place.ts";
import { inTerminal, sentencesOf } from "./said.ts";

/**
 * Stores a command with the kubeconfig of who calls, and waits for docc's answer to it.
 * @returns the exit code: 0 done, 1 refused, or not valid
 * @throws DoccError for what cannot be found, read or stored; Unanswered when docc gives no answer
 */
export async function actLive(
  act: Act,
  place: HomePlace,
  output: OutputFormat,
  io: Io,
): Promise<number> {
  return atHome(place, async (home) => {
    const text = typedCommand(await placed(act, home));
    const user = await whoAmI(home.connection);
    const answer = await ask(home, { text, by: { provider: "kubernetes", team: "", user } });
    const { outcome, code, sentence, ...rest } = answer;
    const said = { text: sentence, ...rest };
    if (output !== "table") io.stdout(asText(dataOf(answer), output));
    else if (outcome === "refused") io.stderr(`docc: ${sentencesOf(said).join(" ")}\n`);
    else io.stdout(answerText(said, { hasColours: io.hasColours ?? false, omits: [] }));
    return code === "ok" ? exitCodes.ok : exitCodes.errors;
  });
}

/** With the only environment that has the app where none is said. */
async function placed(act: Act, home: Home): Promise<Act> {
  const { app, in: wished } = act.args;
  if (typeof app !== "string" || typeof wished === "string") return act;
  const { namespace } = home;
  const applications = await withRole("read the records", { namespace }, () => headsAt(home));
  return { ...act, args: { ...act.args, in: onlyPlaceOf(app, { applications, releases: [] }) } };
}

async function ask({ api, namespace }: Home, spec: CommandSpec): Promise<CommandAnswer> {
  const name = commandName(systemClock.now(), randomUUID().slice(0, 12));
  const at = { kind: commands, namespace, name, clock: systemClock };
  await withRole("ask docc for anything", { namespace }, async () => {
    try {
      await storeRecord(api, at, spec, "command");
    } catch (error) {
      throw isKubeError(error, "not-served") ? notInstalled(error) : error;
    }
  });
  const minutes = commandLastsMs / 60_000;
  const meanwhile = `command is stored, and done if docc comes to it within ${minutes} minutes`;
  return answerTo(api, at, (object) => asCommand(object).status, meanwhile);
}

/** An installation from before there were any. */
function notInstalled(cause: unknown): DoccError {
  const sentence = "This installation of docc takes no commands from a terminal yet.";
  const hint = "An operator can mend that with kubectl apply --server-side -k deploy.";
  return new DoccError("bad-config", sentence, { hint, cause });
}

/** The answer for programs: stable, and explained in docs/cli.md. */
function dataOf({ outcome, code, sentence, lines = [], table }: CommandAnswer): object {
  const rows = table?.rows.map((row) =>
    Object.fromEntries(table.columns.map((column, at) => [column.toLowerCase(), row[at] ?? ""])),
  );
  return {
    outcome,
    code,
    sentence: inTerminal(sentence),
    lines: lines.map(inTerminal),
    ...(rows === undefined ? {} : { rows }),
  };
}

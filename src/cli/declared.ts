import type { Command } from "../commands/define.ts";
import type { Answer } from "../commands/answer.ts";
import { answerFor } from "../commands/dispatch.ts";
import type { Ports } from "../commands/ports.ts";
import { DoccError, isDoccError } from "../errors.ts";
import type { ReleaseSpec } from "../release/release.ts";
import type { Asker } from "../release/request.ts";
import type { AskedWords } from "./request-words.ts";
import { refusedInTerminal, sentencesOf } from "./said.ts";

/** Why there is no request, in sentences. */
export interface Refused {
  readonly refused: readonly string[];
}

/** What a command of Slack says and would store, by the records as they are. */
interface Declared {
  readonly answer: Answer;
  /** In the order in which they would be stored. */
  readonly specs: readonly ReleaseSpec[];
}

/**
 * Runs the declaration that Slack runs, and catches what it would store: the terminal stores it itself, with its
 * caller's rights and under its own key.
 * @throws DoccError for words that cannot be meant, with what can be typed in a terminal
 */
export async function runDeclared(
  command: Command,
  { args, words }: Pick<AskedWords, "args" | "words">,
  asker: Asker,
  ports: Ports,
): Promise<Declared> {
  const specs: ReleaseSpec[] = [];
  const create: Ports["releases"]["create"] = (_name, asked) => {
    specs.push({ ...asked, ...(asker.tell === undefined ? {} : { tell: asker.tell }) });
    return Promise.resolve(true);
  };
  const catching: Ports = { ...ports, releases: { ...ports.releases, create } };
  const request = { delivery: "terminal", requester: asker.requester };
  try {
    const answer = await command.run(args, request, catching, words);
    return { answer, specs };
  } catch (error) {
    // What the records do not have is an answer; what makes no sense is wrong usage.
    if (isDoccError(error, "not-found", "conflict")) {
      return { answer: answerFor(error), specs: [] };
    }
    throw error instanceof DoccError ? refusedInTerminal(error) : error;
  }
}

/** {@link runDeclared}, for a command that needs nobody's further word. */
export async function declaredRequest(
  command: Command,
  asked: Pick<AskedWords, "args" | "words">,
  asker: Asker,
  ports: Ports,
): Promise<readonly ReleaseSpec[] | Refused> {
  const { answer, specs } = await runDeclared(command, asked, asker, ports);
  return specs.length > 0 ? specs : { refused: sentencesOf(answer) };
}

import type { CommandAnswer, CommandRecord } from "../release/command-record.ts";
import type { Records } from "../k8s/records.ts";
import { type Answering, type AnsweringPorts, createAnswering } from "./answering.ts";

type Said = Omit<CommandAnswer, "at">;

export interface CommandingPorts extends Pick<
  AnsweringPorts<CommandRecord, Said>,
  "clock" | "random" | "log" | "asked"
> {
  readonly records: Pick<Records, "isIdentityBound" | "answerCommand">;
  /** Runs the word with the rights of who asked, and records it; never rejects. */
  readonly run: (command: CommandRecord) => Promise<Said>;
  /** Records one that was not run. */
  readonly refused: (command: CommandRecord, code: string) => void;
}

/** Does every command that came from outside Slack, and answers it. */
export function createCommands(ports: CommandingPorts): Answering {
  const { clock, random, log, asked, records } = ports;
  return createAnswering<CommandRecord, Said>({
    clock,
    random,
    log,
    what: "command",
    asked,
    weigh: async (command) => {
      // Without the policy anybody could write anybody's name into a command.
      const isBound =
        command.spec.by.provider === "kubernetes" && (await records.isIdentityBound("command"));
      if (isBound) return ports.run(command);
      ports.refused(command, unbound.code);
      return unbound;
    },
    answer: (command, answer) => records.answerCommand(command, answer),
  });
}

const unbound: Said = {
  outcome: "refused",
  code: "identity-not-bound",
  sentence:
    "docc cannot tell who asked: deploy/policy must be installed in its cluster, and only Kubernetes users ask this way.",
};

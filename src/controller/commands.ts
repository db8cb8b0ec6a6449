import {
  type CommandAnswer,
  commandLastsMs,
  type CommandRecord,
} from "../release/command-record.ts";
import { sayAge } from "../text/duration.ts";
import type { Clock } from "../clock.ts";
import type { Records } from "../k8s/records.ts";
import { type Answering, type AnsweringPorts, createAnswering } from "./answering.ts";

type Said = Omit<CommandAnswer, "at">;

export interface CommandingPorts extends Pick<
  AnsweringPorts<CommandRecord, Said>,
  "clock" | "random" | "log" | "asked"
> {
  readonly records: Pick<Records, "isIdentityBound" | "answerCommand">;
  /** The wall's time, as the API server stamps records with it. */
  readonly wall: Pick<Clock, "now">;
  /** Whether another leader may have come to it before this one: it may have been done, and not answered. */
  readonly isInherited: (name: string) => boolean;
  /**
   * Runs the word with the rights of who asked, and records it; never rejects.
   * @param askedAt of what may have been done before
   */
  readonly run: (command: CommandRecord, askedAt: number | undefined) => Promise<Said>;
  /** Records one that was not run. */
  readonly refused: (command: CommandRecord, code: string) => void;
}

/** Does every command that came from outside Slack in time, and answers it. */
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
      const refusal = isBound ? lateness(command, ports.wall.now()) : unbound;
      if (refusal === undefined) return ports.run(command, askedAtOf(command, ports));
      ports.refused(command, refusal.code);
      return refusal;
    },
    answer: (command, answer) => records.answerCommand(command, answer),
  });
}

/** No time of the cluster is compared with docc's where nothing needs it: its clock may be another one. */
function askedAtOf(
  { metadata }: CommandRecord,
  { isInherited }: Pick<CommandingPorts, "isInherited">,
): number | undefined {
  return isInherited(metadata.name) ? Date.parse(metadata.creationTimestamp) : undefined;
}

/** Whoever asked has long looked elsewhere: a lock or an unlock out of nowhere surprises everybody. */
function lateness({ metadata }: CommandRecord, now: number): Said | undefined {
  if (now - Date.parse(metadata.creationTimestamp) <= commandLastsMs) return undefined;
  return {
    outcome: "refused",
    code: "expired",
    sentence: `docc came to it more than ${sayAge(commandLastsMs)} after it was asked, and did nothing: ask again.`,
  };
}

const unbound: Said = {
  outcome: "refused",
  code: "identity-not-bound",
  sentence:
    "docc cannot tell who asked: deploy/policy must be installed in its cluster, and only Kubernetes users ask this way.",
};

import { type CliCommand, exitCodes } from "./command.ts";
import { bashScript } from "./completion/bash.ts";
import { type Facts, factsOf } from "./completion/facts.ts";
import { fishScript } from "./completion/fish.ts";
import { zshScript } from "./completion/zsh.ts";
import { quoted } from "../text/clean.ts";
import { nearest } from "../text/nearest.ts";
import { usageError } from "./words.ts";

const scripts: Readonly<Record<string, (facts: Facts) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};
const shells = Object.keys(scripts);

/**
 * `completion` speaks of the other commands, so it is made from them.
 * @param topics of `docc help`, beside the commands
 */
export function completionFor(
  others: readonly CliCommand[],
  topics: readonly string[],
): CliCommand {
  const completion: CliCommand = {
    name: "completion",
    usage: shells.join("|"),
    summary: "Print a script that completes docc's commands in your shell",
    details: [
      'bash: in ~/.bashrc                  eval "$(docc completion bash)"',
      "zsh:  in ~/.zshrc, behind compinit  source <(docc completion zsh)",
      "fish: once                          docc completion fish > ~/.config/fish/completions/docc.fish",
      "Words, options and keys stand in the script. Names of apps and environments are asked of the cluster of your kubeconfig, for at most two seconds; where it does not answer, nothing is offered.",
    ],
    examples: ["completion bash", "completion fish > ~/.config/fish/completions/docc.fish"],
    options: {},
    takes: {
      listed: [{ form: shells.join("|"), about: "the shell that the script is for" }],
      words: [shells],
    },
    run: ({ positionals: [shell, surplus] }, io) => {
      if (surplus !== undefined) {
        throw usageError(`The word ${quoted(surplus)} is one too many.`, right);
      }
      if (shell === undefined) throw usageError("Say for which shell.", right);
      const script = Object.hasOwn(scripts, shell) ? scripts[shell] : undefined;
      if (script === undefined) {
        const meant = nearest(shell, shells);
        throw usageError(
          `docc completes nothing in ${quoted(shell)}.`,
          meant === undefined ? right : `Did you mean ${meant}?`,
        );
      }
      io.stdout(script(factsOf([...others, completion], topics)));
      return Promise.resolve(exitCodes.ok);
    },
  };
  return completion;
}

const right = `Write docc completion ${shells.join("|")}.`;

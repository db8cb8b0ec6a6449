import { deleteApp } from "../commands/delete.ts";
import { declaredRequest, runDeclared } from "./declared.ts";
import type { Request } from "./asked.ts";
import type { Io } from "./io.ts";
import { isRepeat } from "./repeat.ts";
import { type AskedWords, textOf } from "./request-words.ts";
import { sentencesOf } from "./said.ts";
import { usageError } from "./words.ts";

/**
 * A deletion, once the name is typed: as a word (`confirm=`), after what goes was shown, or set aside by `--yes`.
 * Nothing is stored before that.
 */
export function deleting(asked: AskedWords, isSure: boolean, io: Io): Request {
  const app = textOf(asked, "app") ?? "";
  const spec: Request["spec"] = async (asker, ports) => {
    if (isSure || textOf(asked, "confirm") !== undefined) {
      return declaredRequest(
        deleteApp,
        confirmed(asked, textOf(asked, "confirm") ?? app),
        asker,
        ports,
      );
    }
    if (!io.isTerminal) {
      const hint = `Give --yes, or confirm=${app}.`;
      throw usageError("A deletion is confirmed, and nobody can type here.", hint);
    }
    const shown = await runDeclared(deleteApp, asked, asker, ports);
    if (shown.answer.confirm === undefined) return { refused: sentencesOf(shown.answer) };
    const write = asked.output === "table" ? io.stdout : io.stderr;
    for (const line of sentencesOf(shown.answer)) write(`${line}\n`);
    write("To delete it, type the application's name: ");
    const typed = await io.line();
    if (typed.trim() !== app) throw usageError("That is not its name: nothing was asked.");
    return declaredRequest(deleteApp, confirmed(asked, typed), asker, ports);
  };
  return {
    app,
    needsRecords: true,
    spec,
    isRepeat: (stored, asker) => isRepeat(stored, deleteApp.name, asked, asker),
  };
}

function confirmed(asked: AskedWords, confirm: string): Pick<AskedWords, "args" | "words"> {
  return { args: { ...asked.args, confirm }, words: asked.words };
}

import { deleteApp } from "../commands/delete.ts";
import { namesIn } from "../commands/several-apps.ts";
import type { Asker } from "../release/request.ts";
import type { Ports } from "../commands/ports.ts";
import { declaredRequest, runDeclared } from "./declared.ts";
import type { Request } from "./asked.ts";
import type { Io } from "./io.ts";
import { isRepeat } from "./repeat.ts";
import { type AskedWords, textOf } from "./request-words.ts";
import { sentencesOf } from "./said.ts";
import { usageError } from "./words.ts";

/**
 * Deletions, once the names are typed: as a word (`confirm=`), after what goes was shown, or set aside by `--yes`.
 * Nothing is stored before that.
 */
export function deleting(asked: AskedWords, isSure: boolean, io: Io): Request {
  const apps = appsOf(asked);
  const specs: Request["specs"] = async (fresh, asker, ports) => {
    const names = fresh.join(" ");
    const those: AskedWords = { ...asked, args: { ...asked.args, app: fresh } };
    // Who asks once more for what is stored in part has typed the names of all.
    const given = textOf(asked, "confirm");
    const isTyped = given !== undefined && areAll(apps, given);
    if (isSure || isTyped) return declaredRequest(deleteApp, confirmed(those, names), asker, ports);
    if (given !== undefined) {
      return declaredRequest(deleteApp, confirmed(those, given), asker, ports);
    }
    if (!io.isTerminal) {
      const hint = `Give --yes, or ${fresh.length === 1 ? `confirm=${names}` : `confirm="${names}"`}.`;
      throw usageError("A deletion is confirmed, and nobody can type here.", hint);
    }
    return typed(those, fresh, { asker, ports, io });
  };
  return {
    apps,
    needsRecords: true,
    specs,
    isRepeat: (stored, asker) => isRepeat(stored, deleteApp.name, asked, asker),
  };
}

function appsOf({ args: { app } }: AskedWords): readonly string[] {
  return Array.isArray(app) ? app.map(String) : [];
}

/** Shows what goes, and has the names typed. */
async function typed(
  asked: AskedWords,
  apps: readonly string[],
  { asker, ports, io }: { readonly asker: Asker; readonly ports: Ports; readonly io: Io },
): ReturnType<Request["specs"]> {
  const isOne = apps.length === 1;
  const shown = await runDeclared(deleteApp, asked, asker, ports);
  if (shown.answer.confirm === undefined) return { refused: sentencesOf(shown.answer) };
  const write = asked.output === "table" ? io.stdout : io.stderr;
  for (const line of sentencesOf(shown.answer)) write(`${line}\n`);
  write(
    isOne
      ? "To delete it, type the application's name: "
      : "To delete them, type the applications' names: ",
  );
  const line = await io.line();
  if (!areAll(apps, line)) {
    throw usageError(
      isOne
        ? "That is not its name: nothing was asked."
        : "Those are not their names: nothing was asked.",
    );
  }
  return declaredRequest(deleteApp, confirmed(asked, line), asker, ports);
}

/** Each of them, in any order, and nothing else. */
function areAll(apps: readonly string[], line: string): boolean {
  const names = namesIn(line);
  return apps.every((app) => names.includes(app)) && names.every((name) => apps.includes(name));
}

function confirmed(asked: AskedWords, confirm: string): Pick<AskedWords, "args" | "words"> {
  return { args: { ...asked.args, confirm }, words: asked.words };
}

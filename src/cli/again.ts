import { type HomePlace, usualNamespace } from "./home.ts";
import type { Look } from "./look.ts";

/** What was given beside the arguments, for who looks once more. Pure. */
export function optionsAgain(
  { args, health }: Pick<Look, "args" | "health">,
  { namespace, context }: HomePlace,
): readonly string[] {
  const appContext = health?.appContext;
  return [
    ...(health === undefined || args["health"] !== undefined ? [] : ["--health"]),
    ...(appContext === undefined ? [] : ["--app-context", shellWord(appContext)]),
    ...(namespace === usualNamespace ? [] : ["-n", shellWord(namespace)]),
    ...(context === undefined ? [] : ["--context", shellWord(context)]),
  ];
}

/** A declaration that says how to see more knows arguments, and no options. Pure. */
export function againBy(
  { command }: Pick<Look, "command">,
  options: readonly string[],
  lines: readonly string[],
): readonly string[] {
  const typed = `/docc ${command.name} `;
  const whole = [typed.trimEnd(), ...options, ""].join(" ");
  return lines.map((line) => line.replace(typed, () => whole));
}

/** As a shell takes it for one word. */
function shellWord(text: string): string {
  return /^[\w@%+:,./-]+$/u.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

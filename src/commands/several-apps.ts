import { z } from "zod";
import { quoted } from "../text/clean.ts";
import { appArgument } from "./environment.ts";
import { offering } from "./offer.ts";

/** So many can be read through before one says yes to all. */
const mostApps = 10;

/** Names as people write them one behind the other: `shop-a shop-b`, `Shop-a, shop-b`. */
export function namesIn(text: string): readonly string[] {
  return writtenIn(text).map((name) => name.toLowerCase());
}

function writtenIn(text: string): readonly string[] {
  return text.split(/[\s,]+/u).filter((name) => name !== "");
}

/** Several applications at once, each named once. */
export const appsArgument = offering(
  "app",
  z
    .string()
    .transform((text, context): readonly string[] => {
      const names = namesIn(text);
      const problem = problemOf(writtenIn(text), names);
      if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
      return names;
    })
    .describe(`the application's name, or up to ${mostApps}`),
);

/** Completes the sentence that begins with the argument's name. */
function problemOf(written: readonly string[], names: readonly string[]): string | undefined {
  for (const name of written.length === 0 ? [""] : written) {
    const message = appArgument.safeParse(name).error?.issues[0]?.message;
    if (message === undefined) continue;
    return names.length < 2 ? message : `names ${quoted(name)}, which ${message}`;
  }
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) return `names ${twice} twice`;
  return names.length > mostApps ? `has more than ${mostApps} names` : undefined;
}

/** `shop-a, shop-b and shop-c` */
export function sayNames(names: readonly string[]): string {
  const last = names.at(-1) ?? "";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} and ${last}`;
}

import { z } from "zod";
import { cap } from "../text/cap.ts";
import { oneLine } from "../text/clean.ts";
import { defineCommand } from "./define.ts";
import {
  appArgument,
  applicationNamed,
  environmentArgument,
  environmentNamed,
} from "./environment.ts";
import type { EventGroup } from "./ports.ts";

const most = 20;

export const events = defineCommand({
  name: "events",
  summary: "Show the recent events of an app, grouped, newest first",
  needs: "read",
  answers: "later",
  positional: ["app"],
  args: z.object({ app: appArgument, in: environmentArgument }),
  examples: ["events kubecon-2017"],
  run: async (args, _request, ports) => {
    const environment = environmentNamed(ports, args.in);
    applicationNamed(ports, args.app, environment.name);
    const groups = await environment.events(args.app);
    if (groups.length === 0) {
      return { text: `${args.app} in ${environment.name} has no recent events.` };
    }
    const cut = groups.length > most ? [`${groups.length - most} older groups are not shown.`] : [];
    return {
      text: `Recent events of ${args.app} in ${environment.name}, newest first.`,
      snippet: {
        title: `${args.app}.events`,
        text: groups
          .slice(0, most)
          .map((group) => sayGroup(group))
          .join("\n"),
      },
      lines: cut,
    };
  },
});

/** `12:00:07 Warning BackOff x7 (Pod kubecon-2017-abc): ...`, on one line, in UTC. */
export function sayGroup(
  { type, reason, count, kind, name, message, last }: EventGroup,
  most = 400,
): string {
  const times = count > 1 ? ` x${count}` : "";
  const said = `${type} ${reason}${times} (${kind} ${name}): ${message}`;
  return `${last.slice(11, 19)} ${cap(oneLine(said), most)}`;
}

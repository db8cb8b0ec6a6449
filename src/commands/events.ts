import { z } from "zod";
import { eventKinds } from "../release/event-kinds.ts";
import { cap } from "../text/cap.ts";
import { oneLine } from "../text/clean.ts";
import { choiceNamed } from "./choice.ts";
import { defineCommand } from "./define.ts";
import {
  appArgument,
  applicationNamed,
  environmentArgument,
  environmentFor,
} from "./environment.ts";
import type { EventGroup } from "./ports.ts";
import { lookBackOf, sinceArgument } from "./since.ts";

const most = 20;

const kindRefusal = {
  key: "kind",
  problem: "No object of an app is of kind",
  all: `There are: ${eventKinds.join(", ")}.`,
};

export const events = defineCommand({
  name: "events",
  summary: "Show the recent events of an app, grouped, newest first",
  needs: "read",
  answers: "later",
  positional: ["app"],
  args: z.object({
    app: appArgument,
    since: sinceArgument.describe(
      "how far back, such as 30m; without it all that the cluster keeps, an hour by default",
    ),
    kind: z
      .string()
      .min(1, "is empty")
      .optional()
      .describe("of one kind of objects, such as Pod or Deployment"),
    in: environmentArgument,
  }),
  examples: ["events kubecon-2017", "events kubecon-2017 kind=Pod since=30m"],
  run: async (args, request, ports) => {
    const environment = environmentFor(args.in, request, ports);
    const kind =
      args.kind === undefined ? undefined : choiceNamed(args.kind, eventKinds, kindRefusal);
    const { status } = applicationNamed(ports, args.app, environment.name);
    const back = args.since === undefined ? undefined : lookBackOf(args.since);
    const groups = await environment.events(args.app, {
      objects: status?.inventory ?? [],
      ...(kind === undefined ? {} : { kind }),
      ...(back === undefined ? {} : { since: ports.clock.now() - back }),
    });
    const which = `events${kind === undefined ? "" : ` of kind ${kind}`}`;
    const time = args.since === undefined ? "" : ` in the last ${args.since}`;
    if (groups.length === 0) {
      return { text: `${args.app} in ${environment.name} has no recent ${which}${time}.` };
    }
    const cut = groups.length > most ? [`${groups.length - most} older groups are not shown.`] : [];
    return {
      text: `Recent ${which} of ${args.app} in ${environment.name}${time}, newest first.`,
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

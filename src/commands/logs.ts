import { z } from "zod";
import { clean } from "../text/clean.ts";
import { defineCommand } from "./define.ts";
import {
  appArgument,
  applicationNamed,
  environmentArgument,
  environmentNamed,
} from "./environment.ts";
import type { LogLine } from "./ports.ts";

export const logs = defineCommand({
  name: "logs",
  summary: "Show the latest log lines of an app, merged by time, to you alone",
  needs: "read",
  answers: "later",
  positional: ["app"],
  args: z.object({
    app: appArgument,
    container: z.string().min(1, "is empty").optional().describe("one container of the pods"),
    pod: z.string().min(1, "is empty").optional().describe("one pod by its name"),
    lines: z.coerce
      .number("takes a whole number from 1 to 500")
      .int("takes a whole number from 1 to 500")
      .min(1, "takes a whole number from 1 to 500")
      .max(500, "takes a whole number from 1 to 500")
      .optional()
      .describe("how many lines, 50 unless told"),
    previous: z
      .enum(["true", "false"], "takes true or false")
      .optional()
      .describe("true: of the container before its last restart"),
    in: environmentArgument,
  }),
  examples: ["logs kubecon-2017", "logs kubecon-2017 lines=20 previous=true"],
  run: async (args, _request, ports) => {
    const environment = environmentNamed(ports, args.in);
    applicationNamed(ports, args.app, environment.name);
    const lines = await environment.logs(args.app, {
      ...(args.container === undefined ? {} : { container: args.container }),
      ...(args.pod === undefined ? {} : { pod: args.pod }),
      lines: args.lines ?? 50,
      previous: args.previous === "true",
    });
    if (lines.length === 0) {
      return { text: `${args.app} in ${environment.name} has printed nothing yet.` };
    }
    const count = lines.length === 1 ? "line" : `${lines.length} lines`;
    return {
      text: `The last ${count} of ${args.app} in ${environment.name}.`,
      snippet: { title: `${args.app}.log`, text: lines.map(sayLine).join("\n") },
    };
  },
});

function sayLine({ at, pod, container, text }: LogLine): string {
  return `${at.slice(11, 19)} ${pod.split("-").at(-1) ?? pod}/${container}  ${clean(text).replaceAll("\n", " ")}`;
}

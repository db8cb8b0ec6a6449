import { z } from "zod";
import { defineCommand } from "./define.ts";
import {
  appArgument,
  applicationNamed,
  environmentArgument,
  environmentNamed,
} from "./environment.ts";

export const show = defineCommand({
  name: "show",
  summary: "Show the manifest of an app as docc has applied it",
  needs: "read",
  answers: "later",
  positional: ["app"],
  args: z.object({ app: appArgument, in: environmentArgument }),
  examples: ["show kubecon-2017", "show kubecon-2017 in=production"],
  run: (args, _request, ports) => {
    const environment = environmentNamed(ports, args.in).name;
    const applied = applicationNamed(ports, args.app, environment).status?.applied;
    const text = JSON.stringify(JSON.parse(applied?.manifest ?? "{}"), null, 2);
    return Promise.resolve({
      text: `The manifest of ${args.app} in ${environment}, revision ${applied?.revision ?? 0}.`,
      snippet: { title: `${args.app}.json`, text },
    });
  },
});

import { z } from "zod";
import { DoccError } from "../errors.ts";
import { readManifest } from "../manifest/canonical.ts";
import { quoted } from "../text/clean.ts";
import { nearest } from "../text/nearest.ts";
import { defineCommand } from "./define.ts";
import {
  appArgument,
  applicationNamed,
  environmentArgument,
  environmentFor,
} from "./environment.ts";
import { linksOf, type NamedLink } from "./links.ts";

export const open = defineCommand({
  name: "open",
  summary: "Give buttons to an app's addresses, dashboard, logs, repository and runbook",
  needs: "read",
  answers: "later",
  positional: ["app", "link"],
  args: z.object({
    app: appArgument,
    link: z
      .string()
      .toLowerCase()
      .min(1, "is empty")
      .optional()
      .describe("one of them: url, or a name such as dashboard; without it all"),
    in: environmentArgument,
  }),
  examples: ["open kubecon-2017", "open kubecon-2017 url", "open kubecon-2017 in=production"],
  run: ({ app, link, in: wished }, request, ports) => {
    const environment = environmentFor(wished, request, ports);
    const text = applicationNamed(ports, app, environment.name).status?.applied?.manifest ?? "";
    const all = linksOf({ app, manifest: readManifest(text), environment });
    const where = `${app} in ${environment.name}`;
    const found = link === undefined ? all : all.filter(({ name }) => name === link);
    if (found.length === 0) {
      if (link !== undefined) throw noLink(where, link, all);
      return Promise.resolve({
        text: `${where} has no address and no links; its manifest may name some under links.`,
      });
    }
    const what = link === undefined ? "Links" : found.length === 1 ? "The link" : "The addresses";
    return Promise.resolve({
      text: link === undefined ? `${what} of ${where}.` : `${what} ${link} of ${where}.`,
      links: found.map(({ text: said, url }) => ({ text: said, url })),
    });
  },
});

function noLink(where: string, wanted: string, all: readonly NamedLink[]): DoccError {
  const names = [...new Set(all.map(({ name }) => name))];
  const close = nearest(wanted, names);
  const there = names.length === 0 ? "no links at all" : `only ${names.join(", ")}`;
  return new DoccError(
    "not-found",
    `${where} has no link ${quoted(wanted)}, ${there}.`,
    close === undefined ? {} : { hint: `Did you mean ${close}?` },
  );
}

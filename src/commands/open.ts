import { z } from "zod";
import { DoccError } from "../errors.ts";
import { readManifest } from "../manifest/canonical.ts";
import { filledLink } from "../manifest/links.ts";
import type { Manifest } from "../manifest/schema/manifest.ts";
import { urlsOf } from "../manifest/urls.ts";
import { tagOf } from "../release/plan.ts";
import { cap } from "../text/cap.ts";
import { oneLine, quoted } from "../text/clean.ts";
import { nearest } from "../text/nearest.ts";
import type { AnswerLink } from "./answer.ts";
import { defineCommand } from "./define.ts";
import {
  appArgument,
  applicationNamed,
  environmentArgument,
  environmentNamed,
} from "./environment.ts";
import type { EnvironmentPort } from "./ports.ts";

/** The name of the app's own addresses. */
const own = "url";
const longestName = 30;

/** A link by the name that it is asked for. */
interface NamedLink extends AnswerLink {
  readonly name: string;
}

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
  run: ({ app, link, in: wished }, _request, ports) => {
    const environment = environmentNamed(ports, wished);
    const text = applicationNamed(ports, app, environment.name).status?.applied?.manifest ?? "";
    const all = linksOf(app, readManifest(text), environment);
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

/** The app's addresses, then the manifest's links, then those of the operator's that it does not name itself. */
function linksOf(
  app: string,
  manifest: Manifest | undefined,
  environment: EnvironmentPort,
): readonly NamedLink[] {
  const addresses = manifest === undefined ? [] : addressesOf(manifest, environment);
  const theirs = filled(manifest?.links ?? {}, {
    app,
    to: manifest === undefined ? "" : tagOf(manifest),
  });
  const operators = filled(environment.links, {
    app,
    environment: environment.name,
    namespace: environment.platform.namespace,
  });
  const named = new Map([...operators, ...theirs].map((link) => [link.name, link]));
  if (addresses.length > 0) named.delete(own);
  const others = [...named.values()].toSorted((a, b) => a.name.localeCompare(b.name, "en"));
  return [...addresses, ...others];
}

/** What a record that was written past docc cannot have: another scheme, a name, or what nobody sees. */
const address = /^https?:\/\/[!-?A-[\]-~]{1,2000}$/u;

/** Where there are several addresses, each button says its own. */
function addressesOf(manifest: Manifest, { platform }: EnvironmentPort): readonly NamedLink[] {
  const urls = [...new Set(urlsOf(manifest, platform))].filter(
    (url) => address.test(url) && URL.canParse(url),
  );
  return urls.map((url) => ({
    name: own,
    text: urls.length === 1 ? own : url.replace(/^https?:\/\//u, ""),
    url,
  }));
}

/** A record may have been written past docc: what is no link any more is left out. */
function filled(
  links: Readonly<Record<string, unknown>>,
  values: Readonly<Record<string, string>>,
): readonly NamedLink[] {
  return Object.entries(links).flatMap(([key, link]) => {
    const name = cap(oneLine(key), longestName);
    const url = typeof link === "string" ? filledLink(link, values) : undefined;
    return name === "" || url === undefined ? [] : [{ name, text: name, url }];
  });
}

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

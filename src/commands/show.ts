import { z } from "zod";
import { DoccError } from "../errors.ts";
import { isRecord } from "../manifest/canonical.ts";
import { yamlText } from "../manifest/render.ts";
import type { Application, Release } from "../release/release.ts";
import { choiceNamed } from "./choice.ts";
import { defineCommand } from "./define.ts";
import {
  appArgument,
  applicationNamed,
  environmentArgument,
  environmentFor,
  knownApplication,
} from "./environment.ts";
import { offering } from "./offer.ts";
import type { Ports } from "./ports.ts";
import { advise } from "../text/advice.ts";

const wholeNumber = "takes the number of a revision";
const formats = ["json", "yaml"] as const;
type Format = (typeof formats)[number];

export const show = defineCommand({
  name: "show",
  summary: "Show the manifest of an app as docc has applied it, now or in an earlier revision",
  needs: "read",
  answers: "later",
  positional: ["app"],
  args: z.object({
    app: appArgument,
    revision: offering(
      "revision",
      z.coerce.number(wholeNumber).int(wholeNumber).min(1, wholeNumber),
    )
      .optional()
      .describe("of an earlier release; without it what was applied last"),
    as: z
      .string()
      .min(1, "is empty")
      .optional()
      .describe("json or yaml; json unless told")
      .meta({ values: formats }),
    in: environmentArgument,
  }),
  examples: ["show kubecon-2017", "show kubecon-2017 in=production revision=7 as=yaml"],
  run: ({ app, revision, as: wanted = "json", in: wished }, request, ports) => {
    const environment = environmentFor(wished, request, ports).name;
    const format = choiceNamed(wanted, formats, { key: "as", all: "It takes json or yaml." });
    const shown = chosen(shownApplication(ports, app, environment, revision), revision, ports);
    return Promise.resolve({
      text: `The manifest of ${app} in ${environment}, revision ${shown.revision}.`,
      snippet: { title: `${app}.${format}`, text: written(shown.manifest, format), keep: "first" },
    });
  },
});

/** What was applied before a deletion is shown by its revision. */
function shownApplication(
  ports: Ports,
  app: string,
  environment: string,
  revision: number | undefined,
): Application {
  return revision === undefined
    ? applicationNamed(ports, app, environment)
    : knownApplication(ports, app, environment);
}

interface Shown {
  readonly revision: number;
  /** Canonical JSON. */
  readonly manifest: string;
}

/** @throws DoccError `not-found` for a revision whose record is not kept, with those that are */
function chosen({ spec, status }: Application, revision: number | undefined, ports: Ports): Shown {
  const applied = status?.applied;
  if (applied !== undefined && (revision ?? applied.revision) === applied.revision) return applied;
  const kept = ports.releases.of(spec.app, spec.environment).flatMap(shownBy);
  const found = kept.find((each) => each.revision === revision);
  if (found !== undefined) return found;
  const all = new Set([...kept, ...(applied === undefined ? [] : [applied])].map(revisionOf));
  throw new DoccError(
    "not-found",
    `docc keeps no revision ${revision ?? ""} of ${spec.app} in ${spec.environment}; it keeps ${sayNumbers([...all])}.`,
    { hint: `${advise("history", spec)} shows what they were.` },
  );
}

function shownBy({ status }: Release): readonly Shown[] {
  const { revision, plan } = status ?? {};
  return revision === undefined || plan === undefined
    ? []
    : [{ revision, manifest: plan.manifest }];
}

function revisionOf({ revision }: Shown): number {
  return revision;
}

/** `5, 7 and 8`, the newest twenty. */
function sayNumbers(numbers: readonly number[]): string {
  const newest = numbers.toSorted((a, b) => a - b).slice(-20);
  const last = newest.at(-1);
  const others = newest.slice(0, -1).join(", ");
  if (last === undefined) return "none";
  return others === "" ? String(last) : `${others} and ${last}`;
}

function written(manifest: string, format: Format): string {
  const data: unknown = JSON.parse(manifest);
  return format === "yaml" && isRecord(data)
    ? yamlText(data).trimEnd()
    : JSON.stringify(data, null, 2);
}

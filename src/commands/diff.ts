import { z } from "zod";
import { DoccError } from "../errors.ts";
import { sayDiff } from "../release/diff/text.ts";
import { appNameOf } from "../release/names.ts";
import { phaseOf } from "../release/phases.ts";
import type { Phase, Plan, Release } from "../release/release.ts";
import { undoneBy } from "../release/undoing.ts";
import type { Answer } from "./answer.ts";
import { defineCommand, type Request } from "./define.ts";
import { applicationNamed, environmentArgument, environmentFor } from "./environment.ts";
import { offering } from "./offer.ts";
import type { Ports } from "./ports.ts";

const wholeNumber = "takes the number of a revision";

const diffArguments = z.object({
  app: offering(
    "app",
    z
      .string()
      .toLowerCase()
      .regex(
        /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/,
        "is no name of an application or a release: letters, digits and hyphens, at most 63",
      )
      .describe("the application's name, or a release's"),
  ),
  revision: offering("revision", z.coerce.number(wholeNumber).int(wholeNumber).min(1, wholeNumber))
    .optional()
    .describe("of an earlier release; without it the plan that waits, else what was applied last"),
  in: environmentArgument,
});

export const diff = defineCommand({
  name: "diff",
  summary: "Show what a plan changes, field by field, to you alone",
  needs: "read",
  answers: "later",
  modal: "What changes",
  positional: ["app"],
  args: diffArguments,
  examples: ["diff kubecon-2017", "diff kubecon-2017 revision=7 in=production"],
  run: async (given, request, ports) => sayPlan(await planned(given, request, ports)),
});

interface Planned {
  readonly release: Release;
  readonly plan: Plan;
}

/** The release that is meant, for who wants the same as data. */
export async function plannedBy(
  args: Readonly<Record<string, unknown>>,
  request: Request,
  ports: Ports,
): Promise<Planned> {
  return planned(diffArguments.parse(args), request, ports);
}

async function planned(
  { app, revision, in: wished }: z.infer<typeof diffArguments>,
  request: Request,
  ports: Ports,
): Promise<Planned> {
  const release =
    ports.releases.kept(app) ??
    (await chosen(app, revision, environmentFor(wished, request, ports).name, ports));
  const plan = release.status?.plan;
  if (plan !== undefined) return { release, plan };
  throw new DoccError("not-found", `The release of ${placeOf(release)} has no plan.`, {
    hint: "Its message says how it stands.",
  });
}

function placeOf(release: Release): string {
  return `${appNameOf(release) ?? release.metadata.name} in ${release.spec.environment}`;
}

/** By the name of the app, or by the name of a release, whose environment it brings along. */
async function chosen(
  name: string,
  revision: number | undefined,
  environment: string,
  ports: Ports,
): Promise<Release> {
  const releases = ports.releases.of(name, environment);
  if (releases.length === 0) {
    const found = isReleaseName(name) ? await ports.releases.find(name) : undefined;
    if (found !== undefined) return found;
    applicationNamed(ports, name, environment);
  }
  const wanted = revision === undefined ? latest(releases) : numbered(releases, revision);
  if (wanted !== undefined) return wanted;
  const what = revision === undefined ? "no plan" : `no record of revision ${revision}`;
  throw new DoccError("not-found", `docc has ${what} of ${name} in ${environment}.`);
}

function isReleaseName(name: string): boolean {
  return /-[0-9a-f]{12}$/.test(name);
}

const waiting: ReadonlySet<Phase> = new Set(["planned", "awaiting-approval", "approved"]);

/** The plan that waits, else the one that was applied last. */
function latest(releases: readonly Release[]): Release | undefined {
  const asked = releases.findLast((each) => waiting.has(phaseOf(each)));
  const applied = releases
    .filter(({ status }) => status?.revision !== undefined)
    .toSorted((a, b) => (b.status?.revision ?? 0) - (a.status?.revision ?? 0));
  return asked ?? applied[0];
}

function numbered(releases: readonly Release[], revision: number): Release | undefined {
  return releases.find(({ status }) => status?.revision === revision);
}

function sayPlan({ release, plan }: Planned): Answer {
  const { metadata, status } = release;
  const place = placeOf(release);
  const text = sayDiff(plan).join("\n");
  const versions =
    plan.from === "" || plan.from === plan.to ? plan.to : `${plan.from} -> ${plan.to}`;
  const which = status?.revision === undefined ? "The plan" : `Release ${status.revision}`;
  const isNothing = plan.changes.every(({ action }) => action === "unchanged");
  return {
    text: isNothing
      ? `${which} of ${place} changes nothing in the cluster.`
      : `${which} of ${place}: ${versions}.`,
    named: plan.risks.flatMap((risk) => risk.match(undoneBy) ?? []),
    lines: [
      ...plan.risks.map((risk) => `Known risk: ${risk}.`),
      ...plan.warnings.map((warning) => `Warning: ${warning}`),
      `Plan ${plan.number}, ${plan.digest.slice(0, 19)}. Values of variables and Secrets are never shown.`,
    ],
    snippet: { title: `${metadata.name}.diff`, text, keep: "first" },
  };
}

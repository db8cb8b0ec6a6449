import { z } from "zod";
import { DoccError } from "../errors.ts";
import type { Decision } from "../policy/decide.ts";
import { sayRequest } from "../release/history.ts";
import { isTerminal, phaseOf } from "../release/phases.ts";
import type { Release } from "../release/release.ts";
import type { Answer } from "./answer.ts";
import { type Command, defineCommand, type Request } from "./define.ts";
import {
  environmentArgument,
  environmentFor,
  notMentioned,
  reasonArgument,
} from "./environment.ts";
import { offering } from "./offer.ts";
import type { Ports } from "./ports.ts";

const release = offering(
  "release",
  notMentioned
    .toLowerCase()
    .regex(
      /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/,
      "is neither an application's name nor a release's: letters, digits and hyphens, a letter first",
    )
    .describe("the application, or the name of its release"),
);
const plan = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/, "takes the digest of a plan")
  .optional()
  .describe("the digest of the plan that was looked at; buttons give it");

const args = z.object({ release, plan, in: environmentArgument, reason: reasonArgument });
type Args = z.infer<typeof args>;

/** The three words that decide on a release differ in what they say and in what they can find. */
function deciding(
  verdict: Decision["verdict"],
  words: Pick<Command, "name" | "summary" | "examples"> & { readonly who: string },
): Command {
  return defineCommand({
    ...words,
    needs: "deploy",
    answers: "later",
    positional: ["release"],
    args,
    run: (given, request, ports) => run(verdict, given, request, ports),
  });
}

export const approve = deciding("approve", {
  name: "approve",
  summary: "Say yes to the plan of a release that waits for approval",
  who: "Who may approve by the plan's policy and by today's; who asked for the release does not, unless `approval.self` is true.",
  examples: ["approve kubecon-2017 in=production"],
});

export const reject = deciding("reject", {
  name: "reject",
  summary: "Say no to the plan of a release that waits for approval",
  who: "Who may approve it, the owners of the app (maintainers of what is live, and its team's) and operators.",
  examples: ['reject kubecon-2017 in=production reason="not before the keynote"'],
});

export const cancel = deciding("cancel", {
  name: "cancel",
  summary: "End a release before it is applied, or stop it and roll back",
  who: "Before it is applied: who asked for it, who may approve it, the owners of the app and operators. While it is applied or followed: the environment's `deployers`, the owners and operators.",
  examples: ["cancel kubecon-2017", 'cancel kubecon-2017 in=production reason="wrong tag"'],
});

async function run(
  verdict: Decision["verdict"],
  { release: wanted, plan: digest, in: wished, reason = "" }: Args,
  request: Request,
  ports: Ports,
): Promise<Answer> {
  const found = await target(verdict, wanted, wished, request, ports);
  const decided = await ports.decide(found.metadata.name, {
    verdict,
    by: request.requester,
    digest,
    reason,
  });
  const about = aboutOf(found, digest);
  if ("refused" in decided) {
    const { sentence, named, refused } = decided;
    return { text: sentence, lines: [sayAbout(found)], named, reason: refused, about };
  }
  const { phase, approvals = [], plan: made, stop } = decided.status;
  const place = placeOf(found, decided.status);
  if (stop !== undefined)
    return { text: `${place} is being stopped. Its thread tells the rest.`, about };
  if (phase === "awaiting-approval") {
    const count = `${approvals.length} of ${made?.policy.approvals ?? 1}`;
    return { text: `Your approval of ${place} counts: ${count}. Others are asked still.`, about };
  }
  return { text: `${done[verdict]} ${place}. Its thread tells the rest.`, about };
}

/** What a refusal is about: it may reach who pressed far from the message with the button. */
function sayAbout(release: Release): string {
  return `About ${placeOf(release)}: ${sayRequest(release)}.`;
}

function placeOf({ spec, status }: Release, now = status): string {
  return `${now?.app ?? spec.app ?? "the upload"} in ${spec.environment}`;
}

/** For the audit log: the release, and the plan that the person looked at. */
function aboutOf(
  { metadata, spec, status }: Release,
  looked: string | undefined,
): NonNullable<Answer["about"]> {
  const app = status?.app ?? spec.app;
  const digest = looked ?? status?.plan?.digest;
  return {
    ...(app === undefined ? {} : { app }),
    environment: spec.environment,
    release: metadata.name,
    ...(digest === undefined ? {} : { digest }),
  };
}

const done: Readonly<Record<Decision["verdict"], string>> = {
  approve: "Approved:",
  reject: "Rejected:",
  cancel: "Cancelled:",
};

/**
 * By the release's name, as the buttons have it: that needs no environment, and no app of that name comes before it.
 * Else the release of the app that the word can be about.
 */
async function target(
  verdict: Decision["verdict"],
  wanted: string,
  wished: string | undefined,
  request: Request,
  ports: Ports,
): Promise<Release> {
  const kept = ports.releases.kept(wanted);
  if (kept !== undefined) return kept;
  const environment = environmentFor(wished, request, ports).name;
  const isMeant = (each: Release): boolean =>
    verdict === "cancel" ? !isTerminal(phaseOf(each)) : phaseOf(each) === "awaiting-approval";
  const found = ports.releases.of(wanted, environment).filter(isMeant);
  const [only] = found;
  if (found.length > 1) {
    const names = found.map(({ metadata }) => metadata.name).join(", ");
    throw new DoccError("conflict", `Several releases of ${wanted} wait in ${environment}.`, {
      hint: `Name one of them: ${names}.`,
    });
  }
  const named = only ?? (await ports.releases.find(wanted));
  if (named !== undefined) return named;
  const state = verdict === "cancel" ? "is under way" : "waits for approval";
  throw new DoccError("not-found", `No release of ${wanted} ${state} in ${environment}.`, {
    hint: "Another environment is named with in=.",
  });
}

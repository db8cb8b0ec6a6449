import { z } from "zod";
import { DoccError } from "../errors.ts";
import { storedManifest } from "../manifest/canonical.ts";
import { releaseName } from "../release/names.ts";
import { tagOf } from "../release/plan.ts";
import type { ApplicationStatus } from "../release/release.ts";
import { rollbackRequest } from "../release/request.ts";
import {
  chooseEarlier,
  type Earlier,
  type NoReturn,
  succeededRevisions,
} from "../release/rollback.ts";
import { accept } from "./accept.ts";
import type { Answer } from "./answer.ts";
import { askerOf, defineCommand } from "./define.ts";
import {
  appArgument,
  environmentArgument,
  environmentFor,
  knownApplication,
  reasonArgument,
} from "./environment.ts";
import { offering } from "./offer.ts";

const wholeNumber = "takes the number of a revision";
/** A refusal names so many; `kubectl get releases` has all. */
const mostNamed = 5;

export const rollback = defineCommand({
  name: "rollback",
  summary: "Return an app to an earlier revision that succeeded, at today's scale",
  needs: "deploy",
  who: "Everybody may ask; it is planned and applied for the environment's `deployers`. Locks and freezes do not hold it up, and approvers are asked only where `approval.rollbacks` is true. A change of the maintainer or the team needs the same yes as in `deploy`.",
  answers: "ack",
  positional: ["app"],
  args: z.object({
    app: appArgument,
    to: offering("success", z.coerce.number(wholeNumber).int(wholeNumber).min(1, wholeNumber))
      .optional()
      .describe("the revision; without it the one that succeeded last before what runs now"),
    scale: z
      .string()
      .regex(/^\d{1,9}(\.\.\d{1,9})?$/, "takes a whole number, or a range such as 2..10")
      .optional()
      .describe("another scale than today's: 3, or 2..10"),
    in: environmentArgument,
    reason: reasonArgument,
  }),
  examples: [
    "rollback kubecon-2017",
    'rollback kubecon-2017 to=7 scale=5 in=production reason="2018 is slow"',
  ],
  run: async ({ app, to, scale, in: wished, reason }, request, ports) => {
    const environment = environmentFor(wished, request, ports).name;
    if (!ports.apps.ready) throw starting();
    const { status } = knownApplication(ports, app, environment);
    const releases = ports.releases.of(app, environment);
    const head = status ?? { nextRevision: 1, inventory: [] };
    const chosen = chooseEarlier(head, releases, {
      ...(to === undefined ? {} : { to }),
      rescales: scale !== undefined,
    });
    const place = `${app} in ${environment}`;
    if (typeof chosen === "string") {
      return sayNoReturn(chosen, { place, to: to ?? 0 }, succeededRevisions(releases));
    }
    const { release, revision, version } = chosen;
    const target = { release, revision, scale };
    const spec = rollbackRequest(app, { environment, reason }, target, askerOf(request));
    const name = releaseName(app, ports.hash(request.delivery));
    await accept(ports, name, spec);
    return {
      about: { app, environment, release: name },
      text: `Accepted: ${place} goes${sayFrom(head, version)} back to ${version}, revision ${revision}. Its thread tells the rest.`,
    };
  },
});

/** ` from 2018`: an old button may be pressed long after something newer was deployed. */
function sayFrom({ applied }: ApplicationStatus, to: string): string {
  const from = applied === undefined ? to : tagOf(storedManifest(applied.manifest));
  return from === to ? "" : ` from ${from}`;
}

function starting(): DoccError {
  return new DoccError("unavailable", "docc has just started and does not know the releases yet.", {
    hint: "Try again in a few seconds.",
  });
}

/** Why not, and where one can go instead, newest first. */
function sayNoReturn(
  why: NoReturn,
  { place, to }: { readonly place: string; readonly to: number },
  others: readonly Earlier[],
): Answer {
  const sentences: Readonly<Record<NoReturn, string>> = {
    "nothing-earlier": `There is no earlier revision of ${place} that succeeded and differs from what runs.`,
    "unknown-revision": `There is no revision ${to} of ${place}.`,
    "record-gone": `The record of revision ${to} of ${place} is not kept any more.`,
    "never-succeeded": `Revision ${to} of ${place} has not succeeded, so nobody knows whether it works.`,
    "was-deletion": `Revision ${to} of ${place} is its deletion.`,
    "runs-already": `Revision ${to} is what runs of ${place} already, and nothing failed since.`,
  };
  const elsewhere = others.filter(({ revision }) => revision !== to);
  const reason = ["unknown-revision", "record-gone"].includes(why) ? "not-found" : "conflict";
  return { text: sentences[why], ...choices(elsewhere), reason };
}

/** `It can return to: 3 (2017), 1 (2016).` */
function choices(others: readonly Earlier[]): Pick<Answer, "lines"> {
  if (others.length === 0) return {};
  const named = others
    .slice(0, mostNamed)
    .map(({ revision, version }) => (version === "" ? `${revision}` : `${revision} (${version})`));
  const more = others.length > mostNamed ? `, and ${others.length - mostNamed} older ones` : "";
  return { lines: [`These succeeded, and to= takes their number: ${named.join(", ")}${more}.`] };
}

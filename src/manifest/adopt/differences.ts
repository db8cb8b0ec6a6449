import { advise } from "../../text/advice.ts";
import { quoted } from "../../text/clean.ts";
import { findingCodes } from "../finding.ts";
import type { Platform } from "../platform.ts";
import { treeOf } from "../reading/tree.ts";
import { validate } from "../validate.ts";
import { at, isSame, type Json, type JsonObject, membersAt, textAt } from "./json.ts";
import { around, type Live } from "./live.ts";
import { isOfDocc, nameOf, type Remarks, type Subject } from "./remarks.ts";

const managedBy = "app.kubernetes.io/managed-by";

/** Says what will be otherwise when docc deploys the manifest beside the live objects. */
export function noteDifferences(
  live: Live,
  manifest: JsonObject,
  ours: readonly Json[],
  platform: Platform,
  to: Remarks,
): void {
  if (isOfDocc(live.deployment)) {
    const { value } = live.deployment;
    const app = nameOf(value) ?? "";
    const labels = ["metadata", "labels", "docc.dev/environment"];
    const environment = textAt(value, ...labels) ?? platform.environment;
    const shows = advise("show", { app, environment });
    to.note(`docc made this Deployment: "${shows}" gives its manifest as it was written.`);
  } else {
    noteIdentity(live, ours, to);
    noteManager(live.deployment, to);
  }
  const namespace = textAt(live.deployment.value, "metadata", "namespace");
  if (namespace !== undefined && namespace !== platform.namespace) {
    to.note(
      `The live objects are in the namespace ${quoted(namespace)}, and docc's environment is in ${quoted(platform.namespace)}.`,
    );
  }
  noteRefusals(manifest, platform, to);
}

/** docc refuses objects that it did not make, and a selector cannot be changed. */
function noteIdentity(live: Live, ours: readonly Json[], to: Remarks): void {
  const all = [live.deployment, ...around(live)];
  const inTheWay = all.filter(({ value }) => ours.some((each) => isNamedAlike(each, value)));
  const beside = all.filter((each) => !inTheWay.includes(each) && !isOfDocc(each));
  const docc = ours.find((each) => textAt(each, "kind") === "Deployment") ?? null;
  const selector = ["spec", "selector"];
  const isAdoptable = isSame(at(live.deployment.value, ...selector), at(docc, ...selector));
  if (!isAdoptable) {
    to.note(
      `The selector of ${live.deployment.title} is not docc's and can never be changed: docc makes a Deployment of its own, with new pods.`,
    );
  }
  if (inTheWay.length > 0) {
    const either = isAdoptable
      ? `has them taken over (/docc init from=deployment/NAME in=ENVIRONMENT in Slack)`
      : `deletes them before its first deploy`;
    to.note(
      `docc touches no objects that it did not make, and ${titles(inTheWay)} would be in its way: either somebody ${either}, or the application gets another name and the traffic moves over.`,
    );
  }
  if (beside.length > 0) {
    to.note(
      `docc makes objects of its own beside ${titles(beside)}: delete these when docc's serve.`,
    );
  }
}

function isNamedAlike(left: Json, right: Json): boolean {
  return textAt(left, "kind") === textAt(right, "kind") && nameOf(left) === nameOf(right);
}

function titles(subjects: readonly Subject[]): string {
  const all = subjects.map(({ title }) => title);
  const last = all.at(-1) ?? "";
  return all.length < 2 ? last : `${all.slice(0, -1).join(", ")} and ${last}`;
}

/** Marks that programs leave on what they will set back to what they know. */
const marks: readonly (readonly ["labels" | "annotations", RegExp, string])[] = [
  ["annotations", /^meta\.helm\.sh\//u, "Helm"],
  ["labels", /^helm\.toolkit\.fluxcd\.io\//u, "Flux"],
  ["labels", /^kustomize\.toolkit\.fluxcd\.io\//u, "Flux"],
  ["annotations", /^argocd\.argoproj\.io\//u, "Argo CD"],
  ["labels", /^argocd\.argoproj\.io\//u, "Argo CD"],
];

function noteManager(deployment: Subject, to: Remarks): void {
  const label = textAt(deployment.value, "metadata", "labels", managedBy);
  const marked = marks
    .filter(([where, mark]) =>
      membersAt(deployment.value, "metadata", where).some(([key]) => mark.test(key)),
    )
    .map(([, , name]) => name);
  const managers = new Set([...(label === undefined ? [] : [label]), ...marked]);
  for (const manager of managers) {
    to.note(
      `${quoted(manager)} manages ${deployment.title} now: take it out there first, or the two undo each other's work.`,
    );
  }
}

/** What the operator's limits refuse. */
function noteRefusals(manifest: JsonObject, platform: Platform, to: Remarks): void {
  const { problems } = validate(treeOf(manifest), platform);
  for (const { code, message, hint } of problems) {
    if (findingCodes[code].severity === "error") {
      to.note(`The manifest is refused as it is: ${message} ${hint}`.trimEnd());
    }
  }
}

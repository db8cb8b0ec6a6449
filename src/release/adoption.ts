import { canonicalJson } from "../manifest/canonical.ts";
import { at, type Json, listAt, membersAt, plain, textAt } from "../manifest/adopt/json.ts";
import type { KubernetesObject } from "../manifest/objects/objects.ts";
import { cap } from "../text/cap.ts";
import { oneLine } from "../text/clean.ts";
import { entriesOf } from "./managed-fields.ts";
import { instance, isForeign, type LiveObject, managedBy } from "./plan.ts";
import type { CauseCode, Plan, TakenObject } from "./release.ts";

/** Why docc cannot make an object its own, in words. */
export interface Obstacle {
  readonly code: Extract<CauseCode, "not-ours" | "owned-elsewhere" | "selector-differs">;
  /** Without a full stop, as a cause is. */
  readonly sentence: string;
  readonly next: string;
}

/** The objects that a plan takes over: those very ones, by their uid. */
export function takesOf({ changes }: Pick<Plan, "changes">): readonly TakenObject[] {
  return changes.flatMap(({ action, kind, name, uid }) =>
    action === "prune" || uid === undefined ? [] : [{ kind, name, uid }],
  );
}

/** An object that docc did not make for this app, and that it may not take over either. */
export function isBarred(
  live: LiveObject | undefined,
  app: string,
  takes: readonly TakenObject[],
): boolean {
  if (live === undefined || !isForeign(live, app)) return false;
  const { labels, name, uid } = live.metadata;
  // What docc made for another app is never taken by this way.
  if (labels?.[managedBy] === "docc") return true;
  return !takes.some((each) => each.kind === live.kind && each.name === name && each.uid === uid);
}

/**
 * What of docc's objects for an app is there already and is not docc's.
 * @param live everything that may be meant, as JSON
 */
export function strangersAmong(
  wanted: readonly KubernetesObject[],
  live: readonly unknown[],
): readonly { readonly desired: KubernetesObject; readonly live: Json }[] {
  const all = live.map((each) => plain(each));
  return wanted.flatMap((desired) => {
    const { kind, metadata } = desired;
    const found = all.find(
      (each) => textAt(each, "kind") === kind && textAt(each, "metadata", "name") === metadata.name,
    );
    const app = desired.metadata.labels[instance];
    const isOurs = label(found, managedBy) === "docc" && label(found, instance) === app;
    return found === undefined || isOurs ? [] : [{ desired, live: found }];
  });
}

/** What stands against a take-over; pure, and total for whatever the object holds. */
export function obstacleTo(live: unknown, desired: KubernetesObject): Obstacle | undefined {
  const object = plain(live);
  const what = `${desired.kind} ${desired.metadata.name}`;
  if (label(object, managedBy) === "docc") {
    const sentence = `${what} is docc's already, for ${said(label(object, instance))}`;
    return { code: "not-ours", sentence, next: "choose another name" };
  }
  const keeper = keeperOf(object);
  if (keeper !== undefined) {
    const sentence = `${keeper} keeps ${what} as it is, and would undo what docc does to it`;
    return { code: "owned-elsewhere", sentence, next: `take it away from ${keeper} first` };
  }
  if (desired.kind !== "Deployment" || hasSelectorOf(object, desired)) return undefined;
  return {
    code: "selector-differs",
    sentence: `${what} finds its pods by ${selectorOf(object)}, docc would by ${selectorOf(plain(desired))}, and Kubernetes lets nobody change that`,
    next: "deploy it beside the old one under a new name, lead its callers there, then delete the old one",
  };
}

/** Whose machinery puts an object back when somebody else changes it. */
function keeperOf(object: Json): string | undefined {
  const controller = listAt(object, "metadata", "ownerReferences").find(
    (each) => at(each, "controller") === true,
  );
  if (controller !== undefined) {
    return `${said(textAt(controller, "kind"))} ${said(textAt(controller, "name"))}`;
  }
  const marks = [...membersAt(object, "metadata", "labels"), ...annotationsOf(object)];
  const has = (pattern: RegExp): boolean => marks.some(([key]) => pattern.test(key));
  // argo-cd: docs/user-guide/resource_tracking.md; Flux marks what its controllers apply with their own labels.
  if (has(/^argocd\.argoproj\.io\/(tracking-id|instance)$/u)) return "Argo CD";
  return has(/^(kustomize|helm)\.toolkit\.fluxcd\.io\/name$/u) ? "Flux" : undefined;
}

function hasSelectorOf(object: Json, { spec }: KubernetesObject): boolean {
  const wanted = at(plain(spec), "selector");
  return canonicalJson(at(object, "spec", "selector")) === canonicalJson(wanted);
}

function selectorOf(object: Json): string {
  const labels = membersAt(object, "spec", "selector", "matchLabels");
  const words = labels
    .map(([key, value]) => `${key}=${typeof value === "string" ? value : "?"}`)
    .toSorted();
  const more = listAt(object, "spec", "selector", "matchExpressions").length > 0;
  return cap(oneLine([...words, ...(more ? ["expressions"] : [])].join(" and ")), 200);
}

/** Helm changes nothing by itself, but whoever runs it again undoes a take-over. */
export function helmOf(live: unknown): string | undefined {
  const object = plain(live);
  const release = annotationsOf(object).find(([key]) => key === "meta.helm.sh/release-name")?.[1];
  if (typeof release === "string") return said(release);
  return label(object, managedBy) === "Helm" ? said(label(object, instance)) : undefined;
}

export function sayHelm(what: string, release: string): string {
  return `Helm made ${what} for its release ${release}: helm upgrade or helm uninstall of that would undo the take-over`;
}

/** `takes over Deployment web from kubectl-create`, of every object that is not docc's yet. */
export function takeoversOf(
  targets: readonly { readonly live: LiveObject | undefined }[],
  app: string,
): readonly string[] {
  return targets.flatMap(({ live }) => {
    if (live === undefined || !isForeign(live, app)) return [];
    const what = `${live.kind} ${live.metadata.name}`;
    const helm = helmOf(live);
    return [
      `takes over ${what} from ${managersOf(live)}`,
      ...(helm === undefined ? [] : [sayHelm(what, helm)]),
    ];
  });
}

/** Who wrote it, but for the cluster's own machinery, which writes what is observed. */
function managersOf(live: LiveObject): string {
  const names = entriesOf(live)
    .filter(({ subresource, manager }) => subresource === "" && manager !== "docc")
    .map(({ manager }) => said(manager));
  const known = [...new Set(names)].toSorted();
  return known.length === 0 ? "whoever made it" : known.join(", ");
}

function label(object: Json | undefined, key: string): string | undefined {
  return object === undefined ? undefined : textAt(object, "metadata", "labels", key);
}

function annotationsOf(object: Json): readonly (readonly [string, Json])[] {
  return membersAt(object, "metadata", "annotations");
}

function said(text = ""): string {
  return cap(oneLine(text), 80) || "somebody";
}

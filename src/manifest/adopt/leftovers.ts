import { quoted } from "../../text/clean.ts";
import { ingressName } from "../objects/names.ts";
import type { Platform } from "../platform.ts";
import type { Path } from "../problem.ts";
import { leaveCertificates } from "./certificates.ts";
import { containerFields, deploymentFields } from "./deployment-fields.ts";
import type { Taken } from "./exposure.ts";
import { type Field, leaveRest } from "./fields.ts";
import { defaultPullPolicy } from "./image.ts";
import { passThroughOf } from "./ingress.ts";
import { at, isEmpty, type Json, listAt, textAt } from "./json.ts";
import type { Live } from "./live.ts";
import { leaveMetadata } from "./metadata.ts";
import {
  autoscalerFields,
  disruptionBudgetFields,
  httpRouteFields,
  ingressFields,
  listenerSetFields,
  tlsRouteFields,
} from "./other-fields.ts";
import { teamLabel } from "./owner.ts";
import { type Part, podPath } from "./part.ts";
import { nameOf, type Remarks, type Subject } from "./remarks.ts";
import { leaveListeners } from "./routes.ts";
import { leaveServices } from "./services.ts";
import { leaveVolumes } from "./volumes.ts";

/** What was read out of the live objects, and what docc makes of it. */
export interface Outcome {
  readonly application: string;
  readonly parts: readonly Part[];
  readonly ingresses: readonly Taken[];
  /** docc's objects. */
  readonly ours: readonly Json[];
  readonly platform: Platform;
}

/** Lists what of each object the manifest does not say. */
export function leaveEverythingElse(live: Live, outcome: Outcome, to: Remarks): void {
  const { application, parts, ingresses, ours } = outcome;
  leaveDeployment(live.deployment, outcome, to);
  leaveServices(live.services, parts, oursOf(ours, "Service"), to);
  for (const subject of live.ingresses) {
    leaveIngress(subject, outcome, to);
  }
  for (const subject of [...live.routes, ...live.listenerSets]) {
    leaveRoute(subject, outcome, to);
  }
  leaveAutoscalers(live.autoscalers, oursOf(ours, "HorizontalPodAutoscaler"), to);
  leaveDisruptionBudgets(live.disruptionBudgets, oursOf(ours, "PodDisruptionBudget"), to);
  const certificates = ours.filter((each) => textAt(each, "kind") === "Certificate");
  leaveCertificates(live.certificates, ingresses, application, certificates, to);
}

/** docc's object of a kind, by name where there are several; null where it makes none. */
function oursOf(ours: readonly Json[], kind: string, name?: string): Json {
  const found = ours.find(
    (each) => textAt(each, "kind") === kind && (name === undefined || nameOf(each) === name),
  );
  return found ?? null;
}

function leaveDeployment(subject: Subject, outcome: Outcome, to: Remarks): void {
  const { parts, ours, platform } = outcome;
  const docc = oursOf(ours, "Deployment");
  const label = teamLabel(subject);
  const said = new Set(label === undefined ? [] : [label]);
  leaveRest(subject, deploymentFields, docc, to);
  const template = ["spec", "template", "metadata"];
  for (const path of [["metadata"], template]) {
    leaveMetadata(subject, path, { ours: at(docc, ...path), said }, to);
  }
  for (const part of parts) {
    const name = part.name;
    const ofDocc = listAt(docc, ...podPath, "containers").find(
      (each) => textAt(each, "name") === name,
    );
    leaveRest(subject, containerFields, ofDocc ?? null, to, part.path);
    leavePullPolicy(part, to);
  }
  leaveItems(subject, [...podPath, "initContainers"], to, (each) => {
    const name = quoted(textAt(each, "name") ?? "");
    return `docc runs nothing before the containers: ${name} is left out.`;
  });
  const pullSecrets = platform.pullSecrets ?? [];
  leaveItems(subject, [...podPath, "imagePullSecrets"], to, (each) =>
    pullSecrets.includes(textAt(each, "name") ?? "")
      ? undefined
      : "Secrets to pull images with are the operator's to give.",
  );
  leaveVolumes(subject, parts, at(docc, ...podPath), to);
}

function leaveItems(
  subject: Subject,
  path: Path,
  to: Remarks,
  whyOf: (item: Json) => string | undefined,
): void {
  listAt(subject.value, ...path).forEach((item, index) => {
    const why = isEmpty(item) ? undefined : whyOf(item);
    if (why !== undefined) {
      to.leaveWhole(subject, [...path, index], why);
    }
  });
}

function leavePullPolicy({ subject, path, value }: Part, to: Remarks): void {
  const policy = textAt(value, "imagePullPolicy") ?? "";
  if (policy !== "" && policy !== defaultPullPolicy(textAt(value, "image") ?? "")) {
    const why = "When images are pulled follows from the tag, as Kubernetes has it.";
    to.leave(subject, [...path, "imagePullPolicy"], why);
  }
}

function leaveIngress(subject: Subject, outcome: Outcome, to: Remarks): void {
  const { application, ingresses, ours, platform } = outcome;
  const taken = ingresses.filter((each) => each.subject === subject);
  const docc = oursOf(ours, "Ingress", ingressName(application, taken[0]?.key ?? ""));
  // The class is the platform's also where docc makes no Ingress of it.
  const classed = docc ?? { spec: { ingressClassName: platform.ingress.className } };
  leaveRest(subject, ingressFields, classed, to);
  const annotation = (key: string): string | undefined =>
    textAt(subject.value, "metadata", "annotations", key);
  const said = [passThroughOf(subject)];
  // What these ask cert-manager for, docc asks for by a Certificate of its own.
  const { kind, name } = platform.issuer;
  const ofIssuer = kind === "ClusterIssuer" ? "cluster-issuer" : "issuer";
  const isIssued = taken.some((each) => each.isIssued);
  if (isIssued && annotation(`cert-manager.io/${ofIssuer}`) === name) {
    said.push(`cert-manager.io/${ofIssuer}`);
  }
  if (annotation("kubernetes.io/ingress.class") === platform.ingress.className) {
    said.push("kubernetes.io/ingress.class");
  }
  const known = new Set(said.flatMap((each) => each ?? []));
  leaveMetadata(subject, ["metadata"], { ours: at(docc, "metadata"), said: known }, to);
}

const routeFields: Readonly<Record<string, Field>> = {
  HTTPRoute: httpRouteFields,
  TLSRoute: tlsRouteFields,
  ListenerSet: listenerSetFields,
};

function leaveRoute(
  subject: Subject,
  { application, ingresses, ours }: Outcome,
  to: Remarks,
): void {
  const kind = textAt(subject.value, "kind") ?? "";
  const taken = ingresses.find((each) => each.subject === subject);
  const name = taken === undefined ? nameOf(subject.value) : ingressName(application, taken.key);
  const docc = oursOf(ours, kind, name);
  leaveRest(subject, routeFields[kind] ?? {}, docc, to);
  if (kind === "ListenerSet") {
    const hosts = new Set(ingresses.flatMap((each) => each.hosts));
    const secrets = new Set(ingresses.flatMap((each) => each.secretBefore ?? []));
    leaveListeners(subject, hosts, secrets, to);
  }
  leaveMetadata(subject, ["metadata"], { ours: at(docc, "metadata") }, to);
}

function leaveAutoscalers(subjects: readonly Subject[], docc: Json, to: Remarks): void {
  const [first, ...others] = subjects;
  if (first !== undefined) {
    leaveRest(first, autoscalerFields, docc, to);
    leaveMetadata(first, ["metadata"], { ours: at(docc, "metadata") }, to);
  }
  for (const other of others) {
    to.leaveWhole(other, [], "docc makes one autoscaler for an application.");
  }
}

function leaveDisruptionBudgets(subjects: readonly Subject[], docc: Json, to: Remarks): void {
  const [first, ...others] = subjects;
  if (first !== undefined && docc === null) {
    to.leaveWhole(first, [], "docc makes a PodDisruptionBudget where there can be two copies.");
  } else if (first !== undefined) {
    leaveRest(first, disruptionBudgetFields, docc, to);
    leaveMetadata(first, ["metadata"], { ours: at(docc, "metadata") }, to);
  }
  for (const other of others) {
    to.leaveWhole(other, [], "docc makes one PodDisruptionBudget for an application.");
  }
}

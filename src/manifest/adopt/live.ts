import type { Platform } from "../platform.ts";
import { certificatesBySecret } from "./certificates.ts";
import type { Backends, Taken } from "./exposure.ts";
import { exposuresOfIngress } from "./ingress.ts";
import { ingressesOf } from "./ingresses.ts";
import { type Json, textAt } from "./json.ts";
import type { Part } from "./part.ts";
import type { Port } from "./ports.ts";
import { type Remarks, type Subject, subjectOf } from "./remarks.ts";
import { exposuresOfRoute } from "./routes.ts";
import { behind, type ServicePort } from "./services.ts";
import { mountedCertificates } from "./volumes.ts";

/** The objects of a live application. */
export interface Live {
  readonly deployment: Subject;
  readonly services: readonly Subject[];
  readonly ingresses: readonly Subject[];
  /** HTTPRoutes and TLSRoutes. */
  readonly routes: readonly Subject[];
  readonly listenerSets: readonly Subject[];
  readonly autoscalers: readonly Subject[];
  readonly disruptionBudgets: readonly Subject[];
  readonly certificates: readonly Subject[];
}

/** All objects but the Deployment. */
export function around(live: Live): readonly Subject[] {
  const { services, ingresses, routes, listenerSets } = live;
  const { autoscalers, disruptionBudgets, certificates } = live;
  return [
    ...services,
    ...ingresses,
    ...routes,
    ...listenerSets,
    ...autoscalers,
    ...disruptionBudgets,
    ...certificates,
  ];
}

/** The objects by kind; what docc makes nothing like of is listed. */
export function liveOf(deployment: Json, others: readonly Json[], to: Remarks): Live {
  const subjects = others.map(subjectOf);
  const ofKind = (...kinds: readonly string[]): readonly Subject[] =>
    subjects.filter(({ value }) => kinds.includes(textAt(value, "kind") ?? ""));
  const live = {
    deployment: subjectOf(deployment),
    services: ofKind("Service"),
    ingresses: ofKind("Ingress"),
    routes: ofKind("HTTPRoute", "TLSRoute"),
    listenerSets: ofKind("ListenerSet"),
    autoscalers: ofKind("HorizontalPodAutoscaler"),
    disruptionBudgets: ofKind("PodDisruptionBudget"),
    certificates: ofKind("Certificate"),
  };
  if (textAt(deployment, "kind") !== "Deployment") {
    to.leave(live.deployment, [], "docc makes Deployments, and this is something else.");
  }
  const known = around(live);
  for (const subject of subjects.filter((each) => !known.includes(each))) {
    to.leaveWhole(subject, [], "docc makes no object of this kind.");
  }
  return live;
}

/** What leads from outside to containers, and what docc decides about it. */
interface Inside {
  readonly application: string;
  readonly platform: Platform;
  readonly parts: readonly Part[];
  readonly ports: readonly Port[];
  readonly services: readonly ServicePort[];
}

/** The ingresses of the manifest. */
export function takenIngresses(live: Live, inside: Inside, to: Remarks): readonly Taken[] {
  const { application, platform, parts, ports, services } = inside;
  const backends: Backends = {
    portOf: (service, given) => {
      const port = behind(services, service, given);
      const isListed = ports.some(({ number, protocol }) => number === port && protocol === "TCP");
      return isListed ? port : undefined;
    },
  };
  const exposures = [
    ...live.ingresses.flatMap((each) => exposuresOfIngress(each, backends, to)),
    ...live.routes.flatMap((each) => exposuresOfRoute(each, live.listenerSets, backends, to)),
  ];
  const certificates = certificatesBySecret(live.certificates);
  const mounted = mountedCertificates(parts);
  return ingressesOf(exposures, { application, platform, certificates, mounted }, to);
}

import { quoted } from "../../text/clean.ts";
import { madeName } from "../made-name.ts";
import type { Platform } from "../platform.ts";
import { manifestSchema } from "../schema/manifest.ts";
import { translate } from "../translate.ts";
import { containerField, partsOf } from "./containers.ts";
import { noteDifferences } from "./differences.ts";
import type { Taken } from "./exposure.ts";
import { fits } from "./fits.ts";
import { imageFields } from "./image.ts";
import { type Json, type JsonObject, objectOf, plain } from "./json.ts";
import { leaveEverythingElse } from "./leftovers.ts";
import { type Live, liveOf, takenIngresses } from "./live.ts";
import { maintainerField, teamField, timeoutField } from "./owner.ts";
import { podPath } from "./part.ts";
import { portsOf } from "./ports.ts";
import { nameOf, type NotExpressed, Remarks } from "./remarks.ts";
import { scaleField } from "./scale.ts";
import { inOrder, servicePorts } from "./services.ts";

/** What becomes of a live application as a manifest. */
export interface Adoption {
  /** A manifest as JSON data. The schema takes it, and so do the rules but for the operator's limits. */
  readonly manifest: JsonObject;
  /** What of the live objects the manifest does not say. */
  readonly notExpressed: readonly NotExpressed[];
  /** What will be otherwise under docc, a sentence each. */
  readonly notes: readonly string[];
}

export interface AdoptOptions {
  /** Where the manifest will be translated. */
  readonly platform: Platform;
  /** Who will own the application; it stands nowhere in the cluster. */
  readonly maintainer?: string;
}

const LONGEST_APPLICATION = 50;

/**
 * Writes the manifest of an application that runs without docc. Pure, and total for whatever the objects
 * hold: what a manifest cannot say is listed, and so is everything that is not known, but for what
 * Kubernetes takes by itself and what docc makes as well.
 *
 * @param deployment a live Deployment, as JSON
 * @param others what belongs to it, see {@link belongings}, as JSON
 */
export function adopt(
  deployment: unknown,
  others: readonly unknown[],
  { platform, maintainer }: AdoptOptions,
): Adoption {
  const to = new Remarks();
  const given = liveOf(
    plain(deployment),
    others.map((each) => plain(each)),
    to,
  );
  const application = applicationField(given, to);
  const live = { ...given, services: inOrder(given.services, application) };
  const parts = partsOf(live.deployment, to);
  const services = servicePorts(live.services, parts);
  const ports = portsOf(parts, services, to);
  const inside = { application, platform, parts, ports, services };
  const ingresses = takenIngresses(live, inside, to);
  const containers = Object.fromEntries(
    parts.map((part) => [part.name, containerField(part, ports, platform, to)] as const),
  );
  const manifest = objectOf({
    application,
    maintainer: maintainerField(live.deployment, maintainer, to),
    team: teamField(live.deployment, to),
    scale: scaleField(live, containers, platform, to),
    containers: parts.length === 0 ? placeholder(live, to) : containers,
    ingresses: ingressesField(ingresses),
    auto_tls: ingresses.some(({ isIssued }) => isIssued) ? true : undefined,
    deploy: timeoutField(live.deployment, platform, to),
  });
  const ours = translated(manifest, platform);
  leaveEverythingElse(live, { application, parts, ingresses, ours, platform }, to);
  noteDifferences(live, manifest, ours, platform, to);
  return { manifest, notExpressed: to.notExpressed, notes: to.notes };
}

function applicationField({ deployment }: Live, to: Remarks): string {
  const name = nameOf(deployment.value) ?? "";
  if (fits(["application"], name)) {
    return name;
  }
  const made = madeName(name, LONGEST_APPLICATION, "app");
  const why = `${quoted(name)} cannot name an application: it becomes ${quoted(made)}.`;
  to.leave(deployment, ["metadata", "name"], why);
  return made;
}

/** A manifest has a container; a Deployment without one is none that runs. */
function placeholder({ deployment }: Live, to: Remarks): JsonObject {
  const path = [...podPath, "containers"];
  return { app: imageFields("", deployment, path, to) };
}

function ingressesField(taken: readonly Taken[]): JsonObject | undefined {
  return taken.length === 0
    ? undefined
    : Object.fromEntries(taken.map(({ key, field }) => [key, field]));
}

/** docc's objects for the manifest, as JSON. */
function translated(manifest: JsonObject, platform: Platform): readonly Json[] {
  const parsed = manifestSchema.safeParse(manifest);
  if (!parsed.success) {
    return [];
  }
  const { $schema: _forEditors, ...checked } = parsed.data;
  return translate(checked, platform).map((each) => plain(each));
}

export { belongings } from "./belongings.ts";

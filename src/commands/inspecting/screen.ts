import { readManifest } from "../../manifest/canonical.ts";
import { inEnvironment } from "../../manifest/environment.ts";
import { exposuresOf } from "../../manifest/objects/exposure.ts";
import type { Manifest } from "../../manifest/schema/manifest.ts";
import { atName, slackIds } from "../../release/people.ts";
import { phaseOf } from "../../release/phases.ts";
import { tagOf } from "../../release/plan.ts";
import type { ApplicationStatus, Release } from "../../release/release.ts";
import { sayMinute } from "../../text/minute.ts";
import type { Answer } from "../answer.ts";
import { linksOf, own } from "../links.ts";
import type { EnvironmentPort } from "../ports.ts";
import type { Inspection, Part } from "./inspection.ts";
import {
  autoscalerLines,
  certificateLines,
  doorLines,
  eventLines,
  imageLines,
  usageLines,
} from "./lines.ts";
import { podTable } from "./pods.ts";
import { ofPart } from "./silence.ts";
import { sayMoment } from "./verdict.ts";

/** Everything that the screen about one app is made of. */
export interface Facts {
  readonly app: string;
  readonly environment: Pick<EnvironmentPort, "name" | "platform" | "links">;
  readonly head: ApplicationStatus | undefined;
  /** What was applied last, where it is kept. */
  readonly release: Release | undefined;
  /** Of what was applied last, where it can be read. */
  readonly manifest: Manifest | undefined;
  readonly inspection: Inspection;
  /** Milliseconds since the Unix epoch, by docc's clock. */
  readonly now: number;
}

/** Buttons cannot be cut to fit a message, so neither many nor long ones. */
const mostLinks = 5;
const longestLink = 300;
const mostOwners = 5;
const slackId = /^[UWS][A-Z0-9]{6,20}$/u;

/** One screen about one app, pure: what the cluster did not answer spoils its own line alone. */
export function screen(facts: Facts): Answer {
  const { app, environment, inspection, manifest, now, release } = facts;
  const { observation } = inspection;
  const before = beforeOf(facts);
  const said = sayMoment(`${app} in ${environment.name}`, observation, { release, before, now });
  const template =
    "value" in observation ? observation.value.deployment?.spec?.template : undefined;
  const pods = "value" in inspection.pods ? podTable(app, inspection.pods.value, now) : {};
  const owners = manifest?.maintainer ?? [];
  return {
    text: said.text,
    lines: [
      ...said.lines,
      ...ofPart("Pods", inspection.pods, () => pods.lines ?? []),
      ...revisionLines(facts),
      ...ofPart("Images", observation, () => imageLines(template)),
      ...doorsOf(facts),
      ...ofPart("Certificates", inspection.certificates, (terms) => certificateLines(terms, now)),
      ...ofPart("Autoscaler", inspection.autoscaler, autoscalerLines),
      ...ofPart("Use", inspection.usage, (usage) => usageLines(usage, template)),
      ...ofPart("Events", inspection.events, (events) => eventLines(events, app, environment.name)),
      ...ownerLines(owners, manifest?.team),
    ],
    ...(pods.table === undefined ? {} : { table: pods.table }),
    ...buttonsOf(facts, before),
    ...namedIn(release, owners),
  };
}

/** The tag that users may still be on; empty for a first deploy. */
function beforeOf({ head, release }: Facts): string {
  if (release?.status?.plan !== undefined) return release.status.plan.from;
  const current = readManifest(head?.current?.manifest ?? "");
  return current === undefined ? "" : tagOf(current);
}

/** Which release made what runs, and which one is about to. */
function revisionLines({ head, manifest, release }: Facts): readonly string[] {
  const { applied, current, inFlight } = head ?? {};
  const tag = manifest === undefined ? "" : ` (${tagOf(manifest)})`;
  const sound = applied?.release === current?.release || current === undefined;
  return [
    `Revision ${applied?.revision ?? 0}${tag}, ${sayRelease(release)}.`,
    ...(sound ? [] : [`Revision ${current?.revision} succeeded last.`]),
    ...(inFlight === undefined || inFlight === release?.metadata.name
      ? []
      : [`In flight: ${inFlight}.`]),
  ];
}

/** `released 2017-12-06 09:00 UTC by @U0123: succeeded` */
function sayRelease(release: Release | undefined): string {
  if (release === undefined) return "whose release is not kept any more";
  const { metadata, spec, status } = release;
  const applied = status?.transitions.find(({ phase }) => phase === "applying")?.at;
  const at = sayMinute(applied ?? metadata.creationTimestamp);
  return `released ${at} UTC by ${atName(spec.requester)}: ${phaseOf(release)}`;
}

function doorsOf({ inspection, manifest, environment: { platform } }: Facts): readonly string[] {
  if (manifest === undefined) return [];
  const doors = exposuresOf(inEnvironment(manifest, platform.environment), platform);
  if (doors.length === 0) return [];
  // Behind a gateway there are routes and no Ingresses.
  const live: Part<readonly string[]> | undefined =
    platform.gateway === undefined ? inspection.ingresses : undefined;
  if (live === undefined || "value" in live) return doorLines(doors, live?.value);
  return [...doorLines(doors, undefined), ...ofPart("Whether they are there", live, () => [])];
}

function ownerLines(owners: readonly string[], team: string | undefined): readonly string[] {
  const names = owners
    .slice(0, mostOwners)
    .map((owner) => (slackId.test(owner) ? `@${owner}` : owner))
    .join(", ");
  const more = owners.length > mostOwners ? ` and ${owners.length - mostOwners} more` : "";
  const of = team === undefined ? "" : `, team ${team}`;
  return names === "" ? [] : [`Owner: ${names}${more}${of}.`];
}

/** One of the app's own addresses, which its lines say as well, then what the manifest and the operator name. */
function buttonsOf({ app, environment, manifest }: Facts, before: string): Pick<Answer, "links"> {
  // Nothing can be compared with nothing.
  const from = before === "" ? {} : { from: before };
  const short = linksOf({ app, manifest, environment, ...from }).filter(
    ({ url }) => url.length <= longestLink,
  );
  const first = short.find(({ name }) => name === own);
  const links = short
    .filter((link) => link.name !== own || link === first)
    .slice(0, mostLinks)
    .map(({ name, url }) => ({ text: name, url }));
  return links.length === 0 ? {} : { links };
}

function namedIn(release: Release | undefined, owners: readonly string[]): Pick<Answer, "named"> {
  const ids = [
    ...slackIds(release === undefined ? [] : [release.spec.requester]),
    ...owners.slice(0, mostOwners).filter((owner) => slackId.test(owner)),
  ];
  return ids.length === 0 ? {} : { named: [...new Set(ids)] };
}

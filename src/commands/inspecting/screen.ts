import { readManifest } from "../../manifest/canonical.ts";
import { inEnvironment } from "../../manifest/environment.ts";
import { filledLink } from "../../manifest/links.ts";
import { exposuresOf } from "../../manifest/objects/exposure.ts";
import type { Platform } from "../../manifest/platform.ts";
import type { Manifest } from "../../manifest/schema/manifest.ts";
import { urlsOf } from "../../manifest/urls.ts";
import { atName, slackIds } from "../../release/people.ts";
import { phaseOf } from "../../release/phases.ts";
import { tagOf } from "../../release/plan.ts";
import type { ApplicationStatus, Release } from "../../release/release.ts";
import { sayMinute } from "../../text/minute.ts";
import type { Answer } from "../answer.ts";
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
  readonly environment: string;
  readonly platform: Platform;
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
  const { app, environment, inspection, manifest, now, platform, release } = facts;
  const { observation } = inspection;
  const before = beforeOf(facts);
  const said = sayMoment(`${app} in ${environment}`, observation, { release, before, now });
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
      ...ofPart("Events", inspection.events, (events) => eventLines(events, app)),
      ...ownerLines(owners, manifest?.team),
    ],
    ...(pods.table === undefined ? {} : { table: pods.table }),
    ...linksOf(facts, manifest === undefined ? [] : urlsOf(manifest, platform)),
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

function doorsOf({ inspection, manifest, platform }: Facts): readonly string[] {
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

/** The app itself, then what its manifest names. */
function linksOf(facts: Facts, urls: readonly string[]): Pick<Answer, "links"> {
  const { app, manifest } = facts;
  const to = manifest === undefined ? "" : tagOf(manifest);
  const from = beforeOf(facts);
  const filled = Object.entries(manifest?.links ?? {})
    // Nothing can be compared with nothing.
    .filter(([, link]) => from !== "" || !link.includes("{from}"))
    .map(([name, link]) => ({ name, url: filledLink(link, { app, from, to }) }));
  const links = [{ name: "Open", url: urls[0] }, ...filled].flatMap(({ name, url }) =>
    url === undefined || url.length > longestLink ? [] : [{ name, url }],
  );
  return links.length === 0 ? {} : { links: links.slice(0, mostLinks) };
}

function namedIn(release: Release | undefined, owners: readonly string[]): Pick<Answer, "named"> {
  const ids = [
    ...slackIds(release === undefined ? [] : [release.spec.requester]),
    ...owners.slice(0, mostOwners).filter((owner) => slackId.test(owner)),
  ];
  return ids.length === 0 ? {} : { named: [...new Set(ids)] };
}

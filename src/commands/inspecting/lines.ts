import type { Deployment } from "../../k8s/kinds.ts";
import { amountOf } from "../../manifest/adopt/quantity.ts";
import type { Exposure } from "../../manifest/objects/exposure.ts";
import { advise } from "../../text/advice.ts";
import { cap } from "../../text/cap.ts";
import { oneLine } from "../../text/clean.ts";
import { sayAge } from "../../text/duration.ts";
import { sayMinute } from "../../text/minute.ts";
import { sayGroup } from "../events.ts";
import type { EventGroup } from "../ports.ts";
import type { AutoscalerState, CertificateTerm, MetricState, Usage } from "./inspection.ts";

/** Of each kind of line an answer shows so many, and says how many more there are. */
const most = 5;
const groups = 3;
const shortDigest = 12;
const longestUrls = 300;
const day = 86_400_000;
/** cert-manager renews long before: a certificate this near to its end is one that it could not renew. */
const soonDays = 14;

type Template = NonNullable<Deployment["spec"]>["template"];

/** `Image of kubecon: registry.example.com/kubecon:2017@sha256:0123456789ab` */
export function imageLines(template: Template | undefined): readonly string[] {
  const containers = template?.spec?.containers ?? [];
  return few(
    containers.map(({ name, image = "" }) => `Image of ${word(name)}: ${sayImage(image)}`),
    "images",
  );
}

/** Its end tells more than its beginning: the tag, and as much of a digest as people compare. */
function sayImage(image: string): string {
  const [name = "", digest] = oneLine(image).split("@sha256:");
  const short = digest === undefined ? "" : `@sha256:${cap(digest, shortDigest + 1)}`;
  return `${name.length > 200 ? `…${name.slice(-199).toWellFormed()}` : name}${short}`;
}

/**
 * Where people reach it, and what is not there any more.
 * @param live names of the Ingresses; undefined where they do not tell whether a door is open
 */
export function doorLines(
  doors: readonly Exposure[],
  live: readonly string[] | undefined,
): readonly string[] {
  const lines = doors.map(({ hosts, name, path, scheme }) => {
    const urls = hosts.slice(0, 2).map((host) => urlOf(scheme, host, path));
    const more = hosts.length > urls.length ? ` and ${hosts.length - urls.length} more` : "";
    const gone = live === undefined || live.includes(name) ? "" : "; the Ingress is gone";
    return `Ingress ${name}: ${cap(urls.join(", "), longestUrls)}${more}${gone}`;
  });
  return few(lines, "ingresses");
}

function urlOf(scheme: Exposure["scheme"], host: string, path: string): string {
  return `${scheme === "http" ? "http" : "https"}://${host}${path === "/" ? "" : cap(path, 100)}`;
}

/** Those that end first, first. */
export function certificateLines(
  terms: readonly CertificateTerm[],
  now: number,
): readonly string[] {
  const end = ({ notAfter = "" }: CertificateTerm): string => notAfter;
  const sorted = terms.toSorted((a, b) => end(a).localeCompare(end(b)));
  return few(
    sorted.map((term) => sayTerm(term, now)),
    "certificates",
  );
}

function sayTerm({ name, notAfter = "" }: CertificateTerm, now: number): string {
  const what = word(name);
  const end = Date.parse(notAfter);
  if (Number.isNaN(end)) return `Certificate ${what}: nothing is issued yet.`;
  const at = `${sayMinute(new Date(end).toISOString())} UTC`;
  if (end <= now) return `Warning: certificate ${what} expired at ${at}, ${sayAge(now - end)} ago.`;
  const days = Math.floor((end - now) / day);
  const left = days === 0 ? "today" : `in ${days} ${days === 1 ? "day" : "days"}`;
  return days < soonDays
    ? `Warning: certificate ${what} expires ${left}, at ${at}, and is not renewed yet.`
    : `Certificate ${what} expires ${left}, at ${at}.`;
}

/**
 * `Autoscaler: 3 now, 4 wanted, of 2 to 10; cpu 81%, aims at 70%.` docc's want one at least: none stands there while
 * nothing is reckoned.
 */
export function autoscalerLines(state: AutoscalerState | undefined): readonly string[] {
  if (state === undefined) return [];
  const { current, desired, max, metrics, min, trouble } = state;
  const aims = metrics.slice(0, most).map((metric) => `; ${sayMetric(metric)}`);
  const counts = [
    ...(current > 0 ? [`${current} now, `] : []),
    ...(desired > 0 ? [`${desired} wanted, `] : []),
  ];
  const of = counts.length === 0 ? "" : `${counts.join("")}of `;
  const stuck = trouble === undefined ? "" : ` It does not scale: ${word(trouble)}.`;
  const fresh = stuck === "" && counts.length === 0 ? " It has not begun yet." : "";
  return [`Autoscaler: ${of}${min} to ${max}${aims.join("")}.${stuck}${fresh}`];
}

function sayMetric({ name, now, target }: MetricState): string {
  if (target === "") return word(name);
  return `${word(name)} ${now === undefined ? "not known" : word(now)}, aims at ${word(target)}`;
}

/** `Uses 0.46 cores of 0.75 requested and 410 MiB of 768 MiB allowed, 3 pods together.` */
export function usageLines(
  usage: Usage | undefined,
  template: Template | undefined,
): readonly string[] {
  if (usage === undefined || usage.pods === 0) return [];
  const { bytes, cores, pods } = usage;
  const resources = (template?.spec?.containers ?? []).map((each) => each.resources);
  const requested = pods * sum(resources.map((each) => each?.requests?.["cpu"]));
  const allowed = pods * sum(resources.map((each) => each?.limits?.["memory"]));
  const ofCpu = requested === 0 ? "" : ` of ${sayCores(requested)} requested`;
  const ofMemory = allowed === 0 ? "" : ` of ${sayBytes(allowed)} allowed`;
  const who = pods === 1 ? "1 pod" : `${pods} pods together`;
  return [`Uses ${sayCores(cores)} cores${ofCpu} and ${sayBytes(bytes)}${ofMemory}, ${who}.`];
}

function sum(quantities: readonly (string | undefined)[]): number {
  return quantities.reduce((total, each) => total + (amountOf(each ?? "") ?? 0), 0);
}

function sayCores(cores: number): string {
  return String(Number(cores.toFixed(cores < 0.1 ? 3 : 2)));
}

function sayBytes(bytes: number): string {
  const mebibytes = bytes / 2 ** 20;
  return mebibytes < 2_048
    ? `${Math.round(mebibytes)} MiB`
    : `${Number((mebibytes / 1_024).toFixed(1))} GiB`;
}

/** The last of them, each on its own line. */
export function eventLines(
  events: readonly EventGroup[],
  app: string,
  environment: string,
): readonly string[] {
  if (events.length === 0) return ["No recent events."];
  const more = events.length - groups;
  return [
    "Last events, times in UTC:",
    ...events.slice(0, groups).map((group) => sayGroup(group, 240)),
    ...(more > 0
      ? [
          `${more} older ${more === 1 ? "group" : "groups"}: ${advise("events", { app, environment })}`,
        ]
      : []),
  ];
}

function few(lines: readonly string[], what: string): readonly string[] {
  return lines.length <= most
    ? lines
    : [...lines.slice(0, most), `${lines.length - most} more ${what} are not shown.`];
}

function word(text: string): string {
  return cap(oneLine(text), 63);
}

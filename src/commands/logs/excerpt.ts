import { cap } from "../../text/cap.ts";
import { cleanToMask, maskLines } from "../../text/mask-secrets.ts";
import type { LogLine } from "../ports.ts";
import { type LogArguments, shownOf } from "./arguments.ts";

/** Longer lines lose their end: a message has room for about five such. */
const longestLine = 1_500;

/** Lines that may be shown: clean, without what is probably secret, none too long. */
export interface Excerpt {
  /** In the order that was given. */
  readonly lines: readonly LogLine[];
  /** How many secrets were taken out. */
  readonly masked: number;
}

/**
 * Makes lines fit to be shown. Pure. They are cleaned first, since an invisible character would hide a secret,
 * then masked source by source, since a private key goes over lines that others come between. Only what comes
 * out of this may be searched: a search in the rest would tell what is masked, letter by letter.
 */
export function tidy(lines: readonly LogLine[]): Excerpt {
  const sources = Map.groupBy(lines.keys(), (at) => `${lines[at]?.pod}/${lines[at]?.container}`);
  const texts = new Map<number, string>();
  let masked = 0;
  for (const places of sources.values()) {
    const found = maskLines(places.map((at) => oneRow(lines[at]?.text ?? "")));
    masked += found.count;
    for (const [index, text] of found.lines.entries()) texts.set(places[index] ?? -1, text);
  }
  return { lines: lines.map((line, at) => ({ ...line, text: texts.get(at) ?? "" })), masked };
}

/** Its tabs and runs of spaces are kept, they may be columns; it stays one row. */
function oneRow(text: string): string {
  return cleanToMask(text).replaceAll("\n", " ").replaceAll("\t", "  ").trimEnd();
}

/** Those that contain a text, whatever the case of its letters. */
export function matching(lines: readonly LogLine[], wanted: string): readonly LogLine[] {
  const needle = wanted.toLowerCase();
  return lines.filter(({ text }) => text.toLowerCase().includes(needle));
}

/** What is left of the lines that were read. */
interface Chosen {
  /** How many were searched. */
  readonly read: number;
  /** How many of them were asked for. */
  readonly matches: number;
  /** The last of those. */
  readonly shown: readonly LogLine[];
}

/** Of what the cluster gave, what is shown, {@link tidy}. Pure. */
export function chosenLines(lines: readonly LogLine[], args: LogArguments): Chosen {
  const all = tidy(lines).lines;
  const matches = args.grep === undefined ? all : matching(all, args.grep);
  return { read: all.length, matches: matches.length, shown: matches.slice(-shownOf(args)) };
}

export interface SayOptions {
  /** Lines that these are some of: pods and containers are told apart in all of them. */
  readonly among?: readonly LogLine[];
  /** Whole times, to the nanosecond; else hours to milliseconds, with the day where there are several. */
  readonly fullTimes: boolean;
}

/** `10:00:07.123 x7k2p  text` for each line; `x7k2p/web` where there are several containers. UTC. */
export function sayLines(
  lines: readonly LogLine[],
  { among = lines, fullTimes }: SayOptions,
): string {
  const nameOf = podNames(among);
  const hasContainers = new Set(among.map(({ container }) => container)).size > 1;
  const hasDays = new Set(lines.map(({ at }) => at.slice(0, 10))).size > 1;
  return lines
    .map(({ at, pod, container, text }) => {
      const time = fullTimes ? at : at.slice(hasDays ? 5 : 11, 23).replace("T", " ");
      const source = hasContainers ? `${nameOf(pod)}/${container}` : nameOf(pod);
      return `${time} ${source}  ${sayText(text)}`.trimEnd();
    })
    .join("\n");
}

function sayText(text: string): string {
  if (text.length <= longestLine) return text;
  const kept = cap(text, longestLine);
  return `${kept} (${text.length - kept.length + 1} more characters)`;
}

/** The last part of a pod's name; the whole where two pods have the same. */
function podNames(lines: readonly LogLine[]): (pod: string) => string {
  const shortOf = (pod: string): string => pod.split("-").at(-1) ?? pod;
  const names = Map.groupBy(new Set(lines.map(({ pod }) => pod)), shortOf);
  return (pod) => ((names.get(shortOf(pod))?.length ?? 0) > 1 ? pod : shortOf(pod));
}

import type { LogArguments } from "../commands/logs/arguments.ts";
import { chosenLines, matching, tidy } from "../commands/logs/excerpt.ts";
import type { LogLine } from "../commands/ports.ts";
import { compare } from "../text/compare.ts";
import { instantAt } from "../text/instant.ts";

/** So far back a line may come late: pods' clocks differ, and so do the ways of their logs. */
const lateMs = 10_000;
/** Lines that are remembered at least, whatever their age: what is masked may depend on lines before. */
const remembered = 2_000;

/** A log that is looked at again and again. */
export interface LogNews {
  /** From which time on the next look reads; undefined while nothing was printed. */
  since(): string | undefined;
  /** What is new in what was read, fit to be shown. */
  add(lines: readonly LogLine[]): readonly LogLine[];
  /** All that is remembered, to tell pods apart. */
  readonly known: readonly LogLine[];
}

/**
 * Tells what is new in a log from look to look. Pure but for what it remembers.
 * @param first what was read, and shown, before
 */
export function logNews(args: LogArguments, first: readonly LogLine[]): LogNews {
  let known = first;
  const shown = chosenLines(first, args).shown;
  // What is older was left out at first, and is no news.
  const from = shown[0]?.at ?? first.at(-1)?.at ?? "";
  const since = (): string | undefined => {
    const last = known.at(-1)?.at;
    return last === undefined ? undefined : instantAt(Date.parse(last) - lateMs);
  };
  return {
    since,
    add: (lines) => {
      const before = new Set(keysOf(known));
      const keys = keysOf(lines);
      const fresh = new Set(
        lines.filter((line, at) => line.at >= from && !before.has(keys[at] ?? "")),
      );
      const all = [...known, ...fresh];
      const { lines: tidied } = tidy(all);
      const news = tidied.slice(known.length);
      const oldest = since() ?? "";
      known = all
        .toSorted((a, b) => compare(a.at, b.at))
        .filter(({ at }, index) => index >= all.length - remembered || at >= oldest);
      return args.grep === undefined ? news : matching(news, args.grep);
    },
    get known() {
      return known;
    },
  };
}

/** A line that was printed twice in the same nanosecond is two lines. */
function keysOf(lines: readonly LogLine[]): readonly string[] {
  const counts = new Map<string, number>();
  return lines.map(({ at, container, pod, text }) => {
    const key = [at, pod, container, text].join("\n");
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    return `${key}\n${count}`;
  });
}

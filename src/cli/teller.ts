import { phaseOf } from "../release/phases.ts";
import type { Release } from "../release/release.ts";
import type { Io } from "./io.ts";
import { isRolling, newsOf, progressBar, type Ready } from "./news.ts";
import type { OutputFormat } from "./output.ts";

/** Tells a terminal, or the log of a pipeline, what becomes of a release: everything once. */
export interface Teller {
  tell(release: Release, ready: Ready | undefined): void;
  say(line: string): void;
}

const redraw = "\r\u001b[2K";

/** Standard output is for data where data was asked for. */
export function createTeller(io: Io, output: OutputFormat): Teller {
  const told = new Set<string>();
  const draws = io.isTerminal && output === "table";
  const write = output === "table" ? io.stdout : io.stderr;
  let drawn = false;
  const wipe = (): void => {
    if (drawn) write(redraw);
    drawn = false;
  };
  const say = (line: string): void => {
    wipe();
    write(`${line}\n`);
  };
  return {
    say,
    tell: (release, ready) => {
      const fresh = newsOf(release, draws ? undefined : ready).filter(({ key }) => !told.has(key));
      for (const { key, lines } of fresh) {
        told.add(key);
        for (const line of lines) say(line);
      }
      if (!draws || ready === undefined || !isRolling(phaseOf(release))) return;
      write(`${redraw}${progressBar(ready)}`);
      drawn = true;
    },
  };
}

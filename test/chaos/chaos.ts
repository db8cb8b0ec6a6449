import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { bundle } from "./docc.ts";
import { Failpoints } from "./failpoints.ts";
import type { Finding } from "./history.ts";
import { count } from "./judge.ts";
import { Lane } from "./lane.ts";

export interface ChaosOptions {
  readonly kubeconfigPath: string;
  /** How often docc is killed, in all. */
  readonly runs: number;
  readonly seed: number;
  /** Installations that live and die at the same time. */
  readonly lanes: number;
  /** After so many kills an installation is judged, and a fresh one takes its place. */
  readonly runsPerRound: number;
  readonly say: (line: string) => void;
}

export interface ChaosResult {
  readonly runs: number;
  readonly lost: number;
  readonly doubled: number;
  readonly stuck: number;
  readonly findings: readonly Finding[];
}

const size = { environments: 4, apps: 3 };
/** A line after so many runs. */
const every = 50;

/** Kills docc again and again and says what was lost, doubled and stuck. */
export async function chaos(options: ChaosOptions): Promise<ChaosResult> {
  const { runs, lanes, runsPerRound, seed, say } = options;
  const folder = await mkdtemp(path.join(tmpdir(), "docc-chaos-"));
  const failpoints = new Failpoints();
  const total = { runs: 0, rounds: 0, lost: 0, doubled: 0, stuck: 0, duplicates: 0, releases: 0 };
  const ends = new Map<string, number>();
  const findings: Finding[] = [];
  let left = runs;
  const started = performance.now();
  const seconds = (): string => `${Math.round((performance.now() - started) / 1_000)} s`;
  try {
    const program = await bundle(folder);
    const work = async (): Promise<void> => {
      while (left > 0) {
        const ofRound = Math.min(left, runsPerRound);
        left -= ofRound;
        total.rounds += 1;
        const index = total.rounds;
        const name = `chaos-${seed.toString(36)}-${index}`;
        const { kubeconfigPath } = options;
        const lane = new Lane({
          name,
          kubeconfigPath,
          folder,
          program,
          seed,
          index,
          failpoints,
          size,
        });
        const report = await lane.play(ofRound, () => {
          total.runs += 1;
          if (total.runs % every === 0) say(`${total.runs} runs, ${seconds()}`);
        });
        const wrong = count(report.findings);
        total.lost += wrong.lost;
        total.doubled += wrong.doubled;
        total.stuck += wrong.stuck;
        total.duplicates += report.duplicates;
        total.releases += report.releases;
        for (const [phase, many] of Object.entries(report.ends)) {
          ends.set(phase, (ends.get(phase) ?? 0) + many);
        }
        findings.push(...report.findings);
        if (report.findings.length > 0) sayWrong(report, { seed, index }, say);
      }
    };
    await Promise.all(Array.from({ length: lanes }, () => work()));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  for (const { kind, before, after } of failpoints.coverage()) {
    say(`killed ${before} times before and ${after} times after ${kind}`);
  }
  const phases = [...ends].map(([phase, many]) => `${many} ${phase}`).join(", ");
  say(
    `${total.releases} releases (${phases}), ${total.duplicates} duplicate messages, ${seconds()}`,
  );
  const { lost, doubled, stuck } = total;
  return { runs: total.runs, lost, doubled, stuck, findings };
}

/** Enough to look for the cause: the findings, and where docc died on the way. */
function sayWrong(
  report: { readonly findings: readonly Finding[]; readonly story: readonly string[] },
  { seed, index }: { readonly seed: number; readonly index: number },
  say: (line: string) => void,
): void {
  say(`seed ${seed}, round ${index}:`);
  for (const { fault, about, what } of report.findings) say(`  ${fault}: ${about}: ${what}`);
  for (const line of report.story) say(`    ${line}`);
}

/** The last line of a run. */
export function sum({ runs, lost, doubled, stuck }: ChaosResult): string {
  return `runs ${runs} lost ${lost} doubled ${doubled} stuck ${stuck}`;
}

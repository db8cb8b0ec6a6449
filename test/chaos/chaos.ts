import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Defect } from "./defects.ts";
import { bundle } from "./docc.ts";
import { Failpoints } from "./failpoints.ts";
import type { Finding } from "./history.ts";
import { count } from "./judge.ts";
import { Lane, type LaneKind, type LaneOptions, type LaneReport, type Timing } from "./lane.ts";

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
  /** No round begins after so many milliseconds; there are fewer runs then. */
  readonly timeMs?: number;
  readonly timing?: Partial<Timing>;
  /** Of one installation. */
  readonly size?: LaneOptions["size"];
  /** Played by the proxies; for the test of the rig itself. */
  readonly defect?: Defect;
  /** True where nobody is to be killed before every app has been deployed once. */
  readonly isWarm?: boolean;
  /** Ends it early, with nothing left behind. */
  readonly signal?: AbortSignal;
}

export interface ChaosResult {
  readonly runs: number;
  readonly lost: number;
  readonly doubled: number;
  readonly stuck: number;
  readonly findings: readonly Finding[];
  /** Every kind of call that came by, and how often docc was killed at it. */
  readonly coverage: ReturnType<Failpoints["coverage"]>;
}

const usualSize: LaneOptions["size"] = { environments: 4, apps: 3 };
/** A line after so many runs. */
const every = 50;

const patient: Timing = {
  patienceMs: 2_500,
  settleMs: 150_000,
  overdueMs: 60_000,
  rolloutTimeout: "40s",
};

/** Every other installation may not look for lost messages; every third has two replicas. */
function kindOf(round: number): LaneKind {
  return { mayLook: round % 2 === 1, replicas: round % 3 === 0 ? 2 : 1 };
}

/** Kills docc again and again and says what was lost, doubled and stuck. */
export async function chaos(options: ChaosOptions): Promise<ChaosResult> {
  const { runs, lanes, runsPerRound, say, signal = new AbortController().signal } = options;
  const folder = await mkdtemp(path.join(tmpdir(), "docc-chaos-"));
  const failpoints = new Failpoints();
  const tally = new Tally(say);
  // When one lane fails for a reason of its own, the others must not go on behind its back.
  const failed = new AbortController();
  const shared = {
    ...options,
    folder,
    failpoints,
    size: options.size ?? usualSize,
    program: await bundle(folder),
    timing: { ...patient, ...options.timing },
    defect: options.defect,
    isWarm: options.isWarm === true,
    signal: AbortSignal.any([signal, failed.signal]),
  };
  const endAt = performance.now() + (options.timeMs ?? Infinity);
  let left = runs;
  let rounds = 0;
  const work = async (): Promise<void> => {
    while (left > 0 && performance.now() < endAt) {
      const ofRound = Math.min(left, runsPerRound);
      left -= ofRound;
      rounds += 1;
      const index = rounds;
      const name = `chaos-${options.seed.toString(36)}-${index}`;
      const lane = new Lane({ ...shared, ...kindOf(index), name, index });
      tally.add(await lane.play(ofRound, () => tally.ran()), `round ${index}`);
    }
  };
  try {
    const lane = (): Promise<void> =>
      work().catch((error: unknown) => {
        failed.abort(error);
        throw error;
      });
    const ends = await Promise.allSettled(Array.from({ length: lanes }, lane));
    const first = ends.find(({ status }) => status === "rejected");
    if (first?.status === "rejected") throw first.reason;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const coverage = failpoints.coverage();
  for (const { kind, before, after } of coverage) {
    say(`killed ${before} times before and ${after} times after ${kind}`);
  }
  return { ...tally.sum(), coverage };
}

/** The sum of all rounds. */
class Tally {
  readonly #say: (line: string) => void;
  readonly #started = performance.now();
  readonly #findings: Finding[] = [];
  readonly #ends = new Map<string, number>();
  readonly #wrong = { lost: 0, doubled: 0, stuck: 0 };
  #runs = 0;
  #releases = 0;
  #duplicates = 0;

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  ran(): void {
    this.#runs += 1;
    if (this.#runs % every === 0) this.#say(`${this.#runs} runs, ${this.#seconds()}`);
  }

  add(report: LaneReport, round: string): void {
    const { findings, releases, duplicates, ends } = report;
    const wrong = count(findings);
    for (const fault of ["lost", "doubled", "stuck"] as const) this.#wrong[fault] += wrong[fault];
    this.#releases += releases;
    this.#duplicates += duplicates;
    for (const [phase, many] of Object.entries(ends)) {
      this.#ends.set(phase, (this.#ends.get(phase) ?? 0) + many);
    }
    this.#findings.push(...findings);
    if (findings.length > 0) this.#sayWrong(report, round);
  }

  sum(): Omit<ChaosResult, "coverage"> {
    const phases = [...this.#ends].map(([phase, many]) => `${many} ${phase}`).join(", ");
    const duplicates = `${this.#duplicates} duplicate messages`;
    this.#say(`${this.#releases} releases (${phases}), ${duplicates}, ${this.#seconds()}`);
    // Once more: of a long log the end is what is kept.
    this.#sayFindings(this.#findings);
    return { runs: this.#runs, ...this.#wrong, findings: this.#findings };
  }

  /** Enough to look for the cause: the findings, and where docc died on the way. */
  #sayWrong({ findings, story }: LaneReport, round: string): void {
    this.#say(`${round}:`);
    this.#sayFindings(findings);
    for (const line of story) this.#say(`    ${line}`);
  }

  #sayFindings(findings: readonly Finding[]): void {
    for (const { fault, about, what } of findings) this.#say(`  ${fault}: ${about}: ${what}`);
  }

  #seconds(): string {
    return `${Math.round((performance.now() - this.#started) / 1_000)} s`;
  }
}

/** The last line of a run. */
export function sum({
  runs,
  lost,
  doubled,
  stuck,
}: Pick<ChaosResult, "runs" | "lost" | "doubled" | "stuck">): string {
  return `runs ${runs} lost ${lost} doubled ${doubled} stuck ${stuck}`;
}

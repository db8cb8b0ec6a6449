/** What is fuzzed: a part of docc that meets strangers' input. One entry of targets/registry.ts. */
export interface Target {
  /**
   * Prepares the inputs of a seed. Pure: each process makes the same input of the same seed and index.
   */
  readonly open: (seed: number) => (index: number) => Case;
}

/** What a stranger sends. */
export type Source = string | Uint8Array;

/** One input and what becomes of it. */
export interface Case {
  /** How it was made, such as `soup`. */
  readonly made: string;
  readonly source: Source;
  /** The circumstances it arrives in, for people. */
  readonly around: string;
  /**
   * Takes a source, the case's own or a smaller one, through everything it would meet. What the code
   * under test throws, it throws.
   */
  readonly check: (source: Source) => Verdict;
}

export interface Verdict {
  readonly broken: readonly Broken[];
  /** What the input reached, such as `valid` or a finding's code: a run counts them. */
  readonly seen: readonly string[];
}

/** A promise that was not kept. */
export interface Broken {
  /** The same words for the same promise, so that a run can count. */
  readonly promise: string;
  /** How it shows in this case. */
  readonly detail: string;
}

/** What a worker is to do; it crosses threads as it is. */
export interface Job {
  /** Address of the module that exports `targets`. */
  readonly module: string;
  readonly target: string;
  readonly seed: number;
  /** Inputs of all workers together. */
  readonly runs: number;
  /** The worker's number, from 0. */
  readonly worker: number;
  /**
   * Shared by all workers: the next index that nobody has taken, then what each worker works on, so
   * that the main thread knows the input that a worker hangs on or dies of.
   */
  readonly board: Int32Array<SharedArrayBuffer>;
}

const NEXT = 0;

/** Where no index stands. */
const NONE = -1;

export function newBoard(workers: number): Job["board"] {
  const board = new Int32Array(new SharedArrayBuffer(4 * (workers + 1)));
  return board.fill(NONE).fill(0, NEXT, NEXT + 1);
}

/** Takes the next index for a worker, or undefined when all are taken. */
export function takeNext({ board, runs, worker }: Job): number | undefined {
  const index = Atomics.add(board, NEXT, 1);
  Atomics.store(board, worker + 1, index < runs ? index : NONE);
  return index < runs ? index : undefined;
}

/** What a worker works on, or undefined when it works on nothing. */
export function atWork({ board, worker }: Job): number | undefined {
  const index = Atomics.load(board, worker + 1);
  return index === NONE ? undefined : index;
}

/** Notes that a worker works on nothing. */
export function rest({ board, worker }: Job): void {
  Atomics.store(board, worker + 1, NONE);
}

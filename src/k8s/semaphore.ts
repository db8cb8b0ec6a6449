/** At most so many tasks at a time; the others wait in the order of their coming. */
export interface Semaphore {
  /** Resolves with the function that gives the place back; rejects when aborted while waiting. */
  acquire(signal: AbortSignal): Promise<() => void>;
}

export function createSemaphore(places: number): Semaphore {
  const waiting = new Set<() => void>();
  let free = places;

  const release = (): void => {
    free += 1;
    const [next] = waiting;
    next?.();
  };

  /** A place can be given back once; a second call must not invent another. */
  const take = (): (() => void) => {
    free -= 1;
    let held = true;
    return () => {
      if (held) {
        held = false;
        release();
      }
    };
  };

  return {
    async acquire(signal) {
      signal.throwIfAborted();
      if (free > 0) {
        return take();
      }
      return new Promise((resolve, reject) => {
        const enter = (): void => {
          leave();
          resolve(take());
        };
        const giveUp = (): void => {
          leave();
          reject(signal.reason as Error);
        };
        const leave = (): void => {
          waiting.delete(enter);
          signal.removeEventListener("abort", giveUp);
        };
        waiting.add(enter);
        signal.addEventListener("abort", giveUp, { once: true });
      });
    },
  };
}

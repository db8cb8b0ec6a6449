import type { Clock } from "../clock.ts";
import { isKubeError } from "../k8s/errors.ts";
import type { Logger } from "../log.ts";
import { type Again, createWorkqueue } from "./workqueue.ts";

/** Answers records of one kind that came from outside Slack, each once. */
export interface Answering {
  /** A record was stored or changed. */
  touch(name: string): void;
  stop(): Promise<void>;
}

export interface AnsweringPorts<Asked, Said> {
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
  /** What one of them is called in the log. */
  readonly what: string;
  /** From the local copy. */
  readonly asked: (name: string) => Asked | undefined;
  /** Does what is asked for; rejects when it is to be tried again. */
  readonly weigh: (asked: Asked) => Promise<Said>;
  /** @throws KubeError `conflict` when it is answered already */
  readonly answer: (asked: Asked, said: Said & { readonly at: string }) => Promise<unknown>;
  /** Called once it is answered. */
  readonly answered?: (asked: Asked, said: Said) => void;
}

/** One thing at a time: the order of what is asked is the order of answers. */
const workers = 1;

export function createAnswering<
  Asked extends { readonly status?: object },
  Said extends { readonly outcome: string; readonly code: string },
>(ports: AnsweringPorts<Asked, Said>): Answering {
  const { clock, random, log, what } = ports;
  /** What is done, and whose answer could not be written yet: it is not done again for that. */
  const done = new Map<string, Said>();
  const work = async (name: string): Promise<Again> => {
    const asked = ports.asked(name);
    if (asked === undefined || asked.status !== undefined) {
      done.delete(name);
      return {};
    }
    const said = done.get(name) ?? (await ports.weigh(asked));
    done.set(name, said);
    try {
      await ports.answer(asked, { ...said, at: new Date(clock.now()).toISOString() });
    } catch (error) {
      // Answered already, and our copy is behind; or deleted meanwhile.
      if (!isKubeError(error, "not-found", "conflict", "invalid")) throw error;
      done.delete(name);
      return {};
    }
    done.delete(name);
    ports.answered?.(asked, said);
    const { outcome, code } = said;
    log.info({ [what]: name, outcome, code }, `${what} answered`);
    return {};
  };
  const queue = createWorkqueue({
    clock,
    random,
    workers,
    work,
    onError: (name, error) =>
      log.warn({ err: error, [what]: name }, `the ${what} is weighed again`),
  });
  return { touch: (name) => queue.add(name), stop: () => queue.drain() };
}

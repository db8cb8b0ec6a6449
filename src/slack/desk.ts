import type { Answer } from "../commands/answer.ts";
import type { Command, Request } from "../commands/define.ts";
import {
  type AuditLine,
  commandWord,
  dispatch,
  interpret,
  type Invocation,
} from "../commands/dispatch.ts";
import { defaultFor } from "../commands/environment.ts";
import { asOffer } from "../commands/offer.ts";
import type { Ports } from "../commands/ports.ts";
import { suggest, type Suggestion } from "../commands/suggest.ts";
import type { Clock } from "../clock.ts";
import type { Asker } from "../release/request.ts";
import type { Actor } from "./identity.ts";
import { limits } from "./limits.ts";
import type { AboutRelease } from "./views/about-release.ts";
import type { PaletteOptions } from "./views/palette.ts";

export interface DeskOptions {
  readonly registry: readonly Command[];
  readonly ports: Ports;
  readonly clock: Clock;
  readonly audit: (line: AuditLine, error?: unknown) => void;
}

/** What a person wanted, as far as it is known. */
type Asked = Pick<AuditLine, "command"> & Partial<AuditLine>;

interface Refused {
  readonly actor: Actor;
  readonly channel: string | undefined;
  readonly delivery: string;
}

/** How a command went within the time that an acknowledgement has. */
export type Outcome =
  | { readonly inTime: true; readonly answer: Answer }
  /** The command still runs; its answer comes later, and nothing was promised meanwhile. */
  | { readonly inTime: false; readonly later: Promise<Answer> };

/** Where words from Slack become commands. */
export class Desk {
  readonly #options: DeskOptions;
  readonly #running = new Set<Promise<unknown>>();

  constructor(options: DeskOptions) {
    this.#options = options;
  }

  get environments(): readonly string[] {
    return [...this.#options.ports.environments.keys()];
  }

  /** What the palette is made of, but for what stands in it. */
  palette(asker: Asker): Omit<PaletteOptions, "state"> {
    const { ports, registry } = this.#options;
    const defaultEnvironment = defaultFor(asker, ports).name;
    return { commands: registry, environments: this.environments, defaultEnvironment };
  }

  /** The command of that name. */
  named(name: string | undefined): Command | undefined {
    return this.#options.registry.find((each) => each.name === name);
  }

  /** What docc can offer for an argument while it is typed: from the cache, so at once. */
  suggest(
    offer: string,
    typed: string,
    values: Readonly<Record<string, string>>,
    asker: Asker,
  ): readonly Suggestion[] {
    const { ports } = this.#options;
    const known = asOffer(offer);
    const environment = values["in"] ?? defaultFor(asker, ports).name;
    const given = { environment, app: values["app"] };
    return known === undefined ? [] : suggest(known, typed, given, ports);
  }

  /** The app and environment of a release that is kept. */
  about(release: string): AboutRelease | undefined {
    const found = this.#options.ports.releases.kept(release);
    const app = found?.status?.app ?? found?.spec.app;
    if (found === undefined || app === undefined) return undefined;
    return { name: found.metadata.name, app, environment: found.spec.environment };
  }

  understand(words: string): Invocation | Answer {
    return interpret(this.#options.registry, words);
  }

  /** Runs a command to its end; never rejects. */
  ask(invocation: Invocation, request: Request): Promise<Answer> {
    return dispatch(invocation, request, this.#options.ports, this.#options.audit);
  }

  /** Runs a command once more whose first run is recorded; never rejects. */
  again(invocation: Invocation, request: Request): Promise<Answer> {
    return dispatch(invocation, request, this.#options.ports, () => undefined);
  }

  /** Records what did not get as far as a command's run. */
  refused(asked: Asked, { actor, channel, delivery }: Refused, outcome: string): void {
    const team = actor.teams.find((id) => id !== undefined) ?? "";
    const who = { provider: "slack", team, user: actor.user } as const;
    this.#options.audit({ ...asked, ...who, channel, delivery, outcome });
  }

  /** The command that words without sense were meant for, where that much can be told. */
  meant(words: string): Asked {
    return { command: commandWord(this.#options.registry, words) ?? "unknown" };
  }

  /** Counts `work` as running until it settles, for {@link drained}. */
  async track<T>(work: Promise<T>): Promise<T> {
    this.#running.add(work);
    try {
      return await work;
    } finally {
      this.#running.delete(work);
    }
  }

  /** Resolves when nothing runs any more, or after `ms`. */
  async drained(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const cancel = this.#options.clock.after(ms, resolve);
      void Promise.allSettled(this.#running).then(() => {
        cancel();
        resolve();
      });
    });
  }
}

/** Waits for work whose answer is the acknowledgement itself, as long as that has time. */
export async function inTime(clock: Clock, later: Promise<Answer>): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(limits.ackMs, () => resolve({ inTime: false, later }));
    later.then((answer) => resolve({ inTime: true, answer }), reject).finally(cancel);
  });
}

/** Said instead of an answer that did not come in time: nothing is promised that is not stored. */
export const notInTime: Answer = {
  text: "Not accepted: docc could not store the request in time. Please try again.",
  lines: ["If it was stored after all, you will hear so here."],
  reason: "unavailable",
};

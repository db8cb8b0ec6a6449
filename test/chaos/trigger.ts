import type { Call } from "../support/proxy/calls.ts";
import { pass, type Rule } from "../support/proxy/fates.ts";
import type { Failpoint, Failpoints } from "./failpoints.ts";

/** Where docc was really killed. */
export interface Hit {
  readonly kind: string;
  readonly side: Failpoint["side"];
}

interface Armed {
  point: Failpoint;
  left: number;
  readonly kill: () => Promise<void>;
  readonly fired: (hit: Hit) => void;
}

/**
 * The failpoint between docc and everything it asks. At the chosen call it kills docc: before it is
 * passed on, so that the upstream never hears of it; or with the answer in hand, so that docc never
 * does.
 */
export class Trigger {
  readonly #failpoints: Failpoints;
  #armed: Armed | undefined;

  constructor(failpoints: Failpoints) {
    this.#failpoints = failpoints;
  }

  /** Resolves with the hit when docc is about to die. */
  arm(point: Failpoint, kill: () => Promise<void>): Promise<Hit> {
    return new Promise((resolve) => {
      this.#armed = { point, left: point.skip, kill, fired: resolve };
    });
  }

  /** A failpoint whose call does not come gives way to whatever comes. */
  loosen(): void {
    if (this.#armed === undefined) return;
    this.#failpoints.missed(this.#armed.point);
    this.#armed.point = { ...this.#armed.point, kind: undefined };
    this.#armed.left = 0;
  }

  disarm(): void {
    this.#armed = undefined;
  }

  readonly before: Rule = async (call) => {
    this.#failpoints.saw(call.kind);
    return (await this.#fire(call, "before")) ? { type: "hold" } : pass;
  };

  readonly after = async (call: Call): Promise<void> => {
    await this.#fire(call, "after");
  };

  async #fire({ kind }: Call, side: Hit["side"]): Promise<boolean> {
    const armed = this.#armed;
    if (armed === undefined || armed.point.side !== side) return false;
    if (armed.point.kind !== undefined && armed.point.kind !== kind) return false;
    armed.left -= 1;
    if (armed.left >= 0) return false;
    this.#armed = undefined;
    this.#failpoints.hit(kind, side);
    armed.fired({ kind, side });
    await armed.kill();
    return true;
  }
}

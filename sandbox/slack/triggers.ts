import type { Clock } from "../../src/clock.ts";
import { ApiError } from "./api-error.ts";
import type { Ids } from "./ids.ts";
import { limits } from "./limits.ts";

interface Trigger {
  readonly user: string;
  readonly expires: number;
  /** The view that it opened, once it did. */
  view?: string;
  used: boolean;
}

/** The permissions to open one modal that each gesture of a person gives: 3 s and one exchange. */
export class Triggers {
  readonly #clock: Clock;
  readonly #ids: Ids;
  readonly #triggers = new Map<string, Trigger>();

  constructor(clock: Clock, ids: Ids) {
    this.#clock = clock;
    this.#ids = ids;
  }

  issue(user: string): string {
    const id = `${this.#clock.now()}.${this.#ids.next("trigger")}`;
    this.#triggers.set(id, { user, expires: this.#clock.now() + limits.triggerMs, used: false });
    return id;
  }

  /** Takes the trigger and names its person; throws Slack's error when it is unknown, old or used. */
  exchange(id: string): string {
    const trigger = this.#triggers.get(id);
    if (trigger === undefined) {
      throw new ApiError("invalid_trigger_id");
    }
    if (trigger.used) {
      throw new ApiError("exchanged_trigger_id");
    }
    if (this.#clock.now() > trigger.expires) {
      throw new ApiError("expired_trigger_id");
    }
    trigger.used = true;
    return trigger.user;
  }

  recordView(id: string, view: string): void {
    const trigger = this.#triggers.get(id);
    if (trigger !== undefined) {
      trigger.view = view;
    }
  }

  /** The view that was opened with this trigger. */
  viewOf(id: string): string | undefined {
    return this.#triggers.get(id)?.view;
  }
}

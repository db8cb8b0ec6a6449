import type { Core } from "./core.ts";
import type { Dispatch } from "./dispatch.ts";
import type { Payloads } from "./payloads.ts";

/** What the gestures of people need. */
export interface Parts {
  readonly core: Core;
  readonly dispatch: Dispatch;
  readonly payloads: Payloads;
  /** The slash commands that the app registered, such as `/docc`. */
  readonly commands: readonly string[];
}

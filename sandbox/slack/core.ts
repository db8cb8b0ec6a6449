import type { Clock } from "../../src/clock.ts";
import type { Args } from "./args.ts";
import type { Faults } from "./faults.ts";
import type { JsonObject } from "./json.ts";
import type { ResponseUrls } from "./response-urls.ts";
import type { Tier } from "./tiers.ts";
import type { Triggers } from "./triggers.ts";
import type { Uploads } from "./uploads.ts";
import type { Workspace } from "./workspace.ts";

/** What the parts of the fake share. */
export interface Core {
  readonly clock: Clock;
  readonly workspace: Workspace;
  readonly triggers: Triggers;
  readonly responseUrls: ResponseUrls;
  readonly uploads: Uploads;
  readonly faults: Faults;
  /** The bot scopes that were granted. */
  readonly scopes: readonly string[];
  /** The events that the app subscribed to, such as `app_home_opened` and `message.channels`. */
  readonly events: readonly string[];
  /** The app's Home tab, as its manifest has it. */
  readonly homeTab: boolean;
  /** `http://127.0.0.1:port`, without a slash. */
  readonly origin: string;
  /** A fresh single-use WebSocket URL. */
  readonly socketUrl: () => string;
}

/** A method of the Web API. */
export interface Method {
  readonly tier: Tier;
  readonly token: "bot" | "app" | "none";
  /** One of these scopes is enough; none are needed when the list is empty. */
  readonly scopes: readonly string[];
  /** Does the work; throws an ApiError to refuse. The `ok: true` is added by the caller. */
  readonly run: (args: Args, core: Core) => JsonObject;
}

export type Methods = Readonly<Record<string, Method>>;

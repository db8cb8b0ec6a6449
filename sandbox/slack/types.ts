import type { JsonObject } from "./json.ts";

/** The records of the emulated workspace. They are replaced, never changed, so that a reader's copy stays true. */

export interface User {
  readonly id: string;
  /** The handle, without the at sign. */
  readonly name: string;
  readonly realName: string;
  readonly teamId: string;
  readonly email?: string;
  readonly isBot?: boolean;
  /** Deactivated. */
  readonly deleted?: boolean;
  /** A guest; Slack says `is_restricted`. */
  readonly isGuest?: boolean;
}

export interface Usergroup {
  readonly id: string;
  /** Without the at sign. */
  readonly handle: string;
  readonly name: string;
  readonly users: readonly string[];
}

export interface Channel {
  readonly id: string;
  /** Without the hash sign; for a direct message the id of the person. */
  readonly name: string;
  readonly kind: "public" | "private" | "im";
  readonly members: readonly string[];
  readonly isArchived?: boolean;
  /** Shared with another organisation. */
  readonly isShared?: boolean;
}

export interface Message {
  readonly channel: string;
  /** Identity within the channel and time: seconds, a dot, six digits. */
  readonly ts: string;
  readonly user: string;
  readonly isBot: boolean;
  readonly text: string;
  readonly blocks: readonly JsonObject[];
  readonly files: readonly string[];
  /** The `ts` of the root message when this one is a reply. */
  readonly threadTs?: string;
  /** A reply that is shown in the channel as well. */
  readonly isBroadcast?: boolean;
  /** Set when the words changed without blocks: Slack then shows "(edited)". */
  readonly isEdited?: boolean;
  readonly metadata?: JsonObject;
}

/** Something only one person sees. `error` is Slack's own notice that the app failed. */
export interface Ephemeral {
  readonly id: string;
  readonly kind: "message" | "error";
  readonly channel?: string;
  readonly user: string;
  readonly ts: string;
  readonly text: string;
  readonly blocks: readonly JsonObject[];
  readonly threadTs?: string;
}

export interface View {
  readonly id: string;
  readonly type: "modal" | "home";
  readonly user: string;
  readonly hash: string;
  readonly callbackId: string;
  readonly externalId: string;
  readonly privateMetadata: string;
  readonly title?: JsonObject;
  readonly submit?: JsonObject;
  readonly close?: JsonObject;
  readonly blocks: readonly JsonObject[];
  readonly clearOnClose: boolean;
  readonly notifyOnClose: boolean;
  readonly rootId: string;
  readonly previousId?: string;
  /** What the person has entered so far, by block id and action id. */
  readonly state: ViewState;
  /** Messages under inputs, by block id, from `response_action: errors` or from Slack's own check. */
  readonly errors: Readonly<Record<string, string>>;
}

export type ViewState = Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;

export interface SlackFile {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly user: string;
  readonly content: Buffer;
  readonly created: number;
  /** `snippet` for text that Slack shows inline, else `hosted`; `external` has no content here. */
  readonly mode: "hosted" | "snippet" | "external";
  readonly channels: readonly string[];
  readonly threadTs?: string;
  readonly altText?: string;
  readonly snippetType?: string;
  /** Slack Connect may send only the id, with `file_access: check_file_info`. */
  readonly isStub?: boolean;
}

/** One call of the Web API, as the app made it. */
export interface Call {
  readonly at: number;
  readonly method: string;
  /** The arguments, without tokens. */
  readonly args: JsonObject;
  /** `ok`, the Slack error code, or the fault that was played. */
  readonly outcome: string;
  /** What was sent back, when anything was. */
  readonly response?: JsonObject;
}

/** What happened to a payload sent to the app. */
export type Ack =
  | { readonly ok: true; readonly payload: unknown }
  | { readonly ok: false; readonly error: AckError };

type AckError =
  | "operation_timeout"
  | "dispatch_failed"
  | "http_client_error"
  | "http_service_error"
  | "invalid_response";

/** One payload sent to the app, with every attempt to deliver it. */
export interface Delivery {
  readonly id: string;
  readonly at: number;
  readonly type: "slash_commands" | "interactive" | "events_api";
  readonly payload: JsonObject;
  readonly attempts: number;
  /** The last outcome; absent while the app still has time. */
  readonly ack?: Ack;
  /** When an event is delivered again, in milliseconds since the Unix epoch. */
  readonly retryAt?: number;
}

/** A change of the workspace or of the traffic, as the event stream tells it. */
export interface Change {
  readonly type:
    | "message"
    | "message_changed"
    | "message_deleted"
    | "ephemeral"
    | "view"
    | "file"
    | "channel"
    | "call"
    | "delivery"
    | "connection";
  readonly at: number;
  readonly id: string;
}

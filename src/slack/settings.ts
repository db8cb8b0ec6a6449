import { DoccError } from "../errors.ts";

/** How docc reaches its Slack app. Read from the environment by src/config.ts. */
export interface SlackSettings {
  /** `socket`: Socket Mode, needs `appToken`. `http`: signed requests, needs `signingSecret`. */
  readonly mode: "socket" | "http";
  /** `xoxb-...` */
  readonly botToken: string;
  /** `xapp-...` with the scope connections:write. */
  readonly appToken?: string;
  readonly signingSecret?: string;
  /** Base URL of the Web API; absent for Slack itself. Anything but https must be on loopback. */
  readonly apiUrl?: string;
  /** TCP port in http mode, 3000 unless told; 0 lets the system choose. */
  readonly port?: number;
  /** Address to listen on in http mode; all addresses unless told. */
  readonly host?: string;
}

const loopback = new Set(["localhost", "127.0.0.1", "[::1]"]);

/**
 * The Web API base URL with its closing slash, checked: a bot token must never leave in the clear.
 * @throws DoccError `bad-config`
 */
export function apiUrlOf(settings: SlackSettings): string | undefined {
  if (settings.apiUrl === undefined) return undefined;
  const url = URL.parse(settings.apiUrl);
  if (url === null || url.username !== "" || url.password !== "") {
    throw new DoccError("bad-config", "The Slack API URL is not a plain URL.");
  }
  const safe = url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url));
  if (!safe) {
    throw new DoccError("bad-config", "The Slack API URL must use https.", {
      hint: "Plain http is accepted for a loopback address only.",
    });
  }
  return url.href.endsWith("/") ? url.href : `${url.href}/`;
}

/** The origin that may serve files besides Slack's own: that of an emulated Slack on loopback. */
export function trustedFileOrigin(settings: SlackSettings): string | undefined {
  const url = URL.parse(apiUrlOf(settings) ?? "");
  return url !== null && isLoopback(url) ? url.origin : undefined;
}

function isLoopback(url: URL): boolean {
  return loopback.has(url.hostname);
}

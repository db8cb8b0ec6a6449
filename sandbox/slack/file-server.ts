import type { Core } from "./core.ts";
import type { Reply } from "./http.ts";
import { decodeUpload, json, text } from "./http.ts";
import type { Fault } from "./faults.ts";
import { filetypeOf } from "./wire.ts";

/**
 * Downloads and uploads. A download without a good token is answered with HTTP 200 and a sign-in
 * page, as Slack does: only a look at the content tells (facts/slack.md section 1, "Files in").
 */
export class FileServer {
  readonly #core: Core;
  readonly #botToken: string;

  constructor(core: Core, botToken: string) {
    this.#core = core;
    this.#botToken = botToken;
  }

  /** Serves `/files-pri/TEAM-FILE/download/NAME`. */
  download(path: string, bearer: string | undefined): Reply {
    const fault = this.#core.faults.take("download");
    if (fault !== undefined) {
      return faultReply(fault) ?? { kind: "reset" };
    }
    const isAllowed = bearer === this.#botToken && this.#core.scopes.includes("files:read");
    if (!isAllowed) {
      return text(signInPage, 200, "text/html; charset=utf-8");
    }
    const id = path.split("/")[2]?.split("-").at(-1) ?? "";
    const file = this.#core.workspace.file(id);
    if (file === undefined || file.mode === "external") {
      return text("not found", 404);
    }
    const [, mimetype] = filetypeOf(file.name);
    const headers = { "content-type": mimetype };
    return { kind: "answer", status: 200, headers, body: file.content };
  }

  /** Serves `/upload/v1/FILE`: no token, the URL is the permission. */
  async upload(path: string, body: Buffer, contentType: string): Promise<Reply> {
    const fault = this.#core.faults.take("upload");
    const broken = faultReply(fault);
    if (broken !== undefined) {
      return broken;
    }
    const content = await decodeUpload(body, contentType);
    const id = path.split("/").at(-1) ?? "";
    if (!this.#core.uploads.receive(id, content)) {
      return text("invalid upload", 400);
    }
    return fault === undefined ? text(`OK - ${content.byteLength}`) : { kind: "reset" };
  }
}

const signInPage =
  "<!DOCTYPE html><html><head><title>Slack</title></head><body>Sign in to your workspace</body></html>";

/**
 * What a fault makes of a request that is no Web API call; nothing when the work is to be done
 * first, which leaves it to the caller to cut the connection afterwards.
 */
export function faultReply(fault: Fault | undefined): Reply | undefined {
  if (fault === undefined) {
    return undefined;
  }
  switch (fault.kind) {
    case "accept-then-reset":
      return undefined;
    case "timeout":
      return { kind: "silence" };
    case "reset":
      return { kind: "reset" };
    case "ratelimited":
      return json({ ok: false, error: "ratelimited" }, 429, {
        "retry-after": String(fault.retryAfterSeconds ?? 1),
      });
    case "status500":
      return text("internal error", 500);
    default:
      return json({ ok: false, error: fault.kind.replace(/^error:/, "") }, 404);
  }
}

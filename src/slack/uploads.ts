import type { webApi } from "@slack/bolt";
import type { Clock } from "../clock.ts";
import type { AnswerFile } from "../commands/answer.ts";
import { DoccError } from "../errors.ts";
import { failureOf } from "./failures.ts";

export interface UploadOptions {
  readonly client: webApi.WebClient;
  readonly clock: Clock;
  /** Origin of an emulated Slack on loopback, which may take files too. */
  readonly trustedOrigin?: string;
}

/** Sends files that docc has made. */
export interface Uploads {
  /**
   * A text file to one person alone, in their direct messages with docc. Tried once: a second file is worse
   * than none.
   * @throws DoccError `slack-refused`, `unavailable`
   */
  send(user: string, file: AnswerFile): Promise<void>;
}

const deadlineMs = 10_000;
const slackFiles = "https://files.slack.com";

/**
 * Slack's three steps: it gives an address, takes the bytes there, and then shows the file
 * (docs.slack.dev/messaging/working-with-files#upload).
 */
export function createUploads(options: UploadOptions): Uploads {
  const { client } = options;
  return {
    send: async (user, { name, text }) => {
      const bytes = Buffer.from(text);
      try {
        const { channel } = await client.conversations.open({ users: user });
        const { upload_url: address, file_id: id } = await client.files.getUploadURLExternal({
          filename: name,
          length: bytes.byteLength,
        });
        await put(options, address, bytes);
        await client.files.completeUploadExternal({
          files: [{ id: id ?? "", title: name }],
          channel_id: channel?.id ?? "",
        });
      } catch (error) {
        throw explained(error);
      }
    },
  };
}

async function put(
  { clock, trustedOrigin }: UploadOptions,
  address: string | undefined,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<void> {
  const url = URL.parse(address ?? "");
  if (url === null || (url.origin !== slackFiles && url.origin !== trustedOrigin)) {
    throw new DoccError("slack-refused", "Slack takes files at an address docc does not trust.");
  }
  const abort = new AbortController();
  const cancel = clock.after(deadlineMs, () => abort.abort());
  try {
    const headers = { "content-type": "application/octet-stream" };
    const init = { method: "POST", headers, body: bytes, signal: abort.signal } as const;
    const { ok, status } = await fetch(url, { ...init, redirect: "error" });
    if (!ok) throw new DoccError("unavailable", `Slack did not take the file (HTTP ${status}).`);
  } finally {
    cancel();
  }
}

function explained(error: unknown): DoccError {
  if (error instanceof DoccError) return error;
  const failure = failureOf(error);
  if (failure.kind !== "permanent") {
    return new DoccError("unavailable", "Slack did not take the file.", {
      hint: "Ask again for it.",
      cause: error,
    });
  }
  if (failure.code === "missing_scope") {
    return new DoccError("slack-refused", "docc may not send files, so there is none.", {
      hint: "An operator can give its Slack app the scope files:write.",
      cause: error,
    });
  }
  return new DoccError("slack-refused", `Slack refused the file (${failure.code}).`, {
    cause: error,
  });
}

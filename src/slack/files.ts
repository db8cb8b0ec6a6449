import type { webApi } from "@slack/bolt";
import { sleep, type Clock } from "../clock.ts";
import type { ManifestFiles } from "../controller/messenger.ts";
import { DoccError } from "../errors.ts";
import { cap } from "../text/cap.ts";
import { oneLine } from "../text/clean.ts";
import { backoffMs } from "./budget.ts";
import { failureOf } from "./failures.ts";
import { limits } from "./limits.ts";

export interface FilesOptions {
  readonly client: webApi.WebClient;
  readonly botToken: string;
  readonly clock: Clock;
  readonly random: () => number;
  /** Origin of an emulated Slack on loopback, which may serve files too. */
  readonly trustedOrigin?: string;
  /** How to reach the network; the global fetch unless told. */
  readonly fetch?: (url: URL, init: RequestInit) => Promise<Response>;
}

const attempts = 3;
const deadlineMs = 5_000;
const slackFiles = "https://files.slack.com";
/** Slack keeps small text files as `snippet`, all other uploads as `hosted`. */
const storedBySlack = new Set(["hosted", "snippet"]);

/**
 * Reads files that people gave to Slack. The bot token goes to Slack's file host alone, never along
 * a redirect, and nothing but a small file that Slack itself stores is read
 * (facts/trust.md section 2, "Download").
 */
export function createManifestFiles(options: FilesOptions): ManifestFiles {
  return {
    read: async (file) => {
      const { name, url } = await retrying(options, () => locate(options, file));
      return { name, text: await retrying(options, () => download(options, url)) };
    },
  };
}

/** Something that may pass by itself. */
class Transient extends DoccError {}

async function retrying<T>({ clock, random }: FilesOptions, work: () => Promise<T>): Promise<T> {
  for (let failures = 0; ; failures += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Transient) || failures + 1 >= attempts) throw error;
      await sleep(clock, backoffMs(failures, random()));
    }
  }
}

async function locate(
  { client, trustedOrigin }: FilesOptions,
  id: string,
): Promise<{ name: string; url: URL }> {
  const info = await client.files.info({ file: id }).catch((error: unknown) => {
    throw fileError(error);
  });
  const {
    is_external: isExternal,
    mode,
    name,
    size,
    url_private_download: address,
  } = info.file ?? {};
  if (isExternal === true || !storedBySlack.has(mode ?? "")) {
    throw new DoccError("bad-input", "Slack does not store that file itself.", {
      hint: "Upload the manifest as a file instead of linking it.",
    });
  }
  if ((size ?? 0) > limits.manifestBytes) throw tooBig();
  return { name: cap(oneLine(name ?? "manifest"), 100), url: checked(address, trustedOrigin) };
}

function fileError(error: unknown): DoccError {
  const failure = failureOf(error);
  if (failure.kind === "transient" || failure.kind === "rate-limited") {
    return new Transient("unavailable", "Slack did not tell about the file.", { cause: error });
  }
  if (["file_not_found", "file_deleted", "file_not_visible"].includes(failure.code)) {
    return new DoccError("not-found", "The file is gone, or docc may not see it.", {
      hint: "Upload the manifest again.",
      cause: error,
    });
  }
  return new DoccError("slack-refused", `Slack refused to give the file (${failure.code}).`, {
    cause: error,
  });
}

/** The only addresses that ever see the bot token. */
function checked(address: string | undefined, trustedOrigin: string | undefined): URL {
  const url = URL.parse(address ?? "");
  const trusted =
    url !== null &&
    (url.origin === slackFiles || url.origin === trustedOrigin) &&
    url.username === "" &&
    url.password === "";
  if (trusted) return url;
  throw new DoccError("slack-refused", "Slack keeps the file at an address docc does not trust.");
}

async function download(options: FilesOptions, url: URL): Promise<Uint8Array> {
  const abort = new AbortController();
  const cancel = options.clock.after(deadlineMs, () => abort.abort());
  try {
    const response = await (options.fetch ?? fetch)(url, {
      headers: { authorization: `Bearer ${options.botToken}` },
      redirect: "manual",
      signal: abort.signal,
    });
    return await contentOf(response);
  } catch (error) {
    if (error instanceof DoccError) throw error;
    throw new Transient("unavailable", "The file could not be fetched from Slack.", {
      cause: error,
    });
  } finally {
    cancel();
    abort.abort();
  }
}

async function contentOf(response: Response): Promise<Uint8Array> {
  if (response.status >= 500 || response.status === 429) {
    throw new Transient("unavailable", "Slack did not serve the file.");
  }
  if (response.status !== 200) {
    throw new DoccError("slack-refused", `Slack did not serve the file (HTTP ${response.status}).`);
  }
  const bytes = await atMost(response, limits.manifestBytes);
  // A token without the right to the file is answered with 200 and a sign-in page.
  if (isHtml(response.headers.get("content-type") ?? "", bytes)) {
    throw new DoccError("slack-refused", "Slack showed docc a sign-in page instead of the file.", {
      hint: "An operator should check the app's files:read scope.",
    });
  }
  return bytes;
}

async function atMost(response: Response, max: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > max) throw tooBig();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function isHtml(contentType: string, bytes: Uint8Array): boolean {
  const start = Buffer.from(bytes.subarray(0, 64)).toString("latin1").trimStart().toLowerCase();
  return (
    /^text\/html\b/i.test(contentType) ||
    start.startsWith("<!doctype html") ||
    start.startsWith("<html")
  );
}

function tooBig(): DoccError {
  return new DoccError("too-big", `A manifest has at most ${limits.manifestBytes / 1024} KiB.`);
}

import { isKubeError } from "../k8s/errors.ts";
import type { Release, SlackThread } from "../release/release.ts";
import type { ControllerPorts } from "./ports.ts";

/** A thread, and the release as it was when all of it was noted. */
export interface Noted {
  readonly thread: SlackThread;
  readonly noted: Release;
}

/**
 * What has been told, in the records. Slack may take a message and the API server refuse the note of
 * it: then the note is what is tried again, never the message.
 */
export class ThreadNotes {
  readonly #ports: Pick<ControllerPorts, "records" | "cache">;
  /** Told, and not yet noted: what it shall be, and what it was. */
  readonly #open = new Map<string, { readonly thread: SlackThread; readonly before: Release }>();

  constructor(ports: Pick<ControllerPorts, "records" | "cache">) {
    this.#ports = ports;
  }

  /** What is told of a release, once all of it is noted. */
  async settled(release: Release): Promise<Noted | undefined> {
    const open = this.#open.get(release.metadata.name);
    if (open !== undefined) {
      return { thread: open.thread, noted: await this.write(open.before, open.thread) };
    }
    const thread = release.status?.slack;
    return thread === undefined ? undefined : { thread, noted: release };
  }

  /** @param before the release with its thread as this process knows it */
  async write(before: Release, thread: SlackThread): Promise<Release> {
    const { name } = before.metadata;
    this.#open.set(name, { thread, before });
    try {
      const noted = await this.#ports.records.writeThread(before, thread);
      this.#ports.cache.remember(noted);
      this.#open.delete(name);
      return noted;
    } catch (error) {
      // Another replica tells it: what is in its note counts.
      if (isKubeError(error, "conflict")) this.#open.delete(name);
      throw error;
    }
  }
}

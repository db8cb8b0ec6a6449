import { isKubeError } from "../k8s/errors.ts";
import type { RecordCache } from "../k8s/record-cache.ts";
import type { Records } from "../k8s/records.ts";
import type { Release, SlackThread } from "../release/release.ts";

interface ThreadRecords {
  readonly records: Pick<Records, "writeThread">;
  readonly cache: Pick<RecordCache, "remember">;
}

/** A thread, and the release as it was when all of it was noted. */
export interface Noted {
  readonly thread: SlackThread;
  readonly noted: Release;
}

/**
 * What has been told, in the records. Slack may take a message and the API server refuse the note of
 * it: then the note is what is tried again, never the message. One for the life of a process, because
 * the note may fail with the lease: when the process leads again it must still know.
 */
export class ThreadNotes {
  readonly #to: ThreadRecords;
  /** Told, and not yet noted, by the uid of the release: what it shall be, and what it was. */
  readonly #open = new Map<string, { readonly thread: SlackThread; readonly before: Release }>();

  constructor(to: ThreadRecords) {
    this.#to = to;
  }

  /** What is told of a release, once all of it is noted. */
  async settled(release: Release): Promise<Noted | undefined> {
    const open = this.#open.get(release.metadata.uid);
    if (open !== undefined) {
      return { thread: open.thread, noted: await this.write(open.before, open.thread) };
    }
    const thread = release.status?.slack;
    return thread === undefined ? undefined : { thread, noted: release };
  }

  /** @param before the release with its thread as this process knows it */
  async write(before: Release, thread: SlackThread): Promise<Release> {
    const { uid } = before.metadata;
    this.#open.set(uid, { thread, before });
    try {
      const noted = await this.#to.records.writeThread(before, thread);
      this.#to.cache.remember(noted);
      this.#open.delete(uid);
      return noted;
    } catch (error) {
      // Another replica tells it: what is in its note counts.
      if (isKubeError(error, "conflict")) this.#open.delete(uid);
      throw error;
    }
  }
}

import type { RecordCache } from "../k8s/record-cache.ts";
import type { Records } from "../k8s/records.ts";
import type { Application, DriftNote } from "../release/release.ts";
import { noteDrift } from "./heads.ts";

/**
 * What people have been told of changes outside docc, in the heads of apps. When a note fails, it is what is tried
 * again, never the message. One for the life of a process, as {@link ThreadNotes} are.
 */
export class DriftNotes {
  readonly #to: {
    readonly records: Records;
    readonly cache: Pick<RecordCache, "rememberApplication">;
  };
  /** Told, and not yet noted, by the uid of the head: and the hash of what was noted before. */
  readonly #open = new Map<
    string,
    { readonly note: DriftNote | undefined; readonly before: string | undefined }
  >();

  constructor(to: { readonly records: Records; readonly cache: RecordCache }) {
    this.#to = to;
  }

  /** The head with what people know, once all of it is noted. */
  async settled(head: Application): Promise<Application> {
    const open = this.#open.get(head.metadata.uid);
    // Another process has told something since, or the note has arrived after all.
    if (open === undefined || open.before !== head.status?.drift?.hash) return head;
    return this.write(head, open.note);
  }

  /** @throws KubeError when it is not noted: {@link settled} tries again */
  async write(head: Application, note: DriftNote | undefined): Promise<Application> {
    const { uid } = head.metadata;
    const open = { note, before: head.status?.drift?.hash };
    this.#open.set(uid, open);
    const written = await noteDrift(this.#to.records, head, open);
    this.#to.cache.rememberApplication(written);
    this.#open.delete(uid);
    return written;
  }
}

import type { ObjectMeta } from "../release/release.ts";
import type { Change } from "./mirror.ts";

/** What every record has. */
interface Stored {
  readonly metadata: ObjectMeta;
}

const mostGone = 1_000;

export function nameOf({ metadata }: Stored): string {
  return metadata.name;
}

/** What this process wrote, until the watch has told of it or of something newer. */
export class OwnWrites<T extends Stored> {
  readonly #written = new Map<string, T>();
  /** Uids of what the watch has told is deleted, the newest last. */
  readonly #gone = new Set<string>();

  newest(name: string): T | undefined {
    return this.#written.get(name);
  }

  /** @param heard what the watch has told last: an answer that comes after it must not hide it */
  remember(record: T, heard: T | undefined): void {
    if (
      heard !== undefined &&
      heard.metadata.uid === record.metadata.uid &&
      !isNewer(record, heard)
    )
      return;
    // Deleted by others before the answer to our write came: nothing more will be heard of it.
    if (this.#gone.has(record.metadata.uid)) return;
    const known = this.#written.get(nameOf(record));
    if (known === undefined || !isNewer(known, record)) this.#written.set(nameOf(record), record);
  }

  heard({ type, value }: Change<T>): void {
    if (type === "deleted") this.#forget(value.metadata.uid);
    const mine = this.#written.get(nameOf(value));
    if (mine === undefined) return;
    if (type === "deleted" || !isNewer(mine, value)) this.#written.delete(nameOf(value));
  }

  /** Answers are late by seconds: what was deleted long before need not be known. */
  #forget(uid: string): void {
    this.#gone.add(uid);
    const [oldest] = this.#gone;
    if (oldest !== undefined && this.#gone.size > mostGone) this.#gone.delete(oldest);
  }
}

/** Resource versions are comparable as whole numbers since Kubernetes 1.35 (KEP-5504). */
function isNewer(a: Stored, b: Stored): boolean {
  return (
    a.metadata.uid === b.metadata.uid &&
    BigInt(a.metadata.resourceVersion) > BigInt(b.metadata.resourceVersion)
  );
}

import type { ObjectMeta } from "../release/release.ts";
import type { Change } from "./mirror.ts";

/** What every record has. */
interface Stored {
  readonly metadata: ObjectMeta;
}

export function nameOf({ metadata }: Stored): string {
  return metadata.name;
}

/** What this process wrote, until the watch has told of it or of something newer. */
export class OwnWrites<T extends Stored> {
  readonly #written = new Map<string, T>();

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
    const known = this.#written.get(nameOf(record));
    if (known === undefined || !isNewer(known, record)) this.#written.set(nameOf(record), record);
  }

  heard({ type, value }: Change<T>): void {
    const mine = this.#written.get(nameOf(value));
    if (mine === undefined) return;
    if (type === "deleted" || !isNewer(mine, value)) this.#written.delete(nameOf(value));
  }
}

/** Resource versions are comparable as whole numbers since Kubernetes 1.35 (KEP-5504). */
function isNewer(a: Stored, b: Stored): boolean {
  return (
    a.metadata.uid === b.metadata.uid &&
    BigInt(a.metadata.resourceVersion) > BigInt(b.metadata.resourceVersion)
  );
}

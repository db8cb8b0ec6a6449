import type { Identity } from "../release/release.ts";

/** A person, and all that manifests and rules may call them. */
export interface NamedPerson {
  readonly person: Identity;
  /** Of theirs, as Slack or the cluster has it; absent where nobody tells. */
  readonly address?: string;
  /** Slack ids and `kubernetes:NAME`: their own, and those of the groups that they are in. */
  readonly ids: readonly string[];
  /** What else they may be called and is not known here, in a sentence: said rather than an app left out in silence. */
  readonly note?: string;
}

/** Tells the names, in manifests and rules, that mean this person. Addresses are compared whatever their case. */
export function ownNames({ address, ids }: NamedPerson): (name: string) => boolean {
  const names = new Set([...ids, ...(address === undefined ? [] : [address.toLowerCase()])]);
  return (name) => names.has(name.includes("@") ? name.toLowerCase() : name);
}

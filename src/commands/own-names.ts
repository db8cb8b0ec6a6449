import type { Identity } from "../release/release.ts";

/** A person, and all that manifests and rules may call them. */
export interface NamedPerson {
  readonly person: Identity;
  /** Of theirs, as Slack has it; absent where Slack does not tell. */
  readonly address?: string;
  /** Slack ids and `kubernetes:NAME`: their own, and those of the groups that they are in. */
  readonly ids: readonly string[];
}

/** Tells the names, in manifests and rules, that mean this person. Addresses are compared whatever their case. */
export function ownNames({ address, ids }: NamedPerson): (name: string) => boolean {
  const names = new Set([...ids, ...(address === undefined ? [] : [address.toLowerCase()])]);
  return (name) => names.has(name.includes("@") ? name.toLowerCase() : name);
}

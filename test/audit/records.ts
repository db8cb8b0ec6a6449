import { createHash } from "node:crypto";
import fc from "fast-check";
import { type AuditRecord, recordTypes } from "../../src/audit/record.ts";
import { emptyHead, type Head, seal, type Segment } from "../../src/audit/segment.ts";

export const hash = (text: string): string => createHash("sha256").update(text).digest("hex");

export const morning = Date.UTC(2017, 11, 6, 9);

export function record(name: string, more: Partial<AuditRecord> = {}): AuditRecord {
  return {
    name,
    time: new Date(morning).toISOString(),
    type: "command",
    word: "deploy",
    who: { provider: "slack", team: "T0TEAM", user: "UDEVELOPER" },
    outcome: "ok",
    ...more,
  };
}

/** Any records, each with a name of its own, some in the same millisecond. */
export const someRecords = fc
  .uniqueArray(fc.stringMatching(/^[a-z0-9]{1,12}$/), { minLength: 1, maxLength: 12 })
  .chain((names) =>
    fc.tuple(
      ...names.map((name) =>
        fc.record({
          name: fc.constant(name),
          time: fc.integer({ min: 0, max: 3 }).map((ms) => new Date(morning + ms).toISOString()),
          type: fc.constantFrom(...recordTypes),
          word: fc.constantFrom("deploy", "reject", "list"),
          who: fc.record({
            provider: fc.constant("slack" as const),
            team: fc.constant("T0TEAM"),
            user: fc.constantFrom("UDEVELOPER", "UAPPROVER"),
          }),
          outcome: fc.constantFrom("ok", "not-allowed"),
          reason: fc.string({ minLength: 1, maxLength: 20 }),
        }),
      ),
    ),
  );

/** A chain of one segment for each group of records. */
export function chainOf(
  groups: readonly (readonly AuditRecord[])[],
  from: Head = emptyHead,
): readonly Segment[] {
  const segments: Segment[] = [];
  for (const group of groups) {
    const head = segments.at(-1) ?? from;
    segments.push(seal(head, group, morning + segments.length * 60_000, hash).segment);
  }
  return segments;
}

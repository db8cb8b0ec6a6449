import { describe, expect, it } from "vitest";
import { type AuditRecord, longest, recordTypes, type Who } from "../../src/audit/record.ts";
import { seal, emptyHead, type Segment, segmentLimits } from "../../src/audit/segment.ts";
import { crdSchema, type Schema, schemaAt, violations } from "../release/crd-schema.ts";
import { hash, morning, record } from "./records.ts";

const records = crdSchema("auditrecords");
const segments = crdSchema("auditsegments");

type Keys<T> = Readonly<Record<keyof Required<T> & string, true>>;
const sortedKeys = (table: object): readonly string[] => Object.keys(table).toSorted();

describe("the CRDs of the audit log", () => {
  const spec: Keys<Omit<AuditRecord, "name">> = {
    time: true,
    type: true,
    word: true,
    who: true,
    outcome: true,
    app: true,
    environment: true,
    channel: true,
    delivery: true,
    release: true,
    digest: true,
    reason: true,
    words: true,
    derived: true,
  };
  const who: Keys<Who> = { provider: true, team: true, user: true };
  const segment: Keys<Segment> = {
    number: true,
    previous: true,
    sealedAt: true,
    records: true,
    hash: true,
  };
  it.each<[string, Schema, object]>([
    ["records", schemaAt(records, "spec"), spec],
    ["who acted", schemaAt(records, "spec.who"), who],
    ["segments", schemaAt(segments, "spec"), segment],
  ])("have the fields of the code for %s", (_name, schema, keys) => {
    expect(sortedKeys(schema.properties ?? {})).toEqual(sortedKeys(keys));
  });

  it("have the code's types and lengths", () => {
    const { properties = {} } = schemaAt(records, "spec");
    expect(properties["type"]?.enum).toEqual([...recordTypes]);
    const { team, user, words, oneWord, ...texts } = longest;
    for (const [key, length] of Object.entries(texts)) {
      expect(properties[key]?.maxLength, key).toBe(length);
    }
    expect(properties["words"]).toMatchObject({ maxItems: words, items: { maxLength: oneWord } });
    expect(properties["who"]?.properties).toMatchObject({
      team: { maxLength: team },
      user: { maxLength: user, minLength: 1 },
    });
    expect(schemaAt(segments, "spec.records").maxItems).toBe(segmentLimits.records);
  });

  it.each([records, segments])("let nobody change what is there", (schema) => {
    expect(schema["x-kubernetes-validations"]?.map(({ rule }) => rule)).toContain(
      "self.spec == oldSelf.spec",
    );
  });

  it("take the longest record, alone and in a segment", () => {
    const text = "€".repeat(2_000);
    const { name, ...longestRecord } = record("x".repeat(253), {
      reason: text.slice(0, longest.reason),
      delivery: text.slice(0, longest.delivery),
      words: Array.from({ length: longest.words }, () => text.slice(0, longest.oneWord)),
      release: "r".repeat(longest.release),
    });
    expect(violations(schemaAt(records, "spec"), longestRecord)).toEqual([]);
    const { segment: sealed } = seal(emptyHead, [{ name, ...longestRecord }], morning, hash);
    expect(violations(schemaAt(segments, "spec"), sealed)).toEqual([]);
  });
});

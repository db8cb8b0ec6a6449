import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hashOf, recordsIn, seal, type Segment } from "../../src/audit/segment.ts";
import { begin, finish, follow, type Verdict } from "../../src/audit/verify.ts";
import type { AuditRecord } from "../../src/audit/record.ts";
import { chainOf, hash, morning, record, someRecords } from "./records.ts";

function verify(
  segments: readonly Segment[],
  unsealed: readonly AuditRecord[] = [],
  marks: { readonly head?: string; readonly after?: string } = {},
): Verdict {
  const options = { hash, ...marks };
  const progress = segments.reduce((at, each) => follow(at, each, options), begin(options));
  return finish(progress, unsealed, options);
}

function problemOf(verdict: Verdict): string {
  return verdict.ok ? "" : verdict.problem;
}

/** Four segments of two records each. */
const chain = chainOf(["a", "b", "c", "d"].map((name) => [record(`${name}1`), record(`${name}2`)]));
const [first, second, third, last] = chain as [Segment, Segment, Segment, Segment];

/** What somebody with all rights would do: changed, and its own hash put right. */
function rehashed(segment: Segment, change: Partial<Segment>): Segment {
  const changed = { ...segment, ...change };
  return { ...changed, hash: hashOf(changed, hash) };
}

describe("the verification of the audit log", () => {
  it("says what it found in a log that holds", () => {
    expect(verify(chain, [record("e1")])).toEqual({
      ok: true,
      head: { number: 4, hash: last.hash },
      segments: 4,
      records: 8,
      unsealed: 1,
    });
  });

  it("does not take a log without segments for one that holds", () => {
    expect(verify([], [record("a")])).toEqual({
      ok: false,
      problem: "There is no segment: nothing is sealed.",
    });
  });

  const forged = rehashed(second, { records: [...second.records].reverse() });
  const rewritten = (): readonly Segment[] => {
    const three = rehashed(third, { previous: forged.hash });
    return [first, forged, three, rehashed(last, { previous: three.hash })];
  };
  it.each<[name: string, log: readonly Segment[], problem: string]>([
    [
      "a changed record",
      [first, { ...second, records: [second.records[0] ?? "", "{}"] }, third, last],
      "Segment 2 was changed: its content has another hash than it says.",
    ],
    [
      "a changed time of sealing",
      [first, second, { ...third, sealedAt: first.sealedAt }, last],
      "Segment 3 was changed: its content has another hash than it says.",
    ],
    [
      "a segment forged with a hash of its own",
      [first, forged, third, last],
      "Segment 3 does not follow on segment 2: one of them was replaced.",
    ],
    ["a missing segment", [first, second, last], "Segment 3 is missing: segment 4 comes next."],
    [
      "a missing beginning",
      [second, third, last],
      "Segment 1 is missing: the log begins with segment 2.",
    ],
    [
      "another beginning",
      [rehashed(first, { previous: last.hash })],
      "Segment 1 does not follow on an empty log: what came before it was cut off or replaced.",
    ],
  ])("finds %s", (_name, log, problem) => {
    expect(problemOf(verify(log))).toBe(problem);
  });

  it("finds a tail that was cut off only by a head that was kept elsewhere", () => {
    expect(verify([first, second, third]).ok).toBe(true);
    expect(problemOf(verify([first, second, third], [], { head: last.hash }))).toBe(
      `The head ${last.hash} is not in the log: it ends with segment 3, so it was cut off or rewritten.`,
    );
    expect(problemOf(verify([], [], { head: last.hash }))).toContain("there is no segment at all");
  });

  it("finds a log that was rewritten from some place on by a head that was kept elsewhere", () => {
    expect(verify(rewritten()).ok).toBe(true);
    expect(verify(rewritten(), [], { head: last.hash }).ok).toBe(false);
  });

  it("takes a head of some time ago, for the log has grown since", () => {
    expect(verify(chain, [], { head: second.hash }).ok).toBe(true);
  });

  it("goes on behind an archive, and only behind the very one", () => {
    expect(verify([third, last], [], { after: second.hash }).ok).toBe(true);
    expect(problemOf(verify([third, last], [], { after: first.hash }))).toBe(
      "Segment 3 does not follow on the archive's last segment: what came before it was cut off or replaced.",
    );
  });

  it("does not count a record as unsealed that is sealed and not yet deleted", () => {
    expect(verify(chain, recordsIn(last))).toMatchObject({ ok: true, unsealed: 0 });
  });

  it("finds a record that was put in the place of a sealed one", () => {
    const other = record("d1", { who: { provider: "slack", team: "T0TEAM", user: "UELSE" } });
    expect(problemOf(verify(chain, [other]))).toBe(
      "The record d1 was replaced: segment 4 has sealed another one.",
    );
  });

  const someGroups = fc.array(someRecords, { minLength: 1, maxLength: 6 });

  it("finds any change of one character", () => {
    const change = fc.record({
      at: fc.nat(),
      line: fc.nat(),
      place: fc.nat(),
      by: fc.integer({ min: 1, max: 90 }),
    });
    fc.assert(
      fc.property(someGroups, change, (groups, { at, line, place, by }) => {
        const log = chainOf(groups);
        const victim = log[at % log.length] ?? first;
        const text = JSON.stringify({ ...victim, records: undefined });
        const target = line % (victim.records.length + 1);
        const flip = (value: string): string => {
          const spot = place % value.length;
          const code = 33 + ((((value.charCodeAt(spot) - 33 + by) % 93) + 93) % 93);
          return value.slice(0, spot) + String.fromCharCode(code) + value.slice(spot + 1);
        };
        const changed: Segment =
          target < victim.records.length
            ? {
                ...victim,
                records: victim.records.map((each, index) =>
                  index === target ? flip(each) : each,
                ),
              }
            : place % 2 === 0
              ? { ...victim, hash: flip(victim.hash) }
              : { ...victim, previous: flip(victim.previous) };
        fc.pre(
          text !== JSON.stringify({ ...changed, records: undefined }) ||
            JSON.stringify(changed.records) !== JSON.stringify(victim.records),
        );
        const tampered = log.map((each) => (each === victim ? changed : each));
        // The last one's own hash is the head: only the one kept elsewhere proves it.
        expect(verify(tampered, [], { head: log.at(-1)?.hash ?? "" }).ok).toBe(false);
      }),
    );
  });

  it("finds any segment that was taken out", () => {
    fc.assert(
      fc.property(fc.array(someRecords, { minLength: 2, maxLength: 6 }), fc.nat(), (groups, at) => {
        const log = chainOf(groups);
        const gone = at % (log.length - 1);
        expect(verify(log.toSpliced(gone, 1)).ok).toBe(false);
        expect(verify(log.slice(0, -1), [], { head: log.at(-1)?.hash ?? "" }).ok).toBe(false);
      }),
    );
  });

  it("finds any two segments that changed places", () => {
    fc.assert(
      fc.property(fc.array(someRecords, { minLength: 2, maxLength: 6 }), fc.nat(), (groups, at) => {
        const log = chainOf(groups);
        const place = at % (log.length - 1);
        const [one, two] = log.slice(place, place + 2);
        if (one === undefined || two === undefined) return;
        expect(verify(log.toSpliced(place, 2, two, one)).ok).toBe(false);
      }),
    );
  });
});

describe("sealing", () => {
  it("does not depend on the order in which records are found", () => {
    fc.assert(
      fc.property(
        someRecords.chain((records) =>
          fc.tuple(
            fc.constant(records),
            fc.shuffledSubarray(records, { minLength: records.length }),
          ),
        ),
        ([records, shuffled]) => {
          const head = { number: 7, hash: last.hash };
          const one = seal(head, records, morning, hash);
          expect(seal(head, shuffled, morning, hash).segment).toEqual(one.segment);
          expect(recordsIn(one.segment)).toHaveLength(records.length);
        },
      ),
    );
  });

  it("takes the oldest that fit, and always at least one", () => {
    const many = Array.from({ length: 700 }, (_, at) =>
      record(`r${at}`, { time: new Date(morning + ((at * 37) % 700)).toISOString() }),
    );
    const { sealed } = seal(last, many, morning, hash);
    expect(sealed).toHaveLength(500);
    const times = many.map(({ time }) => time).toSorted();
    expect(sealed.map(({ time }) => time)).toEqual(times.slice(0, 500));

    const words = Array.from({ length: 60 }, () => "w".repeat(120));
    const large = Array.from({ length: 50 }, (_, at) => record(`l${at}`, { words }));
    const bytes = seal(last, large, morning, hash).segment.records.join("").length;
    expect(bytes).toBeLessThanOrEqual(256 * 1024);
    expect(bytes).toBeGreaterThan(200 * 1024);
    expect(
      seal(last, [record("x", { reason: "r".repeat(300_000) })], morning, hash).sealed,
    ).toHaveLength(1);
  });
});

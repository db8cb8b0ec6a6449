import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { packed } from "../../src/k8s/packed.ts";
import { plan, release } from "../release/releases.ts";

const objects = JSON.stringify(Array.from({ length: 50 }, (_, at) => ({ kind: "Service", at })));
const long = { ...plan, objects };
const ended = (texts: Partial<typeof plan> = {}) =>
  release({ phase: "succeeded", transitions: [], revision: 1, plan: { ...long, ...texts } });

const seed = Number(process.env["FC_SEED"] ?? Date.now() % 2 ** 31);

describe("a finished release as it is kept", () => {
  it(`reads, spreads and serializes as the whole one (seed ${seed})`, () => {
    const text = fc.string({ unit: "binary", maxLength: 200 });
    fc.assert(
      fc.property(text, text, (manifest, diff) => {
        const whole = ended({ manifest, diff });
        const kept = packed(whole);
        expect(kept.status?.plan).not.toBe(whole.status?.plan);
        expect(JSON.stringify(kept.status?.plan?.manifest)).toBe(JSON.stringify(manifest));
        expect({ ...kept.status?.plan }).toEqual(whole.status?.plan);
        expect(JSON.parse(JSON.stringify(kept))).toEqual(JSON.parse(JSON.stringify(whole)));
      }),
      { seed, numRuns: 30 },
    );
  });

  it("holds its texts compressed", () => {
    const kept = packed(ended()).status?.plan;
    const held = Object.getOwnPropertyDescriptors(kept ?? {});
    expect(held).toMatchObject({ objects: { get: expect.any(Function) as unknown } });
  });

  it("is the very one while it is not over, or has nothing to pack", () => {
    const running = release({ phase: "progressing", transitions: [], revision: 1, plan: long });
    expect(packed(running)).toBe(running);
    const refused = release({ phase: "refused", transitions: [] });
    expect(packed(refused)).toBe(refused);
    const small = release({ phase: "succeeded", transitions: [], revision: 1, plan });
    expect(packed(small).status?.plan).toBe(small.status?.plan);
  });
});

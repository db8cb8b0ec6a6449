import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { packed } from "../../src/k8s/packed.ts";
import { plan, release } from "../release/releases.ts";

const objects = JSON.stringify(Array.from({ length: 50 }, (_, at) => ({ kind: "Service", at })));
const long = { ...plan, objects };
const inventory = [{ apiVersion: "v1", kind: "Service", namespace: "apps", name: "web" }];
const ended = (texts: Partial<typeof plan> = {}, manifest = "{}") =>
  release(
    { phase: "succeeded", transitions: [], revision: 1, inventory, plan: { ...long, ...texts } },
    { source: { type: "inline", manifest } },
  );

const seed = Number(process.env["FC_SEED"] ?? Date.now() % 2 ** 31);

describe("a finished release as it is kept", () => {
  it(`reads, spreads and serializes as the whole one (seed ${seed})`, () => {
    const text = fc.string({ unit: "binary", maxLength: 200 });
    fc.assert(
      fc.property(text, text, text, (manifest, diff, given) => {
        const whole = ended({ manifest, diff }, given);
        const kept = packed(whole);
        expect(kept.status?.plan).not.toBe(whole.status?.plan);
        expect(JSON.stringify(kept.status?.plan?.manifest)).toBe(JSON.stringify(manifest));
        expect(kept.status?.inventory).toEqual(inventory);
        expect({ ...kept.status?.plan }).toEqual(whole.status?.plan);
        expect({ ...kept.spec.source }).toEqual(whole.spec.source);
        expect({ ...kept.status, phase: "failed" }).toEqual({ ...whole.status, phase: "failed" });
        expect(JSON.parse(JSON.stringify(kept))).toEqual(JSON.parse(JSON.stringify(whole)));
      }),
      { seed, numRuns: 30 },
    );
  });

  it("holds what is large compressed, and keeps what every list reads at hand", () => {
    const { spec, status } = packed(ended());
    const unpacks = { get: expect.any(Function) as unknown };
    const own = (object: object = {}) => Object.getOwnPropertyDescriptors(object);
    expect(own(status?.plan)).toMatchObject({ objects: unpacks, changes: unpacks });
    expect(own(status)).toMatchObject({ inventory: unpacks, phase: { value: "succeeded" } });
    expect(own(spec.source)).toMatchObject({ manifest: unpacks, type: { value: "inline" } });
  });

  it("adds no member that was not there", () => {
    const { spec, status } = packed(
      release({ phase: "succeeded", transitions: [], revision: 1, plan: long }),
    );
    expect(Object.keys(status ?? {}).toSorted()).toEqual([
      "phase",
      "plan",
      "revision",
      "transitions",
    ]);
    expect(Object.keys(spec.source)).toEqual(["type"]);
  });

  it("is the very one while it is not over, or has nothing to pack", () => {
    const running = release({ phase: "progressing", transitions: [], revision: 1, plan: long });
    expect(packed(running)).toBe(running);
    const refused = release({ phase: "refused", transitions: [] });
    expect(packed(refused)).toBe(refused);
    const small = release({ phase: "succeeded", transitions: [], revision: 1, plan });
    expect(packed(small)).toBe(small);
  });
});

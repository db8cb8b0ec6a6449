import { describe, expect, it } from "vitest";
import { examine, type Fault } from "../../fuzz/examine.ts";
import { minimised } from "../../fuzz/found.ts";
import { run } from "../../fuzz/run.ts";
import type { Found } from "../../fuzz/tally.ts";
import type { Case } from "../../fuzz/target.ts";
import { targets } from "./planted.ts";

const module = new URL("./planted.ts", import.meta.url).href;
const seed = 42;

/** Of the inputs 0 to 99 those of index 33 and 83 have the fault. */
async function find(
  target: string,
  patience = 20_000,
): Promise<{
  readonly inputs: number;
  readonly found: readonly Found[];
  readonly caseOf: (index: number) => Case;
}> {
  const caseOf = targets.get(target)?.open(seed);
  if (caseOf === undefined) {
    throw new Error(`no target ${target}`);
  }
  const plan = { module, target, seed, runs: 100, workers: 2, patience };
  const { inputs, found } = await run(plan, caseOf);
  return { inputs, found: [...found.values()], caseOf };
}

describe("a planted fault", () => {
  it.each([
    ["throws", { kind: "crash", what: /^TypeError at test\/fuzz\/planted\.ts:\d+$/u }],
    ["breaks", { kind: "broken", what: /^planted$/u }],
    ["dawdles", { kind: "slow", what: /^takes more than 100 ms/u }],
    ["hangs", { kind: "slow", what: /^does not end$/u }],
    ["exits", { kind: "crash", what: /^ends the thread/u }],
  ])("that %s is found, with its first input, among all others", async (target, expected) => {
    const { found } = await find(target, target === "hangs" ? 1_000 : undefined);

    expect(found).toHaveLength(1);
    expect(found[0]?.fault.kind).toBe(expected.kind);
    expect(found[0]?.fault.what).toMatch(expected.what);
    expect(found[0]?.count).toBe(2);
    expect(found[0]?.first.index).toBe(33);
  });

  it("is replayed by its index alone", async () => {
    const { found, caseOf } = await find("throws");
    const faultsOf = (index: number): readonly Fault[] => {
      const one = caseOf(index);
      return examine(one, one.source).faults;
    };

    expect(faultsOf(found[0]?.first.index ?? 0)).toEqual([
      expect.objectContaining({ kind: "crash" }),
    ]);
    expect(faultsOf(34)).toEqual([]);
  });

  it("is minimised, and described without a machine's folders", async () => {
    const { found, caseOf } = await find("throws");
    const [first] = found;
    const settings = { target: "throws", seed, patience: 10_000 };
    const { source, description } = minimised(first as Found, caseOf(33), settings);

    expect(source).toBe("needle");
    expect(description).toContain("replay: npm run fuzz -- throws --seed 42 --only 33");
    expect(description).not.toMatch(/\(\/|file:/u);
  });

  it("takes no other input with it", async () => {
    const { inputs } = await find("throws");
    expect(inputs).toBe(100);
  });
});

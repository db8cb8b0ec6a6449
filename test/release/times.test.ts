import { describe, expect, it } from "vitest";
import { timesOf } from "../../src/release/times.ts";

const operator = { timeout: 600_000, stable: 60_000 };

describe("timesOf", () => {
  it("gives the operator's where the manifest says nothing", () => {
    expect(timesOf({}, operator)).toEqual(operator);
    expect(timesOf({ deploy: {} }, operator)).toEqual(operator);
  });

  it("takes each of them from the manifest alone", () => {
    expect(timesOf({ deploy: { timeout: "1h30m" } }, operator)).toEqual({
      timeout: 5_400_000,
      stable: 60_000,
    });
    expect(timesOf({ deploy: { stable: "0s" } }, operator)).toEqual({
      timeout: 600_000,
      stable: 0,
    });
  });
});

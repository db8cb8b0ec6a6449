import { describe, expect, it } from "vitest";
import { canonicalQuantity } from "../../../sandbox/cluster/facade/quantity.ts";

describe("a quantity", () => {
  // As k8s.io/apimachinery v0.35 reads and writes them.
  it.each([
    ["500m", "500m"],
    ["1m", "1m"],
    ["2", "2"],
    ["0", "0"],
    ["0.25", "250m"],
    ["0.001", "1m"],
    ["1.25", "1250m"],
    ["512", "512"],
    ["2000m", "2"],
    ["9999m", "9999m"],
    ["100000m", "100"],
    ["512Mi", "512Mi"],
    ["1.5Gi", "1536Mi"],
    ["0.5Gi", "512Mi"],
    ["64Ti", "64Ti"],
    ["1024Mi", "1Gi"],
    ["1000Mi", "1000Mi"],
    ["10240Ki", "10Mi"],
    ["1.001Gi", "1074815565824m"],
    ["128M", "128M"],
    ["5000k", "5M"],
    ["1000M", "1G"],
    ["1.5G", "1500M"],
    ["1T", "1T"],
    ["much", "much"],
  ])("%s comes back as %s", (given, canonical) => {
    expect(canonicalQuantity(given)).toBe(canonical);
  });
});

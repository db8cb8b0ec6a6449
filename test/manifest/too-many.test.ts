import { describe, expect, it } from "vitest";
import { changeManifest } from "../../src/manifest/change.ts";
import { parseManifest } from "../../src/manifest/parse.ts";
import { defaultPlatform as platform } from "../../src/manifest/platform.ts";

describe("objects with far too many entries", () => {
  const entries = (count: number): string =>
    Array.from({ length: count }, (_, index) => `  c${index}: {}\n`).join("");
  const findings = (count: number) =>
    parseManifest(`containers:\n${entries(count)}`, { platform }).findings;

  it("are read as far as anybody reads what is wrong with them", () => {
    expect(findings(2_000)).toEqual(findings(100));
    expect(findings(100).map(({ code }) => code)).toContain("too-many");
  });
});

describe("a word that is not valid Unicode", () => {
  it("is refused before it can be stored", () => {
    const text = `application: shop
maintainer: shop@corp.example.com
containers: { web: { image: r.example.com/shop, image_tag: v1 } }
`;
    for (const words of [{ "env.A": "\ud800" }, { "env.\udfff": "x" }, { tag: "v\ud800" }]) {
      const { manifest, findings } = changeManifest(text, words, platform);
      expect(manifest).toBeUndefined();
      expect(findings.map(({ code }) => code)).toEqual(["bad-value"]);
    }
  });
});

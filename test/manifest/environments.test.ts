import { describe, expect, it } from "vitest";
import { isAdvice } from "../../src/manifest/finding.ts";
import { parseManifest } from "../../src/manifest/parse.ts";
import { defaultPlatform } from "../../src/manifest/platform.ts";

const text = `application: shop
maintainer: shop@corp.example.com
containers: { web: { image: r.example.com/shop, image_tag: v1, memory: 64Mi } }
environments: { production: { scale: 2 }, lab: { scale: 3 } }
`;

describe("an environment that this platform does not have", () => {
  it("is told, since its differences count elsewhere, and refuses nothing", () => {
    const platform = { ...defaultPlatform, environments: ["staging", "production"] };
    const { manifest, findings } = parseManifest(text, { platform });
    expect(manifest).toBeDefined();
    expect(
      findings.map((each) => [each.code, each.line, each.column, isAdvice(each), each.hint]),
    ).toEqual([["unused-environment", 4, 43, true, "The environments are staging, production."]]);
  });

  it("is not known to be one where nobody said which there are", () => {
    expect(parseManifest(text, { platform: defaultPlatform }).findings).toEqual([]);
  });
});

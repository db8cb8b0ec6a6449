import { describe, expect, it } from "vitest";
import { parseManifest } from "../../src/manifest/parse.ts";
import { defaultPlatform as platform } from "../../src/manifest/platform.ts";

describe("a key as other tools call it", () => {
  it("is one finding that names ours, at its place", () => {
    const text = `app: shop
owner: shop@corp.example.com
replicas: 2
containers:
  web:
    image: r.example.com/shop
    tag: v1
`;
    const { findings } = parseManifest(text, { platform });
    expect(findings.map(({ code, line, column, hint }) => [code, line, column, hint])).toEqual([
      ["unknown-key", 1, 1, 'Did you mean "application"?'],
      ["unknown-key", 2, 1, 'Did you mean "maintainer"?'],
      ["unknown-key", 3, 1, 'Did you mean "scale"?'],
      ["unknown-key", 7, 5, 'Did you mean "image_tag"?'],
    ]);
  });

  it("is only unknown where ours stands already", () => {
    const text = `application: shop
maintainer: shop@corp.example.com
scale: 2
replicas: 3
containers: { web: { image: r.example.com/shop, image_tag: v1 } }
`;
    const { findings } = parseManifest(text, { platform });
    expect(findings.map(({ code, path }) => [code, path])).toEqual([["unknown-key", "replicas"]]);
  });
});

import { describe, expect, it } from "vitest";
import { inEnvironment } from "../../src/manifest/environment.ts";
import { parseManifest } from "../../src/manifest/parse.ts";
import { defaultPlatform } from "../../src/manifest/platform.ts";
import { rescaled, withoutScale, withScale } from "../../src/manifest/rescale.ts";
import type { Manifest } from "../../src/manifest/schema/manifest.ts";
import type { Scale } from "../../src/manifest/schema/scale.ts";
import { translate } from "../../src/manifest/translate.ts";

function manifest(scale: unknown, more: object = {}): Manifest {
  const text = JSON.stringify({
    application: "shop",
    maintainer: "shop@example.com",
    scale,
    ingresses: { shop: { scheme: "http", container_port: 8080 } },
    containers: { web: { image: "registry.example.com/shop", image_tag: "1", ports: [8080] } },
    ...more,
  });
  const parsed = parseManifest(text, { platform: defaultPlatform });
  if (parsed.manifest === undefined) throw new Error(JSON.stringify(parsed.findings));
  return parsed.manifest;
}

const scales: readonly Scale[] = [
  0,
  1,
  2,
  7,
  { min: 1, max: 1 },
  { min: 1, max: 4 },
  { min: 3, max: 9, cpu: 50 },
];
const pairs = scales.flatMap((then) => scales.map((now) => [then, now] as const));

describe("objects at another scale", () => {
  it.each(pairs)("of %j at %j are those that the manifest makes at that scale", (then, now) => {
    const made = translate(manifest(then), defaultPlatform);
    const wanted = withScale(manifest(then), "production", now);
    expect(rescaled(made, wanted, defaultPlatform)).toEqual(translate(wanted, defaultPlatform));
  });

  it.each(pairs)("of %j and of %j are alike without their scale", (then, now) => {
    const bare = (scale: Scale) => withoutScale(translate(manifest(scale), defaultPlatform));
    expect(bare(then)).toEqual(bare(now));
  });

  it("keep everything else as it was made, whatever the operator says today", () => {
    const made = translate(manifest(2), defaultPlatform, new Map([["web", "sha256:abc"]]));
    const today = {
      ...defaultPlatform,
      domain: "other.example.com",
      defaults: { readOnly: false },
    };
    expect(rescaled(made, withScale(manifest(2), "production", 2), today)).toEqual(made);
  });
});

describe("a manifest at another scale", () => {
  const own = (scale: unknown) => ({ environments: { production: { scale } } });

  it("says it where all environments do, unless this one says its own", () => {
    expect(withScale(manifest(3), "production", 5)).toEqual(manifest(5));
    expect(withScale(manifest(3, own(4)), "production", 5)).toEqual(manifest(3, own(5)));
  });

  it.each(scales)("runs exactly %j there, whatever is merged", (now) => {
    const ranges = [{ max: 20 }, 4, { min: 1, max: 2, cpu: 30 }];
    for (const there of ranges) {
      const merged = withScale(
        manifest({ min: 2, max: 10, cpu: 60 }, own(there)),
        "production",
        now,
      );
      const { scale } = inEnvironment(merged, "production");
      expect(scale).toEqual(typeof now === "number" ? now : { cpu: 70, ...now });
    }
  });
});

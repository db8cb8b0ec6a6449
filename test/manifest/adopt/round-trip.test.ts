import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { adoptedYaml } from "../../../src/manifest/adopt/text.ts";
import { parseManifest } from "../../../src/manifest/parse.ts";
import type { Platform } from "../../../src/manifest/platform.ts";
import { translate } from "../../../src/manifest/translate.ts";
import { manifestsOn } from "../arbitrary.ts";
import { goldens, manifestOf } from "../goldens.ts";
import { platforms } from "../platforms.ts";
import { withDefaults } from "./api-defaults.ts";
import { adoptAll, again, checked } from "./live.ts";

/** What docc makes of a manifest is adopted whole: the same objects, byte for byte, and nothing left. */
function comesBack(text: string, platform: Platform): void {
  const objects = translate(manifestOf(text, platform), platform);
  const adoption = adoptAll(objects, platform);
  expect(adoption.notExpressed).toEqual([]);
  expect(JSON.stringify(again(adoption, platform))).toBe(JSON.stringify(objects));
}

/** The same with what an API server writes into objects: nothing of it is listed. */
function comesBackRead(text: string, platform: Platform): void {
  const objects = translate(manifestOf(text, platform), platform);
  const adoption = adoptAll(objects.map(withDefaults), platform);
  expect(adoption.notExpressed).toEqual([]);
  expect(JSON.stringify(again(adoption, platform))).toBe(JSON.stringify(objects));
}

const all = goldens().map((golden) => [golden.name, golden] as const);

describe("adopt gives back the manifest of docc's own objects", () => {
  it.each(all)("%s", (_, { text, platform }) => {
    comesBack(text, platform);
    comesBackRead(text, platform);
  });

  it.each(["default", "gateway", "staging-gateway", "bare", "lenient", "root-allowed"] as const)(
    "for any manifest on the platform %s, as docc makes them and as they are read back",
    (name) => {
      const platform: Platform = platforms[name];
      fc.assert(
        fc.property(manifestsOn(platform), (written) => {
          // The generator does not know that an autoscaler needs to know what is asked for.
          fc.pre(parseManifest(JSON.stringify(written), { platform }).manifest !== undefined);
          comesBack(JSON.stringify(written), platform);
          comesBackRead(JSON.stringify(written), platform);
        }),
        { numRuns: 25 },
      );
    },
  );

  it("as YAML that reads back as the same data", () => {
    const platform: Platform = platforms.default;
    fc.assert(
      fc.property(manifestsOn(platform), (written) => {
        const adoption = adoptAll(
          translate(manifestOf(JSON.stringify(written), platform), platform),
        );
        expect(checked(adoptedYaml(adoption))).toEqual(checked(JSON.stringify(adoption.manifest)));
      }),
      { numRuns: 25 },
    );
  });
});

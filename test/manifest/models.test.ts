import { expect, it } from "vitest";
import type { ApplicationObject } from "../../src/manifest/objects/objects.ts";
import { parseManifest } from "../../src/manifest/parse.ts";
import { defaultPlatform as platform } from "../../src/manifest/platform.ts";
import { translate } from "../../src/manifest/translate.ts";
import { unknownFields } from "./models.ts";

it("the models find a misspelt field, however deep", () => {
  const text =
    '{"application": "a", "maintainer": "a@b.example", "containers": {"a": {"image": "a", "image_tag": "b"}}}';
  const { manifest } = parseManifest(text, { platform });
  const [deployment] = manifest === undefined ? [] : translate(manifest, platform);
  const misspelt = JSON.stringify(deployment).replace('"image":"a:b"', '"imaeg":"a:b"');
  expect(unknownFields(JSON.parse(misspelt) as ApplicationObject)).toEqual([
    "Deployment.spec.template.spec.containers[0].imaeg",
  ]);
});

import { describe, expect, it } from "vitest";
import { defaultPlatform } from "../../src/manifest/platform.ts";
import { type Digests, translate } from "../../src/manifest/translate.ts";
import { manifestOf } from "./goldens.ts";

const digest = `sha256:${"d".repeat(64)}`;
const other = `sha256:${"e".repeat(64)}`;

/** The images and the version label of a Deployment of three containers. */
function deployed(digests?: Digests): { readonly images: unknown; readonly version: unknown } {
  const image = "registry.example.com/team/app";
  const manifest = manifestOf(
    JSON.stringify({
      application: "shop",
      maintainer: ["dev@example.com"],
      containers: {
        agent: { image, image_tag: "1" },
        pinned: { image, image_digest: other },
        web: { image, image_tag: "1", ports: [8080] },
      },
    }),
    defaultPlatform,
  );
  const objects = translate(manifest, defaultPlatform, digests);
  for (const each of objects) {
    if (each.kind !== "Deployment") continue;
    const { containers } = each.spec.template.spec ?? {};
    return {
      images: containers?.map(({ image: reference }) => reference),
      version: each.metadata.labels["app.kubernetes.io/version"],
    };
  }
  throw new Error("no Deployment");
}

describe("digests that a registry told", () => {
  it("stand behind the tags of their containers; a digest in the manifest stays as it is", () => {
    const digests = new Map([
      ["web", digest],
      ["pinned", digest],
    ]);
    expect(deployed(digests).images).toEqual([
      "registry.example.com/team/app:1",
      `registry.example.com/team/app@${other}`,
      `registry.example.com/team/app:1@${digest}`,
    ]);
  });

  it("leave the version's label alone", () => {
    expect(deployed(new Map([["web", digest]])).version).toEqual(deployed().version);
  });
});

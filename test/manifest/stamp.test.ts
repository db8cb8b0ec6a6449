import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { canonicalManifest } from "../../src/manifest/canonical.ts";
import { parseManifest } from "../../src/manifest/parse.ts";
import { defaultPlatform as platform } from "../../src/manifest/platform.ts";
import { stamp, type Stamps } from "../../src/manifest/stamp.ts";
import { translate } from "../../src/manifest/translate.ts";

const { manifest } = parseManifest(readFileSync("examples/4-tls.json"), { platform });
const objects = manifest === undefined ? [] : translate(manifest, platform);
const stamps: Stamps = {
  release: "kubecon-2017-0a1b2c3d",
  revision: 8,
  requester: "T0/U0123456789",
  maintainer: "kubecon-team@corp.example.com",
  thread: "C0123456789/1.2",
  manifest: manifest === undefined ? "" : canonicalManifest(manifest),
};

describe("stamp", () => {
  it("says on the Deployment how it came to be", () => {
    const deployment = stamp(objects, stamps).find(({ kind }) => kind === "Deployment");
    expect(deployment?.metadata.annotations).toEqual({
      "docc.dev/release": "kubecon-2017-0a1b2c3d",
      "docc.dev/revision": "8",
      "docc.dev/requester": "T0/U0123456789",
      "docc.dev/maintainer": "kubecon-team@corp.example.com",
      "docc.dev/thread": "C0123456789/1.2",
      "docc.dev/manifest": stamps.manifest,
      "kubernetes.io/change-cause": "docc revision 8 by T0/U0123456789",
    });
  });

  it("changes no spec, no label and no other object, so that it causes no rollout", () => {
    const stamped = stamp(objects, stamps);
    expect(stamped.map(({ spec }) => spec)).toEqual(objects.map(({ spec }) => spec));
    expect(stamped.map(({ metadata }) => metadata.labels)).toEqual(
      objects.map(({ metadata }) => metadata.labels),
    );
    const others = (all: typeof objects) => all.filter(({ kind }) => kind !== "Deployment");
    expect(others(stamped)).toEqual(others(objects));
  });

  it("has no thread where nothing is told, and leaves the given objects alone", () => {
    const { thread: _none, ...silent } = stamps;
    const before = JSON.stringify(objects);
    expect(JSON.stringify(stamp(objects, silent))).not.toContain("docc.dev/thread");
    expect(JSON.stringify(objects)).toBe(before);
  });
});

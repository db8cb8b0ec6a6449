import { describe, expect, it } from "vitest";
import { type Finding, findingCodes, type FindingCode } from "../../src/manifest/finding.ts";
import { parseManifest } from "../../src/manifest/parse.ts";
import { defaultPlatform } from "../../src/manifest/platform.ts";
import { badManifests } from "./bad-manifests.ts";

const short = ({ code, line, column, path }: Finding): string =>
  `${code} ${line}:${column} ${path}`.trim();

describe("parseManifest refuses", () => {
  it.each(badManifests)("$what", ({ text, file, platform = defaultPlatform, findings }) => {
    const parsed = parseManifest(text, file === undefined ? { platform } : { file, platform });

    expect(parsed.findings.map(short).toSorted()).toEqual([...findings].toSorted());
    expect(parsed.manifest).toBeUndefined();
  });

  it("says each thing in one plain sentence, and hints in whole sentences", () => {
    const all = badManifests.flatMap(
      ({ text, platform = defaultPlatform }) => parseManifest(text, { platform }).findings,
    );
    for (const { message, hint } of all) {
      expect(message).toMatch(/^[^\n]+\.$/u);
      expect(hint).toMatch(/^$|^[^\n]+$/u);
    }
  });

  it("gives findings in the order of the text", () => {
    const { findings } = parseManifest("z: 1\nscale: x\napplication: A\n", {
      platform: defaultPlatform,
    });
    expect(findings.map(short)).toEqual([
      "missing-key 1:1 containers",
      "missing-key 1:1 maintainer",
      "unknown-key 1:1 z",
      "wrong-type 2:8 scale",
      "bad-name 3:14 application",
    ]);
  });

  it("has a case here for every code of an error that a text can have", () => {
    const ofWords: readonly FindingCode[] = ["unknown-word", "ambiguous-word", "no-such-container"];
    const errors = Object.entries(findingCodes)
      .filter(([, { severity }]) => severity === "error")
      .map(([code]) => code);
    const covered = new Set(
      badManifests.flatMap(({ findings }) => findings.map((each) => each.split(" ")[0] ?? "")),
    );
    expect(errors.filter((code) => !covered.has(code)).toSorted()).toEqual([...ofWords].toSorted());
  });
});

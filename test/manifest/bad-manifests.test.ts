import { isDeepStrictEqual } from "node:util";
import { describe, expect, it } from "vitest";
import { parseDocument } from "yaml";
import { type Finding, findingCodes, type FindingCode } from "../../src/manifest/finding.ts";
import { type Parsed, parseManifest } from "../../src/manifest/parse.ts";
import { defaultPlatform } from "../../src/manifest/platform.ts";
import type { BadManifest } from "./bad/fixture.ts";
import { badManifests } from "./bad-manifests.ts";

const short = ({ code, line, column, path }: Finding): string =>
  `${code} ${line}:${column} ${path}`.trim();
const said = ({ message, hint }: Finding): string => `${message} ${hint}`.trim();

function parse({ text, file, platform = defaultPlatform }: BadManifest): Parsed {
  return parseManifest(text, file === undefined ? { platform } : { file, platform });
}

const ofTextAlone =
  /^(?:not-|too-big|too-deep|yaml-feature|several-documents|duplicate-key|reserved-key)/u;

/** The same data in JSON, where it can say all of it, numbers as keys and without end not among it. */
function asJson(bad: BadManifest): string | undefined {
  const { text, findings } = bad;
  const hasOddKeys = parse(bad).findings.some(({ message }) => message === "A key must be text.");
  if (typeof text !== "string" || hasOddKeys || findings.some((each) => ofTextAlone.test(each))) {
    return undefined;
  }
  const data: unknown = parseDocument(text).toJS();
  const json = JSON.stringify(data, null, 2);
  return isDeepStrictEqual(JSON.parse(json), data) ? json : undefined;
}

describe("parseManifest refuses", () => {
  it.each(badManifests)("$what", (bad) => {
    const { manifest, findings } = parse(bad);

    expect(findings.map(short).toSorted()).toEqual([...bad.findings].toSorted());
    expect(manifest).toBeUndefined();
    if (bad.says !== undefined) {
      expect(findings.map(said)).toEqual(bad.says);
    }
    if (bad.hides !== undefined) {
      expect(JSON.stringify(findings)).not.toContain(bad.hides);
    }
  });

  /** Those that JSON can say: what is wrong with a text alone cannot be told of another text. */
  const told = badManifests.flatMap((bad) => {
    const json = asJson(bad);
    return json === undefined ? [] : [{ ...bad, json }];
  });

  it.each(told)("$what, in JSON for the same reasons", (bad) => {
    const ofYaml = parse(bad);
    const ofJson = parse({ ...bad, text: bad.json });
    const reasons = ({ findings }: Parsed): readonly string[] =>
      findings.map(({ code, path }) => `${code} ${path}`).toSorted();
    expect(reasons(ofJson)).toEqual(reasons(ofYaml));
    expect(ofJson.findings.every(({ line, column }) => line > 0 && column > 0)).toBe(true);
  });

  it("says each thing in one plain sentence, and hints in whole sentences", () => {
    for (const bad of badManifests) {
      for (const { message, hint } of parse(bad).findings) {
        expect(message).toMatch(/^[^\n\p{Cc}]+\.$/u);
        expect(hint).toMatch(/^$|^[^\n\p{Cc}]+$/u);
      }
    }
  });

  it("says nothing twice", () => {
    for (const bad of badManifests) {
      const all = parse(bad).findings.map((finding) => `${short(finding)} ${said(finding)}`);
      expect(new Set(all).size).toBe(all.length);
    }
  });

  it("gives findings in the order of the text", () => {
    const { findings } = parseManifest("z: 1\nscale: x\napplication: A\n", {
      platform: defaultPlatform,
    });
    expect(findings.map(short)).toEqual([
      "missing-key 1:1 maintainer",
      "missing-key 1:1 containers",
      "unknown-key 1:1 z",
      "wrong-type 2:8 scale",
      "bad-name 3:14 application",
    ]);
  });

  it("has a case here for every code of an error that a text can have", () => {
    const ofWords: readonly FindingCode[] = ["unknown-word", "ambiguous-word"];
    const errors = Object.entries(findingCodes)
      .filter(([, { severity }]) => severity === "error")
      .map(([code]) => code);
    const covered = new Set(
      badManifests.flatMap(({ findings }) => findings.map((each) => each.split(" ")[0] ?? "")),
    );
    expect(errors.filter((code) => !covered.has(code)).toSorted()).toEqual([...ofWords].toSorted());
  });
});

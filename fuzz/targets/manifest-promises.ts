import { parseAllDocuments } from "yaml";
import { canonicalJson, canonicalManifest } from "../../src/manifest/canonical.ts";
import { changeManifest } from "../../src/manifest/change.ts";
import { type Finding, hasErrors } from "../../src/manifest/finding.ts";
import type { ApplicationObject } from "../../src/manifest/objects/objects.ts";
import { type Parsed, parseManifest, shareableText } from "../../src/manifest/parse.ts";
import type { Platform } from "../../src/manifest/platform.ts";
import { decode } from "../../src/manifest/reading/text.ts";
import { renderYaml } from "../../src/manifest/render.ts";
import { reportGithub, reportText } from "../../src/manifest/report.ts";
import type { Manifest } from "../../src/manifest/schema/manifest.ts";
import { translate } from "../../src/manifest/translate.ts";
import { clean } from "../../src/text/clean.ts";
import type { Broken, Source, Verdict } from "../target.ts";
import type { Circumstances } from "./manifest-circumstances.ts";

/** Findings at most: a hundred, and one that counts the rest. */
const MOST_FINDINGS = 101;

/** UTF-16 units a message or a hint has less than, and a report for a terminal. */
const LONGEST_TEXT = 1_000;
const LONGEST_REPORT = 3_000;

/** Takes a text through all that a stranger's file meets, and says which promises it breaks. */
export function checkManifest(source: Source, circumstances: Circumstances): Verdict {
  const { file, platform } = circumstances;
  const parsed = parseManifest(source, file === undefined ? { platform } : { file, platform });
  const { text } = decode(source);
  const broken = [
    ...brokenFindings(parsed, text),
    ...brokenReports(parsed.findings, { file: file ?? "<stdin>", text }),
    ...(parsed.manifest === undefined
      ? brokenSharing(source, text, circumstances)
      : brokenManifest(parsed.manifest, circumstances)),
    ...brokenChanges(text, parsed.manifest, circumstances),
    ...brokenPrototype(),
  ];
  return { broken, seen: seenIn(parsed) };
}

function seenIn({ manifest, findings }: Parsed): readonly string[] {
  const codes = new Set<string>(findings.map(({ code }) => code));
  return [manifest === undefined ? "invalid" : "valid", ...codes];
}

function brokenIf(isBroken: boolean, promise: string, detail: () => string): readonly Broken[] {
  return isBroken ? [{ promise, detail: detail() }] : [];
}

function brokenFindings({ manifest, findings }: Parsed, text: string): readonly Broken[] {
  const lines = text.split("\n").length;
  return [
    ...brokenIf(
      (manifest === undefined) !== hasErrors(findings),
      "there is no manifest exactly when a finding is an error",
      () => `${manifest === undefined ? "no" : "a"} manifest and ${JSON.stringify(findings)}`,
    ),
    ...brokenIf(
      findings.length > MOST_FINDINGS,
      `there are at most ${MOST_FINDINGS} findings`,
      () => `${findings.length} findings`,
    ),
    ...findings.flatMap((finding) => brokenFinding(finding, lines)),
  ];
}

function brokenFinding(finding: Finding, lines: number): readonly Broken[] {
  const { code, message, hint, path, line, column } = finding;
  const shown = (): string => JSON.stringify(finding);
  return [
    ...brokenIf(
      [message, hint, path].some((text) => text.includes("\n") || clean(text) !== text),
      `the texts of ${code} are one line each and safe to show`,
      shown,
    ),
    ...brokenIf(
      message.length === 0 || message.length >= LONGEST_TEXT || hint.length >= LONGEST_TEXT,
      `message and hint of ${code} are shorter than ${LONGEST_TEXT}`,
      shown,
    ),
    ...brokenIf(
      line > lines || (line === 0 ? column !== 0 : column < 1),
      `the place of ${code} is in the text, or nowhere`,
      shown,
    ),
  ];
}

function brokenReports(
  findings: readonly Finding[],
  source: { readonly file: string; readonly text: string },
): readonly Broken[] {
  return findings.flatMap((finding) => {
    const forTerminal = reportText(finding, source);
    const forGithub = reportGithub(finding, source);
    return [
      ...brokenIf(
        /(?!\n)\p{Cc}/u.test(forTerminal) || forTerminal.length > LONGEST_REPORT,
        `a report of ${finding.code} for a terminal is short and has no control characters`,
        () => JSON.stringify(forTerminal),
      ),
      ...brokenIf(
        /[\r\n]/u.test(forGithub.slice(0, -1)) || !forGithub.endsWith("\n"),
        `a report of ${finding.code} for GitHub is one line`,
        () => JSON.stringify(forGithub),
      ),
    ];
  });
}

/** What people see of a refused file who may not see its variables; words come without a file. */
function brokenSharing(
  source: Source,
  text: string,
  { file, words }: Circumstances,
): readonly Broken[] {
  if (words !== undefined) {
    return [];
  }
  const shared = shareableText(source, file);
  const layoutOf = (any: string): readonly number[] => any.split("\n").map(({ length }) => length);
  return brokenIf(
    shared !== "" && shared !== text && layoutOf(shared).join() !== layoutOf(text).join(),
    "a text to share is empty or keeps each line and column",
    () => JSON.stringify([text, shared]),
  );
}

function brokenManifest(
  manifest: Manifest,
  { platform, rereads }: Circumstances,
): readonly Broken[] {
  const objects = translate(manifest, platform);
  const rendered = renderYaml(objects);
  return [
    ...brokenStorage(manifest, objects, platform),
    ...(rereads ? brokenRendering(rendered, objects) : []),
  ];
}

function brokenStorage(
  manifest: Manifest,
  objects: readonly ApplicationObject[],
  platform: Platform,
): readonly Broken[] {
  const stored = canonicalManifest(manifest);
  const again = parseManifest(stored, { platform });
  if (again.manifest === undefined) {
    const errors = again.findings.filter(({ severity }) => severity === "error");
    const codes = new Set(errors.map(({ code }) => code));
    const promise = `a stored manifest is valid, and has no ${[...codes].join(", ")}`;
    return [{ promise, detail: JSON.stringify(again.findings) }];
  }
  const translated = JSON.stringify(translate(again.manifest, platform));
  return [
    ...brokenIf(
      canonicalManifest(again.manifest) !== stored,
      "a stored manifest is stored the same again",
      () => `${stored}\n${canonicalManifest(again.manifest ?? manifest)}`,
    ),
    ...brokenIf(
      translated !== JSON.stringify(objects),
      "a stored manifest gives the same objects",
      () => `${JSON.stringify(objects)}\n${translated}`,
    ),
  ];
}

/** YAML 1.1 is what kubectl reads, more or less; 1.2 what the rest of the world writes. */
function brokenRendering(
  rendered: string,
  objects: readonly ApplicationObject[],
): readonly Broken[] {
  return (["1.1", "1.2"] as const).flatMap((version) => {
    const documents = parseAllDocuments(rendered, { version, logLevel: "silent" });
    const read = documents.map((document): unknown => document.toJS());
    return brokenIf(
      canonicalJson(read) !== canonicalJson(objects),
      `rendered objects are the same in YAML ${version}`,
      () => rendered,
    );
  });
}

function brokenChanges(
  text: string,
  manifest: Manifest | undefined,
  { words, platform }: Circumstances,
): readonly Broken[] {
  if (words === undefined) {
    return [];
  }
  const changed = changeManifest(text, words, platform);
  const again = manifest === undefined ? undefined : changeManifest(manifest, words, platform);
  return [
    ...brokenFindings(changed, text),
    ...(again === undefined ? [] : brokenFindings(again, "")),
    ...[changed, again].flatMap((each) =>
      each?.manifest === undefined
        ? []
        : brokenStorage(each.manifest, translate(each.manifest, platform), platform),
    ),
  ];
}

function brokenPrototype(): readonly Broken[] {
  return brokenIf(
    Object.keys(Object.prototype).length > 0,
    "nothing reaches the prototype of all objects",
    () => Object.keys(Object.prototype).join(" "),
  );
}

import { type Finding, isAdvice } from "../manifest/finding.ts";
import type { KubernetesObject } from "../manifest/objects/objects.ts";
import type { Manifest } from "../manifest/schema/manifest.ts";

/** What shall run, whichever way a request says it. */
export interface Wanted {
  /** What the next `tag=` or `scale=` starts from. */
  readonly manifest: Manifest;
  readonly objects: readonly KubernetesObject[];
  /** What it is compared with; undefined before the first deploy. */
  readonly before: Manifest | undefined;
  readonly warnings: readonly string[];
}

/** Findings that belong into a plan; advice is for who writes the manifest. */
export function notAdvice(findings: readonly Finding[]): readonly string[] {
  return findings.filter((finding) => !isAdvice(finding)).map(({ message }) => message);
}

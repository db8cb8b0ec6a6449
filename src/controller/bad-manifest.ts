import type { Finding } from "../manifest/finding.ts";
import { snippet } from "../manifest/report.ts";
import type { Cause } from "../release/release.ts";
import { cap } from "../text/cap.ts";

/** The records hold at most 40 lines: ten findings of up to four lines each. */
const mostFindings = 10;

/** Why a manifest is refused: its errors, with their places where they have some. */
export function badManifest(name: string, findings: readonly Finding[], text = ""): Cause {
  const errors = findings.filter(({ severity }) => severity === "error");
  const count = errors.length === 1 ? "1 error" : `${errors.length} errors`;
  return {
    code: "bad-manifest",
    sentence: `${name} has ${count}`,
    evidence: errors
      .slice(0, mostFindings)
      .flatMap((finding) => [sayFinding(finding), ...snippet(finding, text)])
      .map((line) => cap(line, 1_000)),
    next: "correct it and deploy again",
  };
}

function sayFinding({ line, column, code, message, hint }: Finding): string {
  const place = line === 0 ? "" : `${line}:${column} `;
  return cap(`${place}${code}: ${message}${hint === "" ? "" : ` ${hint}`}`, 1_000);
}

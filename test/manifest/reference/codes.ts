import { findingCodes, type FindingCode, type Severity } from "../../../src/manifest/finding.ts";
import { editorSees } from "../editor-codes.ts";
import { code, table } from "./markdown.ts";

const seen = {
  all: "yes",
  part: "in part",
  none: "no",
  text: "as text",
} as const;

/** Every code, errors first. */
export function codeTables(): string {
  return [
    `### Errors: nothing is deployed\n\n${codeTable("error")}`,
    `### Warnings: told, and it goes on\n\n${codeTable("warning")}`,
  ].join("\n\n");
}

function codeTable(severity: Severity): string {
  const rows = codes()
    .filter((each) => findingCodes[each].severity === severity)
    .map((each) => [code(each), findingCodes[each].meaning, seen[editorSees[each]]]);
  return table(["code", "meaning", "seen in an editor"], rows);
}

function codes(): readonly FindingCode[] {
  return Object.keys(findingCodes).filter((each): each is FindingCode =>
    Object.hasOwn(findingCodes, each),
  );
}

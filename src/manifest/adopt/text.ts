import { cap } from "../../text/cap.ts";
import { oneLine } from "../../text/clean.ts";
import { yamlText } from "../render.ts";
import type { Adoption } from "./adopt.ts";

const LONGEST_LINE = 400;
const MOST_LINES = 200;

/** What is to be said about an adoption, a line each, below what it is about; safe to show. */
export function adoptionLines({ notExpressed, notes }: Adoption): readonly string[] {
  return [
    ...below("Under docc this will be otherwise:", notes),
    ...below(
      "The manifest does not say this of what runs now:",
      notExpressed.map(({ path, why }) => `${path}: ${why}`),
    ),
  ];
}

function below(title: string, items: readonly string[]): readonly string[] {
  const shown = items.slice(0, MOST_LINES).map((item) => `- ${cap(oneLine(item), LONGEST_LINE)}`);
  const more = items.length - shown.length;
  return items.length === 0 ? [] : [title, ...shown, ...(more > 0 ? [`- and ${more} more`] : [])];
}

/** The manifest in YAML, with {@link adoptionLines} as comments at its top. */
export function adoptedYaml(adoption: Adoption): string {
  const comments = adoptionLines(adoption).map((line) => `# ${line}\n`);
  const body = yamlText(adoption.manifest);
  const schema = "# yaml-language-server: $schema=./manifest.schema.json\n";
  return `${schema}${comments.join("")}${comments.length === 0 ? "" : "\n"}${body}`;
}

/** The manifest in JSON, which has no comments. */
export function adoptedJson({ manifest }: Adoption): string {
  return `${JSON.stringify({ $schema: "./manifest.schema.json", ...manifest }, null, 2)}\n`;
}

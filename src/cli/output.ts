import { escapedJson, escapedYaml, hasUnseen } from "../text/clean.ts";
import { quotedYaml } from "../text/yaml-text.ts";
import type { Option } from "./words.ts";

const formats = ["table", "json", "yaml"] as const;
export type OutputFormat = (typeof formats)[number];

export const outputOption: Option = {
  values: formats,
  short: "o",
  about: "print it as this: table unless told, or as data",
};

export function outputOf(options: ReadonlyMap<string, string>): OutputFormat {
  return formats.find((format) => format === options.get("output")) ?? "table";
}

/** Data for programs, with what a terminal would obey escaped: a document that ends with a line break. */
export function asText(data: unknown, format: Exclude<OutputFormat, "table">): string {
  return format === "json"
    ? `${escapedJson(JSON.stringify(data, null, 2))}\n`
    : escapedYaml(quotedYaml(data, hasUnseen));
}

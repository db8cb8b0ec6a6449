import { Document, Scalar, visit } from "yaml";

/**
 * Plain data as one YAML document without folded lines and aliases, in which every text that needs it stands in double
 * quotes: only there can a character be escaped.
 * @param compat the older YAML whose readers shall take it for the same
 */
export function quotedYaml(
  data: unknown,
  needsQuotes: (text: string) => boolean,
  compat: "yaml-1.1" | null = null,
): string {
  const document = new Document(data, { aliasDuplicateObjects: false, compat });
  visit(document, {
    Scalar: (_key, scalar) => {
      if (typeof scalar.value === "string" && needsQuotes(scalar.value)) {
        scalar.type = Scalar.QUOTE_DOUBLE;
      }
    },
  });
  return document.toString({ lineWidth: 0 });
}

import { Document, Scalar, visit } from "yaml";
import { escapeOddCharacters, hasOddCharacters } from "../text/yaml-characters.ts";
import type { KubernetesObject } from "./objects/objects.ts";

/**
 * Objects as YAML documents, ready for `kubectl apply -f -`. Text that YAML 1.1 readers such as
 * kubectl would take for something else is quoted, so that `on` and `2017` stay text.
 */
export function renderYaml(objects: readonly KubernetesObject[]): string {
  return objects.map((object) => `---\n${yamlText(object)}`).join("");
}

/** Plain data as one YAML document, which readers of YAML 1.1 take for the same. */
export function yamlText(data: object): string {
  // docc refuses aliases, and nobody else needs them.
  const document = new Document(data, { aliasDuplicateObjects: false, compat: "yaml-1.1" });
  visit(document, {
    Scalar: (_key, scalar) => {
      if (typeof scalar.value === "string" && needsQuotes(scalar.value)) {
        scalar.type = Scalar.QUOTE_DOUBLE;
      }
    },
  });
  return escapeOddCharacters(document.toString({ lineWidth: 0 }));
}

/** White space alone is also quoted: the writer gets lines of nothing else wrong. */
function needsQuotes(text: string): boolean {
  return text.trim() === "" || hasOddCharacters(text);
}

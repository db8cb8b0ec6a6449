import { Document, Scalar, visit } from "yaml";
import { escapeOddCharacters, hasOddCharacters } from "../text/yaml-characters.ts";
import type { KubernetesObject } from "./objects/objects.ts";

/**
 * Objects as YAML documents, ready for `kubectl apply -f -`. Text that YAML 1.1 readers such as
 * kubectl would take for something else is quoted, so that `on` and `2017` stay text.
 */
export function renderYaml(objects: readonly KubernetesObject[]): string {
  return objects.map((object) => `---\n${textOf(object)}`).join("");
}

function textOf(object: KubernetesObject): string {
  const document = new Document(object, { compat: "yaml-1.1" });
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

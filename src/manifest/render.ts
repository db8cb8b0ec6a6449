import { Document, Scalar, visit } from "yaml";
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
  return document.toString({ lineWidth: 0 }).replaceAll(unprintable, escaped);
}

/**
 * Characters that YAML 1.1 readers refuse or take for line ends: yaml.org/spec/1.1, "Character Set" and
 * "Line Break Characters".
 */
const unprintable = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/gu;

/** White space alone is also quoted: the writer gets lines of nothing else wrong. */
function needsQuotes(text: string): boolean {
  return text.trim() === "" || text.search(unprintable) !== -1;
}

function escaped(character: string): string {
  return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`;
}

import { escapeOddCharacters, hasOddCharacters } from "../text/yaml-characters.ts";
import { quotedYaml } from "../text/yaml-text.ts";
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
  return escapeOddCharacters(quotedYaml(data, needsQuotes, "yaml-1.1"));
}

/** White space alone is also quoted: the writer gets lines of nothing else wrong. */
function needsQuotes(text: string): boolean {
  return text.trim() === "" || hasOddCharacters(text);
}

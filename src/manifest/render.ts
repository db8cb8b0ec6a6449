import { stringify } from "yaml";
import type { KubernetesObject } from "./objects/objects.ts";

/**
 * Objects as YAML documents, ready for `kubectl apply -f -`. Text that YAML 1.1 readers such as
 * kubectl would take for something else is quoted, so that `on` and `2017` stay text.
 */
export function renderYaml(objects: readonly KubernetesObject[]): string {
  return objects
    .map((object) => `---\n${stringify(object, { compat: "yaml-1.1", lineWidth: 0 })}`)
    .join("");
}

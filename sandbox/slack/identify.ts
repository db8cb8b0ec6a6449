import type { Ids } from "./ids.ts";
import { objectAt, objectsAt, stringAt } from "./json.ts";
import type { JsonObject } from "./json.ts";

/** Slack gives every block, and every element one can operate, an id when the app gave none. */
export function identify(blocks: readonly JsonObject[], ids: Ids): readonly JsonObject[] {
  const named = (element: JsonObject): JsonObject =>
    stringAt(element, "type") === "image"
      ? element
      : { ...element, action_id: stringAt(element, "action_id") ?? ids.next("a") };
  return blocks.map((block) => ({
    ...block,
    block_id: stringAt(block, "block_id") ?? ids.next("b"),
    ...inside(block, "element", named),
    ...inside(block, "accessory", named),
    ...(stringAt(block, "type") === "actions"
      ? { elements: objectsAt(block, "elements").map(named) }
      : {}),
    ...(stringAt(block, "type") === "container"
      ? { child_blocks: identify(objectsAt(block, "child_blocks"), ids) }
      : {}),
  }));
}

function inside(
  block: JsonObject,
  key: string,
  change: (element: JsonObject) => JsonObject,
): JsonObject {
  const element = objectAt(block, key);
  return element === undefined ? {} : { [key]: change(element) };
}

import { blockOn } from "./blocks.ts";
import { plainText } from "./elements.ts";
import { isObject, objectAt, objectsAt, stringAt } from "./json.ts";
import type { JsonObject } from "./json.ts";
import { limits } from "./limits.ts";
import type { Check, Problem } from "./schema.ts";
import { anything, array, boolean, object, string, tagged } from "./schema.ts";
import { messageCost } from "./size.ts";

/** A refusal as Slack words it: an error code and, for validation, where and why. */
export interface Refusal {
  readonly error: string;
  readonly problems: readonly Problem[];
}

const messageBlocks = array(blockOn.message, limits.messageBlocks);

/**
 * Checks the blocks of a message for chat.* methods; `undefined` when Slack would take them. An
 * answer to a response_url escapes the limit on all blocks together (bolt-js issue 2867).
 */
export function refusePostedBlocks(blocks: readonly unknown[]): Refusal | undefined {
  const tooLong = messageCost(blocks) > limits.messageCharacters;
  return (
    refuseMessageBlocks(blocks) ??
    (tooLong ? { error: "msg_blocks_too_long", problems: [] } : undefined)
  );
}

/** Checks the blocks of a message by everything but their total length. */
export function refuseMessageBlocks(blocks: readonly unknown[]): Refusal | undefined {
  const problems = [...messageBlocks(blocks, "/blocks"), ...sharedRules(blocks, "/blocks")];
  if (problems.length > 0) {
    return { error: "invalid_blocks", problems };
  }
  const flat = flatten(blocks);
  if (flat.filter(isTable).length > limits.tablesPerMessage) {
    const message = "only_one_table_allowed";
    return { error: "invalid_attachments", problems: [{ pointer: "/blocks", message }] };
  }
  if (hasType(flat, "plan") && hasType(flat, "task_card")) {
    const message = "`plan` and `task_card` cannot be used together";
    return { error: "invalid_blocks", problems: [{ pointer: "/blocks", message }] };
  }
  return undefined;
}

const viewFields = {
  private_metadata: string(limits.privateMetadata),
  callback_id: string(limits.id),
  external_id: string(limits.id),
};

const modal = object({
  required: {
    type: anything,
    title: plainText(limits.viewTitle),
    blocks: array(blockOn.modal, limits.viewBlocks),
  },
  optional: {
    ...viewFields,
    submit: plainText(limits.viewButton),
    close: plainText(limits.viewButton),
    clear_on_close: boolean,
    notify_on_close: boolean,
    submit_disabled: boolean,
  },
  rules: [inputsNeedSubmit],
});

const home = object({
  required: { type: anything, blocks: array(blockOn.home, limits.viewBlocks) },
  optional: { ...viewFields, title: anything, submit: anything, close: anything },
});

const viewTypes: Readonly<Record<"modal" | "home", Check>> = {
  modal: tagged({ modal }),
  home: tagged({ home }),
};

/** Checks a view; `undefined` when Slack would take it. */
export function refuseView(view: unknown, type: "modal" | "home"): Refusal | undefined {
  const blocks = isObject(view) && Array.isArray(view["blocks"]) ? view["blocks"] : [];
  const problems = [...viewTypes[type](view, "/view"), ...sharedRules(blocks, "/view/blocks")];
  if (problems.length > 0) {
    return { error: "invalid_arguments", problems };
  }
  return Buffer.byteLength(JSON.stringify(view)) > limits.viewBytes
    ? { error: "view_too_large", problems: [] }
    : undefined;
}

function inputsNeedSubmit(view: unknown, pointer: string): readonly Problem[] {
  if (!isObject(view) || view["submit"] !== undefined) {
    return [];
  }
  return objectsAt(view, "blocks").flatMap((block, at) =>
    stringAt(block, "type") === "input"
      ? [
          {
            pointer: `${pointer}/blocks/${at}/input`,
            message: "must define `submit` to use an `input` block in modals",
          },
        ]
      : [],
  );
}

/** Rules of every surface: identifiers do not repeat. */
function sharedRules(blocks: readonly unknown[], pointer: string): readonly Problem[] {
  return [
    ...repeats(blocks, "block_id", pointer),
    ...blocks.flatMap((block, at) =>
      isObject(block) && Array.isArray(block["elements"])
        ? repeats(block["elements"], "action_id", `${pointer}/${at}/elements`)
        : [],
    ),
  ];
}

function repeats(items: readonly unknown[], key: string, pointer: string): readonly Problem[] {
  const seen = new Set<string>();
  return items.flatMap((item, at) => {
    const id = isObject(item) ? stringAt(item, key) : undefined;
    if (id === undefined || !seen.has(id)) {
      seen.add(id ?? "");
      return [];
    }
    return [{ pointer: `${pointer}/${at}/${key}`, message: `\`${key}\` "${id}" already exists` }];
  });
}

const isTable = (block: JsonObject): boolean =>
  ["table", "data_table"].includes(stringAt(block, "type") ?? "");

const hasType = (blocks: readonly JsonObject[], type: string): boolean =>
  blocks.some((block) => stringAt(block, "type") === type);

/** The blocks of a message with the children of containers put beside them. */
function flatten(blocks: readonly unknown[]): readonly JsonObject[] {
  return blocks.filter(isObject).flatMap((block) => [block, ...objectsAt(block, "child_blocks")]);
}

/** The elements of a block that a person can operate, whatever place they sit in. */
export function elementsOf(block: JsonObject): readonly JsonObject[] {
  const inside = [objectAt(block, "element"), objectAt(block, "accessory")].filter(isObject);
  return [
    ...inside,
    ...objectsAt(block, "elements").flatMap((element) =>
      stringAt(element, "type") === "card" ? objectsAt(element, "actions") : [element],
    ),
    ...(stringAt(block, "type") === "card" ? objectsAt(block, "actions") : []),
    ...objectsAt(block, "child_blocks").flatMap(elementsOf),
  ];
}

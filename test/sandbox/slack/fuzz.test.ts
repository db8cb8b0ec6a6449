import { assert, constantFrom, dictionary, jsonValue, oneof, property, record } from "fast-check";
import { array, option } from "fast-check";
import type { Arbitrary } from "fast-check";
import { describe, it } from "vitest";
import { isObject } from "../../../sandbox/slack/json.ts";
import { renderText } from "../../../sandbox/slack/render.ts";
import { refusePostedBlocks, refuseView } from "../../../sandbox/slack/validate.ts";

const words = (text: string): Arbitrary<string> => constantFrom(...text.split(" "));
const types = words(
  "section actions context input rich_text table data_table plan task_card container header image " +
    "card carousel button constructor",
);
const keys = words(
  "text fields elements accessory rows tasks child_blocks element label title actions options " +
    "block_id action_id __proto__",
);
/** JSON that often looks like blocks: known types and field names with anything inside. */
const nearlyBlock = dictionary(keys, oneof(jsonValue(), array(record({ type: types })))).chain(
  (fields) => option(types).map((type) => ({ ...fields, ...(type === null ? {} : { type }) })),
);
const anyBlocks = array(oneof(nearlyBlock, jsonValue()), { maxLength: 8 });

// fast-check prints the seed and the path of a failure, which repeat it.
describe("whatever an app sends", () => {
  it("is judged without an exception", () => {
    assert(
      property(anyBlocks, (blocks) => {
        refusePostedBlocks(blocks);
        refuseView({ type: "modal", title: "a", blocks }, "modal");
        refuseView({ type: "home", blocks }, "home");
      }),
    );
  });

  it("is rendered without an exception", () => {
    assert(
      property(anyBlocks, (blocks) => {
        renderText({ text: "", blocks: blocks.filter(isObject) });
      }),
    );
  });
});

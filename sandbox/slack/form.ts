import { isObject, objectAt, objectsAt, stringAt } from "./json.ts";
import type { JsonObject } from "./json.ts";
import type { ViewState } from "./types.ts";
import { elementsOf } from "./validate.ts";

/** What a person enters into the elements of a view, in the shapes of Slack's `state.values`. */

interface Field {
  /** The key of the value within the state of the element. */
  readonly key: string;
  readonly initial: string;
  readonly holds: "text" | "option" | "options" | "ids" | "files";
}

const text = (key: string, initial: string): Field => ({ key, initial, holds: "text" });

const fields: Readonly<Record<string, Field>> = {
  plain_text_input: text("value", "initial_value"),
  email_text_input: text("value", "initial_value"),
  url_text_input: text("value", "initial_value"),
  number_input: text("value", "initial_value"),
  datepicker: text("selected_date", "initial_date"),
  timepicker: text("selected_time", "initial_time"),
  datetimepicker: text("selected_date_time", "initial_date_time"),
  users_select: text("selected_user", "initial_user"),
  conversations_select: text("selected_conversation", "initial_conversation"),
  channels_select: text("selected_channel", "initial_channel"),
  rich_text_input: text("rich_text_value", "initial_value"),
  static_select: { key: "selected_option", initial: "initial_option", holds: "option" },
  external_select: { key: "selected_option", initial: "initial_option", holds: "option" },
  radio_buttons: { key: "selected_option", initial: "initial_option", holds: "option" },
  overflow: { key: "selected_option", initial: "", holds: "option" },
  multi_static_select: { key: "selected_options", initial: "initial_options", holds: "options" },
  multi_external_select: { key: "selected_options", initial: "initial_options", holds: "options" },
  checkboxes: { key: "selected_options", initial: "initial_options", holds: "options" },
  multi_users_select: { key: "selected_users", initial: "initial_users", holds: "ids" },
  multi_conversations_select: {
    key: "selected_conversations",
    initial: "initial_conversations",
    holds: "ids",
  },
  multi_channels_select: { key: "selected_channels", initial: "initial_channels", holds: "ids" },
  file_input: { key: "files", initial: "", holds: "files" },
};

const fieldOf = (element: JsonObject): Field | undefined => fields[stringAt(element, "type") ?? ""];

/** The state of every element of these blocks as they open, over what was entered before. */
export function stateOf(blocks: readonly JsonObject[], before: ViewState = {}): ViewState {
  return Object.fromEntries(
    blocks.flatMap((block) => {
      const blockId = stringAt(block, "block_id") ?? "";
      const values = elementsOf(block).flatMap((element) => {
        const field = fieldOf(element);
        const actionId = stringAt(element, "action_id") ?? "";
        return field === undefined || stringAt(element, "type") === "overflow"
          ? []
          : [[actionId, before[blockId]?.[actionId] ?? opening(element, field)] as const];
      });
      return values.length === 0 ? [] : [[blockId, Object.fromEntries(values)] as const];
    }),
  );
}

function opening(element: JsonObject, field: Field): JsonObject {
  const nothing = field.holds === "text" || field.holds === "option" ? null : [];
  return { type: element["type"], [field.key]: element[field.initial] ?? nothing };
}

/**
 * The state of an element after a person entered `value`: a string, a list of strings, or for
 * files their descriptions. `loaded` are the options an external select fetched.
 * Throws when the person could not have chosen that.
 */
export function entered(
  element: JsonObject,
  value: unknown,
  loaded: readonly JsonObject[] = [],
): JsonObject {
  const field = fieldOf(element);
  if (field === undefined) {
    throw new Error(`a ${stringAt(element, "type") ?? "thing"} takes no value`);
  }
  const options = [...optionsOf(element), ...loaded];
  const chosen = (one: unknown): JsonObject => choose(options, one);
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  const result = {
    text: () => value,
    option: () => chosen(value),
    options: () => values.map(chosen),
    ids: () => values,
    files: () => values,
  }[field.holds]();
  return { type: element["type"], [field.key]: result };
}

/** True when a required element was left without a value. */
export function isEmpty(element: JsonObject, state: JsonObject | undefined): boolean {
  const field = fieldOf(element);
  const value = field === undefined ? undefined : state?.[field.key];
  return value === undefined || value === null || value === "" || isEmptyList(value);
}

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

/** The options of a select, those in groups included. */
export function optionsOf(element: JsonObject): readonly JsonObject[] {
  const groups = objectsAt(element, "option_groups");
  return [
    ...objectsAt(element, "options"),
    ...groups.flatMap((group) => objectsAt(group, "options")),
  ];
}

function choose(options: readonly JsonObject[], wanted: unknown): JsonObject {
  const option = options.find(
    (one) =>
      stringAt(one, "value") === wanted ||
      stringAt(objectAt(one, "text") ?? {}, "text") === wanted ||
      (isObject(wanted) && stringAt(one, "value") === stringAt(wanted, "value")),
  );
  if (option === undefined) {
    const known = options.map((one) => stringAt(one, "value") ?? "").join(", ");
    throw new Error(`no option ${JSON.stringify(wanted)} among: ${known}`);
  }
  return option;
}

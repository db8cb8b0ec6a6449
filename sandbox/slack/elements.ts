import { limits } from "./limits.ts";
import type { Check } from "./schema.ts";
import {
  alternative,
  anything,
  array,
  boolean,
  integer,
  object,
  oneOf,
  rule,
  string,
  tagged,
} from "./schema.ts";

/** Text objects, and the interactive elements that sit inside blocks. */

export const plainText = (max: number): Check =>
  object({
    required: { type: oneOf("plain_text"), text: string(max, 1) },
    optional: { emoji: boolean },
  });

const mrkdwn = (max: number): Check =>
  object({
    required: { type: oneOf("mrkdwn"), text: string(max, 1) },
    optional: { verbatim: boolean },
  });

export const anyText = (max: number): Check =>
  alternative(tagged({ plain_text: plainText(max), mrkdwn: mrkdwn(max) }));

const id = string(limits.id, 1);

const confirm = object({
  required: { text: anyText(limits.confirmText) },
  optional: {
    title: plainText(limits.confirmTitle),
    confirm: plainText(limits.confirmButton),
    deny: plainText(limits.confirmButton),
    style: oneOf("primary", "danger"),
  },
});

const option = object({
  required: { text: anyText(limits.optionText), value: string(limits.optionValue, 1) },
  optional: { description: anyText(limits.optionDescription), url: string(limits.url) },
});

const optionGroup = object({
  required: { label: plainText(limits.optionText), options: array(option, limits.options, 1) },
});

const initialOptions = array(option, limits.options, 1);

/** What an app may answer to an options request. */
export const optionsAnswer = object({
  optional: {
    options: array(option, limits.options),
    option_groups: array(optionGroup, limits.optionGroups),
  },
});

type Fields = Readonly<Record<string, Check>>;

/** An element: its own fields and those that every interactive element may carry. */
function element(required: Fields, optional: Fields = {}, rules: readonly Check[] = []): Check {
  return object({
    required: { type: anything, ...required },
    optional: { action_id: id, confirm, focus_on_load: boolean, ...optional },
    rules,
  });
}

const placeholder = plainText(limits.placeholder);
const optionSource = {
  options: array(option, limits.options, 1),
  option_groups: array(optionGroup, limits.optionGroups, 1),
};
const exactlyOneOptionSource = rule(
  "must define exactly one of `options` and `option_groups`",
  (value) => (value["options"] === undefined) !== (value["option_groups"] === undefined),
);
const dispatch = { dispatch_action_config: anything };
const several = { max_selected_items: integer(1, Number.MAX_SAFE_INTEGER) };
const conversation = {
  placeholder,
  response_url_enabled: boolean,
  default_to_current_conversation: boolean,
  filter: anything,
};

const imageSource = rule(
  "missing required field: image_url",
  (value) => value["image_url"] !== undefined || value["slack_file"] !== undefined,
);

export const imageFields: { required: Fields; optional: Fields; rules: readonly Check[] } = {
  required: { type: anything, alt_text: string(limits.altText) },
  optional: { image_url: string(limits.url, 1), slack_file: anything },
  rules: [imageSource],
};

const image = object(imageFields);

const button = element(
  { text: plainText(limits.buttonText) },
  {
    value: string(limits.buttonValue),
    url: string(limits.url),
    style: oneOf("primary", "danger"),
    accessibility_label: string(limits.accessibilityLabel),
  },
);

const choices = (initial: Fields): Check =>
  element({ options: array(option, limits.choices, 1) }, initial);

const singleSelects: Fields = {
  static_select: element({}, { placeholder, initial_option: option, ...optionSource }, [
    exactlyOneOptionSource,
  ]),
  external_select: element(
    {},
    { placeholder, initial_option: option, min_query_length: integer(0, 1_000) },
  ),
  users_select: element({}, { placeholder, initial_user: string() }),
  conversations_select: element({}, { ...conversation, initial_conversation: string() }),
  channels_select: element({}, { ...conversation, initial_channel: string() }),
};

const multiSelects: Fields = {
  multi_static_select: element(
    {},
    { placeholder, initial_options: initialOptions, ...optionSource, ...several },
    [exactlyOneOptionSource],
  ),
  multi_external_select: element(
    {},
    {
      placeholder,
      initial_options: initialOptions,
      min_query_length: integer(0, 1_000),
      ...several,
    },
  ),
  multi_users_select: element({}, { placeholder, initial_users: anything, ...several }),
  multi_conversations_select: element(
    {},
    { ...conversation, initial_conversations: anything, ...several },
  ),
  multi_channels_select: element({}, { ...conversation, initial_channels: anything, ...several }),
};

const pickers: Fields = {
  datepicker: element({}, { placeholder, initial_date: string(10) }),
  timepicker: element({}, { placeholder, initial_time: string(5), timezone: string() }),
  datetimepicker: element({}, { initial_date_time: anything }),
};

const choosers: Fields = {
  radio_buttons: choices({ initial_option: option }),
  checkboxes: choices({ initial_options: initialOptions }),
};

const overflow = element({ options: array(option, limits.overflowOptions, 1) });

const typed = (extra: Fields = {}): Check =>
  element({}, { placeholder, initial_value: string(limits.inputText), ...dispatch, ...extra });

const inputs: Fields = {
  plain_text_input: typed({
    multiline: boolean,
    min_length: integer(0, limits.inputText),
    max_length: integer(1, limits.inputText),
  }),
  email_text_input: typed(),
  url_text_input: typed(),
  number_input: element(
    { is_decimal_allowed: boolean },
    { placeholder, initial_value: string(), min_value: string(), max_value: string(), ...dispatch },
  ),
  rich_text_input: element({}, { placeholder, initial_value: anything, ...dispatch }),
};

const fileInput = element(
  {},
  { filetypes: array(string(32, 1), 100), max_files: integer(1, limits.viewFiles) },
);

/** Slack calls every multi-select by one name when it refuses it. */
function unsupportedElement(type: string, pointer: string): ReturnType<Check> {
  const name = type.startsWith("multi_") ? "multiselect" : type;
  return [{ pointer, message: `unsupported element: ${name}` }];
}

/** Checks an element by the table of its place; a refusal points at the block, as Slack's does. */
const among = (table: Fields, blockPointer: (pointer: string) => string): Check =>
  tagged(table, (type, pointer) => unsupportedElement(type, blockPointer(pointer)));

const twoUp = (pointer: string): string => pointer.split("/").slice(0, -2).join("/");
const oneUp = (pointer: string): string => pointer.split("/").slice(0, -1).join("/");

export const actionElement = among(
  { button, overflow, ...singleSelects, ...pickers, ...choosers, rich_text_input: typed() },
  twoUp,
);

export const accessory = among(
  { button, overflow, image, ...singleSelects, ...multiSelects, ...pickers, ...choosers },
  oneUp,
);

export const buttonElement = among({ button }, twoUp);

export const imageElement = among({ image }, oneUp);

export const contextElement = tagged({
  image,
  plain_text: plainText(limits.text),
  mrkdwn: mrkdwn(limits.text),
});

const inputElements = { ...inputs, ...singleSelects, ...multiSelects, ...pickers, ...choosers };

/** `file_input` exists in modals only. */
export const inputElement = (inModal: boolean): Check =>
  among(inModal ? { ...inputElements, file_input: fileInput } : inputElements, oneUp);

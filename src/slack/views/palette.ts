import type { types } from "@slack/bolt";
import type { Command } from "../../commands/define.ts";
import { isEnvironment, paletteFields } from "../../commands/palette.ts";
import type { Suggestion } from "../../commands/suggest.ts";
import { type Argument, usageOf } from "../../commands/usage.ts";
import { cap } from "../../text/cap.ts";
import { oneLine } from "../../text/clean.ts";
import { context as contextBlock } from "../blocks.ts";
import { plain } from "../escape.ts";
import { limits } from "../limits.ts";
import { input, plainText } from "./form-parts.ts";

/** Callback id of the palette's view. */
export const paletteCallback = "palette";
/** Action id of buttons that open it. */
export const openPaletteAction = "open:palette";
/** Ids of blocks that every command has; see {@link argumentBlock} for the others. */
export const paletteBlocks = { command: "command", channel: "channel", words: "words" } as const;
/** Action ids of the fields whose choice changes the others, and of those that ask what there is. */
export const choiceAction = /^palette:/;
const plainAction = "typed";

/** Where a palette was opened, so that its answer goes there. */
export interface PaletteContext {
  readonly channel?: string | undefined;
  /** Where its answers are heard by the person alone, while Slack takes them. */
  readonly respond?: string | undefined;
}

/** What stands in a palette. */
export interface PaletteState {
  readonly context: PaletteContext;
  readonly command?: string | undefined;
  /** By the name of the argument. */
  readonly values: Readonly<Record<string, string>>;
}

/** What a palette is made of. */
export interface PaletteOptions {
  readonly commands: readonly Command[];
  readonly environments: readonly string[];
  readonly defaultEnvironment: string;
  readonly state: PaletteState;
}

/** The modal in which a command is put together: its fields are those of the chosen command. Pure. */
export function paletteView(options: PaletteOptions): types.ModalView {
  const { commands, state } = options;
  const command = commands.find(({ name }) => name === state.command);
  return {
    type: "modal",
    callback_id: paletteCallback,
    private_metadata: metadataOf(state),
    title: plainText("docc"),
    submit: plainText("Run"),
    close: plainText("Cancel"),
    blocks: [
      commandInput(commands, command),
      ...(command === undefined
        ? [contextBlock("Choose a command; its fields follow.")]
        : commandBlocks(command, options)),
    ],
  };
}

/** What the view carries along. Values that Slack's fields hold are there for the offers, which may not see them. */
function metadataOf({ context, command, values }: PaletteState): string {
  const whole = JSON.stringify({ ...context, command, values });
  return whole.length <= limits.privateMetadata ? whole : JSON.stringify(context);
}

function commandInput(commands: readonly Command[], chosen: Command | undefined): types.InputBlock {
  const options = commands
    .slice(0, limits.options)
    .map(({ name, summary }) => option({ value: name, text: `${name}: ${summary}` }));
  const initial = options.find(({ value }) => value === chosen?.name);
  return {
    ...input(paletteBlocks.command, "Command", {
      type: "static_select",
      action_id: "palette:command",
      options,
      ...(initial === undefined ? {} : { initial_option: initial }),
    }),
    dispatch_action: true,
  };
}

function commandBlocks(
  command: Command,
  options: PaletteOptions,
): readonly (types.InputBlock | types.ContextBlock)[] {
  const { fields, others } = paletteFields(command);
  const asksChannel = command.needs === "deploy" && options.state.context.channel === undefined;
  const hasWords = others.length > 0 || command.rest !== undefined;
  return [
    contextBlock(plain(`/docc ${usageOf(command)}`)),
    ...fields.flatMap((field) => argumentInput(field, options) ?? []),
    ...(asksChannel ? [channelInput()] : []),
    ...(hasWords ? [wordsInput(command, others)] : []),
  ];
}

/** Undefined where there is nothing to choose. */
function argumentInput(field: Argument, options: PaletteOptions): types.InputBlock | undefined {
  const { state } = options;
  if (isEnvironment(field)) return environmentInput(field, options);
  return {
    ...argumentField(field, state, argumentElement(field, state.values[field.name])),
    // What is offered for a revision depends on the app.
    ...(field.offer === "app" ? { dispatch_action: true } : {}),
  };
}

/** @param known what stands in it already */
function argumentElement(
  { offer, several }: Argument,
  known: string | undefined,
): types.InputBlock["element"] {
  if (offer === undefined) {
    return {
      type: "plain_text_input",
      action_id: plainAction,
      ...(known === undefined ? {} : { initial_value: cap(known, limits.inputText) }),
    };
  }
  const asks = {
    action_id: `palette:${offer}`,
    min_query_length: 0,
    placeholder: plainText("Choose, or type a part of it"),
  } as const;
  const chosen = (known ?? "").split(" ").filter((value) => value !== "");
  const options = (several ? chosen : [known ?? ""]).map((value) => option({ value, text: value }));
  const [first] = options;
  if (several) {
    const initial = first === undefined ? {} : { initial_options: options };
    return { type: "multi_external_select", ...asks, ...initial };
  }
  const initial = known === undefined || first === undefined ? {} : { initial_option: first };
  return { type: "external_select", ...asks, ...initial };
}

function environmentInput(
  field: Argument,
  { defaultEnvironment, environments, state }: PaletteOptions,
): types.InputBlock | undefined {
  const offered = environments.filter(isOfferable).slice(0, limits.options);
  if (offered.length < 2) return undefined;
  const all = offered.map((name) => option({ value: name, text: name }));
  const first = field.offer === "environment" ? defaultEnvironment : undefined;
  const initial = all.find(({ value }) => value === (state.values[field.name] ?? first));
  return {
    ...argumentField(field, state, {
      type: "static_select",
      action_id: `palette:${field.offer ?? ""}`,
      options: all,
      ...(initial === undefined ? {} : { initial_option: initial }),
    }),
    dispatch_action: true,
  };
}

/**
 * The block of an argument; its name stands behind the first dot. Slack keeps what a person has entered while the
 * block keeps its id: a revision of one app must not stay when another app is chosen.
 */
function argumentBlock({ name, offer }: Argument, { values }: PaletteState): string {
  const depends = offer === "revision" || offer === "success";
  const place = depends ? `.${values["in"] ?? ""}.${values["app"] ?? ""}` : "";
  return cap(`arg.${name}${place}`, limits.identifier);
}

/** A release needs a place to be told; a palette opened from nowhere asks for one. */
function channelInput(): types.InputBlock {
  return input(paletteBlocks.channel, "Channel that hears of it", {
    type: "conversations_select",
    action_id: paletteBlocks.channel,
    default_to_current_conversation: true,
    filter: { include: ["public", "private"], exclude_bot_users: true },
  });
}

function wordsInput(command: Command, others: readonly Argument[]): types.InputBlock {
  const said = others.map(({ name, description }) => `${name}= ${description}`);
  const rest = command.rest === undefined ? [] : ["and changes, such as tag=2017 scale=3"];
  return {
    ...input(paletteBlocks.words, "Further words", {
      type: "plain_text_input",
      action_id: paletteBlocks.words,
      placeholder: plainText("key=value key=value"),
    }),
    hint: plainText(cap([...said, ...rest].join("; "), limits.inputLabel)),
    optional: true,
  };
}

/** An input called as the argument is, with what the argument means below it. */
function argumentField(
  field: Argument,
  state: PaletteState,
  element: types.InputBlock["element"],
): types.InputBlock {
  const { name, description, optional } = field;
  const label = name === "in" ? "Environment" : `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  return {
    ...input(argumentBlock(field, state), cap(label, limits.inputLabel), element),
    ...(description === ""
      ? {}
      : { hint: plainText(cap(oneLine(description), limits.inputLabel)) }),
    optional,
  };
}

/** What a select may show: as many, and as long, as Slack takes. What it could not give back whole is left out. */
export function optionsOf(suggestions: readonly Suggestion[]): readonly types.PlainTextOption[] {
  const seen = new Set<string>();
  const offered = suggestions.filter(({ value }) => {
    const isNew = isOfferable(value) && !seen.has(value);
    seen.add(value);
    return isNew;
  });
  return offered.slice(0, limits.options).map(option);
}

function isOfferable(value: string): boolean {
  return value.trim() !== "" && value.length <= limits.optionValue;
}

function option({ value, text: words }: Suggestion): types.PlainTextOption {
  const shown = cap(oneLine(words), limits.option);
  return { text: plainText(shown === "" ? "?" : shown), value };
}

import type { types } from "@slack/bolt";
import { cap } from "../../text/cap.ts";
import { clean } from "../../text/clean.ts";
import { section } from "../blocks.ts";
import { plain } from "../escape.ts";
import { limits } from "../limits.ts";
import { input, plainText } from "./form-parts.ts";

/** Callback id of the form, and ids of its blocks; an input's action id equals its block id. */
export const formCallback = "manifest_form";
export const formBlocks = {
  environment: "environment",
  channel: "channel",
  file: "file",
  manifest: "manifest",
  words: "words",
} as const;

/** What the form carries from its opening to its submission, as the view's private metadata. */
interface FormContext {
  readonly command: "deploy" | "validate";
  /** The app that the manifest must be for. */
  readonly app?: string;
  /** Slack channel id where it was asked. */
  readonly channel?: string;
  /** A file that is there already, by Slack id and name. */
  readonly file?: { readonly id: string; readonly name: string };
}

export interface FormOptions {
  readonly context: FormContext;
  /** Names of all environments, and the one shown first. */
  readonly environments: readonly string[];
  readonly environment?: string;
  /** Text to start with, for example of a message; at most {@link limits.inputText}. */
  readonly text?: string;
  /** `key=value` words to start with. */
  readonly words?: string;
  /** One sentence above the inputs. */
  readonly note?: string;
}

const titles = {
  deploy: { title: "Deploy", submit: "Deploy" },
  validate: { title: "Check a manifest", submit: "Check" },
} as const;

/** The modal that takes a manifest, as a file or as text. Pure. */
export function manifestForm(options: FormOptions): types.ModalView {
  const { context, environments, note } = options;
  const { command, app, channel, file } = context;
  const asksChannel = command === "deploy" && channel === undefined;
  return {
    type: "modal",
    callback_id: formCallback,
    private_metadata: JSON.stringify(context),
    title: plainText(titles[command].title),
    submit: plainText(titles[command].submit),
    close: plainText("Cancel"),
    blocks: [
      ...(note === undefined ? [] : [section(plain(note))]),
      ...(app === undefined ? [] : [section(`The manifest of *${plain(cap(app, 63))}*`)]),
      ...(environments.length < 2 ? [] : [environmentInput(environments, options.environment)]),
      ...(asksChannel ? [channelInput()] : []),
      ...(file === undefined
        ? [fileInput(), textInput(options.text)]
        : [section(`Manifest: \`${plain(file.name).replaceAll("`", "'")}\``)]),
      ...(command === "deploy" ? [wordsInput(options.words)] : []),
    ],
  };
}

function environmentInput(names: readonly string[], first: string | undefined): types.InputBlock {
  const options = names
    .slice(0, limits.options)
    .map((name) => ({ text: plainText(cap(name, limits.option)), value: name }));
  const initial = options.find(({ value }) => value === first);
  return input(formBlocks.environment, "Environment", {
    type: "static_select",
    action_id: formBlocks.environment,
    options,
    ...(initial === undefined ? {} : { initial_option: initial }),
  });
}

/** A release needs a place to be told; a form opened from nowhere asks for one. */
function channelInput(): types.InputBlock {
  return input(formBlocks.channel, "Channel that hears of it", {
    type: "conversations_select",
    action_id: formBlocks.channel,
    default_to_current_conversation: true,
    filter: { include: ["public", "private"], exclude_bot_users: true },
  });
}

function fileInput(): types.InputBlock {
  return {
    ...input(formBlocks.file, "Manifest file", {
      type: "file_input",
      action_id: formBlocks.file,
      filetypes: ["json", "yaml", "yml"],
      max_files: 1,
    }),
    optional: true,
  };
}

function textInput(initial: string | undefined): types.InputBlock {
  return {
    ...input(formBlocks.manifest, "Or paste the manifest", {
      type: "plain_text_input",
      action_id: formBlocks.manifest,
      multiline: true,
      ...(initial === undefined ? {} : { initial_value: initial }),
    }),
    optional: true,
  };
}

function wordsInput(initial: string | undefined): types.InputBlock {
  return {
    ...input(formBlocks.words, "Words", {
      type: "plain_text_input",
      action_id: formBlocks.words,
      placeholder: plainText("tag=2017 scale=3"),
      ...(initial === undefined ? {} : { initial_value: cap(clean(initial), limits.inputText) }),
    }),
    hint: plainText("Changes to the manifest, as after /docc deploy."),
    optional: true,
  };
}

import type { types, ViewOutput } from "@slack/bolt";
import { z } from "zod";
import type { Answer, Question, Questions } from "../../commands/answer.ts";
import { cap } from "../../text/cap.ts";
import { clean, oneLine } from "../../text/clean.ts";
import { typedWord } from "../../text/typed-word.ts";
import { section } from "../blocks.ts";
import { plain } from "../escape.ts";
import { limits } from "../limits.ts";
import type { FormErrors } from "../submission.ts";
import { input, plainText } from "./form-parts.ts";

export const questionsCallback = "questions_form";
/** As long as a word of a command may be. */
const longest = 300;

const contextSchema = z.object({
  words: z.string(),
  fields: z.array(z.string()),
  channel: z.string().optional(),
});
type View = Pick<ViewOutput, "private_metadata" | "state">;

/** A modal that asks for what a command needs to know. Its blocks are named after the arguments. Pure. */
export function questionsForm(
  { text, lines = [] }: Answer,
  { adds, fields, submit, title, words }: Questions,
  channel: string | undefined,
): types.ModalView {
  const [command = ""] = words.split(" ");
  const context: z.infer<typeof contextSchema> = {
    words: `${command} ${adds}`,
    fields: fields.map(({ name }) => name),
    ...(channel === undefined ? {} : { channel }),
  };
  return {
    type: "modal",
    callback_id: questionsCallback,
    private_metadata: JSON.stringify(context),
    title: plainText(cap(title, limits.viewTitle)),
    submit: plainText(cap(submit, limits.viewButton)),
    close: plainText("Cancel"),
    blocks: [section(plain([text, ...lines].join("\n"))), ...fields.map(questionInput)],
  };
}

function questionInput(question: Question): types.InputBlock {
  const { choices, hint, isOptional = false, label, name } = question;
  return {
    ...input(name, cap(label, limits.inputLabel), choices ? select(question) : textInput(question)),
    ...(hint === undefined ? {} : { hint: plainText(cap(oneLine(hint), limits.inputLabel)) }),
    ...(isOptional ? { optional: true } : {}),
  };
}

function textInput({ example, name, value }: Question): types.PlainTextInput {
  return {
    type: "plain_text_input",
    action_id: name,
    max_length: longest,
    ...(example === undefined ? {} : { placeholder: plainText(cap(example, limits.placeholder)) }),
    ...(value === undefined ? {} : { initial_value: cap(oneLine(value), longest) }),
  };
}

function select({ choices = [], name, value }: Question): types.StaticSelect {
  const options = choices
    .slice(0, limits.options)
    .map((each) => ({ text: plainText(cap(each.text, limits.option)), value: each.value }));
  const initial = options.find((each) => each.value === value);
  return {
    type: "static_select",
    action_id: name,
    options,
    ...(initial === undefined ? {} : { initial_option: initial }),
  };
}

/** Where the form was asked for. */
export function questionsChannelOf(view: View): string | undefined {
  return contextOf(view).channel;
}

/** The command with what was answered, as one would have typed it; or what no word can hold. */
export function readQuestions(
  view: View,
):
  | { readonly words: string; readonly channel: string | undefined }
  | { readonly errors: FormErrors } {
  const { channel, fields, words } = contextOf(view);
  const typed: string[] = [words];
  const errors: Record<string, string> = {};
  for (const name of fields) {
    const value = answerOf(view, name);
    const word = value === "" ? "" : typedWord(name, value);
    if (word === undefined) errors[name] = "Leave out the quotation marks.";
    else if (word !== "") typed.push(word);
  }
  return Object.keys(errors).length > 0 ? { errors } : { words: typed.join(" "), channel };
}

/** One line: a line break means nothing in what is asked. */
function answerOf({ state }: View, name: string): string {
  const field = state.values[name]?.[name];
  return oneLine(field?.selected_option?.value ?? clean(field?.value ?? ""));
}

/** What is wrong under the input that it is about; anything else under the first. */
export function questionErrors({ lines = [], text, wrong = {} }: Answer, view: View): FormErrors {
  const { fields } = contextOf(view);
  const own = fields.flatMap((name) => {
    const why = wrong[name];
    return why === undefined ? [] : [[name, cap(oneLine(why), limits.formError)] as const];
  });
  if (own.length > 0) return Object.fromEntries(own);
  return { [fields[0] ?? ""]: cap([text, ...lines].join(" "), limits.formError) };
}

function contextOf({ private_metadata: metadata }: View): z.infer<typeof contextSchema> {
  return contextSchema.parse(JSON.parse(metadata));
}

import type { types, ViewOutput } from "@slack/bolt";
import { z } from "zod";
import type { Answer } from "../../commands/answer.ts";
import { cap } from "../../text/cap.ts";
import { clean, oneLine } from "../../text/clean.ts";
import { typedWord } from "../../text/typed-word.ts";
import { button, section } from "../blocks.ts";
import { plain } from "../escape.ts";
import { limits } from "../limits.ts";
import { sayRefusal } from "../submission.ts";
import { input, plainText } from "./form-parts.ts";

/** Action id of buttons that ask what an app is to run before their words are a command. */
export const openDeployAction = "deploy:open";
export const deployCallback = "deploy_form";
const tag = "tag";
const words = "words";

const wishSchema = z.object({ app: z.string(), environment: z.string() });
const contextSchema = wishSchema.extend({ channel: z.string().optional() });

/** The app that is to be deployed once more, as the button carries it. */
export type DeployWish = z.infer<typeof wishSchema>;

/** @throws ZodError, SyntaxError for a value that no button of docc's carries */
export function readDeployWish(value: string): DeployWish {
  return wishSchema.parse(JSON.parse(value));
}

/** Opens the form; `deploy` without words would ask for what runs already. */
export function deployWordsButton(wish: DeployWish): types.Button {
  return button({
    action: openDeployAction,
    text: "Deploy…",
    value: JSON.stringify(wish),
    label: `Deploy ${wish.app} in ${wish.environment}: asks for the tag`,
  });
}

/** A modal that asks for the tag, and for other words, of an app that docc knows. Pure. */
export function deployForm(wish: DeployWish, channel: string | undefined): types.ModalView {
  const { app, environment } = wish;
  const where = plain(cap(oneLine(environment), 63));
  const name = `*${plain(cap(oneLine(app), 63))}* in ${where}`;
  return {
    type: "modal",
    callback_id: deployCallback,
    private_metadata: JSON.stringify({ ...wish, ...(channel === undefined ? {} : { channel }) }),
    title: plainText("Deploy"),
    submit: plainText("Deploy"),
    close: plainText("Back"),
    blocks: [
      section(
        `${name}, with another image or other words. A new manifest goes by \`/docc deploy in=${where}\`.`,
      ),
      wordsInput(tag, "Tag", "2018"),
      {
        ...wordsInput(words, "Other words", 'scale=3 reason="new schedule"'),
        hint: plainText("Changes to the manifest, as after /docc deploy."),
      },
    ],
  };
}

function wordsInput(block: string, label: string, example: string): types.InputBlock {
  const element: types.InputBlock["element"] = {
    type: "plain_text_input",
    action_id: block,
    max_length: limits.wordsInput,
    placeholder: plainText(example),
  };
  return { ...input(block, label, element), optional: true };
}

/** Where the form was opened; undefined on the App Home. */
export function deployChannelOf({
  private_metadata: metadata,
}: Pick<ViewOutput, "private_metadata">): string | undefined {
  return contextSchema.parse(JSON.parse(metadata)).channel;
}

/** The command as one would have typed it, and where it was asked; or what is wrong in the form. */
export function readDeployForm(
  view: Pick<ViewOutput, "private_metadata" | "state">,
):
  | { readonly words: string; readonly channel: string | undefined }
  | { readonly errors: Readonly<Record<string, string>> } {
  const { app, environment, channel } = contextSchema.parse(JSON.parse(view.private_metadata));
  const value = (block: string): string =>
    clean(view.state.values[block]?.[block]?.value ?? "").trim();
  const others = value(words);
  const wanted = value(tag);
  if (wanted === "" && others === "") {
    return { errors: { [tag]: "Give a tag, or other words below." } };
  }
  const tagged = wanted === "" ? "" : typedWord("tag", wanted);
  if (tagged === undefined) return { errors: { [tag]: "A tag has no quotes." } };
  const typed = [`deploy ${app}`, tagged, others, `in=${environment}`];
  return { words: typed.filter((each) => each !== "").join(" "), channel };
}

/** Why it was not taken, under the input that most of it came from. */
export function deployErrors(answer: Answer): Readonly<Record<string, string>> {
  return { [words]: sayRefusal(answer) };
}

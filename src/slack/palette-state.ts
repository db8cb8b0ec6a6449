import type { ViewOutput } from "@slack/bolt";
import { z } from "zod";
import type { Answer } from "../commands/answer.ts";
import type { Command } from "../commands/define.ts";
import { paletteFields } from "../commands/palette.ts";
import type { Argument } from "../commands/usage.ts";
import { cap } from "../text/cap.ts";
import { limits } from "./limits.ts";
import type { FormErrors } from "./submission.ts";
import { paletteBlocks, type PaletteState } from "./views/palette.ts";

/** A palette as it is submitted. */
export interface PaletteEntry extends PaletteState {
  readonly words: string;
}

const carried = z.object({
  channel: z.string().optional(),
  respond: z.string().optional(),
  command: z.string().optional(),
  values: z.record(z.string(), z.string()).optional(),
});

type Output = Pick<ViewOutput, "private_metadata" | "state">;
type Value = ViewOutput["state"]["values"][string][string];

/**
 * What a person has entered so far. What the view carried along counts where Slack shows no field for it, because an
 * offer is asked for without the state of the others, perhaps. Pure.
 * @throws SyntaxError, ZodError for a view that is no palette of this docc's
 */
export function readPalette({ private_metadata: metadata, state }: Output): PaletteEntry {
  const { channel, command, respond, values = {} } = carried.parse(JSON.parse(metadata));
  const known = new Map(Object.entries(values));
  for (const [block, fields] of Object.entries(state.values)) {
    const [kind, name] = block.split(".");
    if (kind !== "arg" || name === undefined) continue;
    const entered = Object.values(fields).map(valueOf)[0] ?? "";
    if (entered === "") known.delete(name);
    else known.set(name, entered);
  }
  const of = (block: string): string | undefined =>
    Object.values(state.values[block] ?? {}).map(valueOf)[0];
  return {
    context: { channel: channel ?? of(paletteBlocks.channel), respond },
    command: of(paletteBlocks.command) ?? command,
    values: Object.fromEntries(known),
    words: of(paletteBlocks.words) ?? "",
  };
}

function valueOf(field: Value): string | undefined {
  // Of several each is a word.
  if (field.selected_options !== undefined) {
    return field.selected_options.map(({ value }) => value ?? "").join(" ");
  }
  return field.selected_option?.value ?? field.selected_conversation ?? field.value ?? undefined;
}

/** Whether a refusal is about what was entered, so that it can stand where it was entered. */
export function isAboutEntry({ buttons, findings, form, reason }: Answer): boolean {
  const isPlain = buttons === undefined && findings === undefined && form === undefined;
  return isPlain && (reason === "bad-input" || reason === "not-found");
}

/** A refusal under the input that it is about, else under the command. Plain text, capped. Pure. */
export function paletteErrors(
  { text, lines = [] }: Pick<Answer, "text" | "lines">,
  command: Command | undefined,
  view: Pick<ViewOutput, "blocks" | "private_metadata" | "state">,
): FormErrors {
  const { values } = readPalette(view);
  const fields = command === undefined ? [] : paletteFields(command).fields;
  const named = fields.find(
    ({ name }) => text.startsWith(`${name} `) || text.startsWith(`${name}= `),
  );
  const said = [text, ...lines].join(" ");
  const holds = (value: string): boolean => said.includes(value);
  const valuesOf = ({ name, several }: Argument): readonly string[] => {
    const value = values[name];
    return value === undefined ? [] : several ? value.split(" ") : [value];
  };
  const field = named ?? fields.find((each) => each.name !== "in" && valuesOf(each).some(holds));
  const blocks = view.blocks.flatMap(({ block_id: id }) => id ?? []);
  const own = field && blocks.find((id) => id.split(".")[1] === field.name);
  const hasWords = blocks.includes(paletteBlocks.words);
  const block = own ?? (hasWords ? paletteBlocks.words : paletteBlocks.command);
  return { [block]: cap([text, ...lines].join(" "), limits.formError) };
}

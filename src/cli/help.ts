import type { CliCommand } from "./command.ts";
import { type Option, valueForm } from "./words.ts";

const widest = 100;
/** A form that is longer has its explanation on the next line. */
const widestForm = 34;
/** What fits beside the program's name without a look for its end. */
const longestUsage = 80;

/** `--help`, which every word has. */
export const helpOption: Option = { values: [], short: "h", about: "show this help" };

/** What `docc WORD --help` prints, all of it from the word's declaration. Pure. */
export function helpOf(command: CliCommand): string {
  const { summary, details, examples, takes } = command;
  const options = { ...command.options, help: helpOption };
  const parts = [
    [`${summary}.`],
    usageLines(command),
    section(
      "Arguments",
      (takes?.listed ?? []).map(({ form, about }) => [form, about] as const),
    ),
    section(
      "Options",
      Object.entries(options).map(
        ([name, option]) => [optionForm(name, option), option.about] as const,
      ),
    ),
    details.flatMap((line) => wrapped(line, widest)),
    ["Examples:", ...examples.map((example) => `  docc ${example}`)],
  ];
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function usageLines({ name, usage, short }: CliCommand): readonly string[] {
  const whole = `docc ${name} ${usage}`.trimEnd();
  if (short === undefined || whole.length <= longestUsage) return [`Usage: ${whole}`];
  return short.map(
    (form, at) =>
      `${at === 0 ? "Usage: " : "       "}${`docc ${name} ${form}`.trimEnd()} [options]`,
  );
}

/** A title, and below it forms and what they are, in two columns; nothing for no forms. Pure. */
export function section(
  title: string,
  rows: readonly (readonly [form: string, about: string])[],
): readonly string[] {
  if (rows.length === 0) return [];
  const lengths = rows.map(([form]) => form.length).filter((length) => length <= widestForm);
  const width = Math.max(0, ...lengths);
  const lines = rows.flatMap(([form, about]) => {
    const [first = "", ...others] = wrapped(about, widest - width - 4);
    const further = others.map((line) => " ".repeat(width + 4) + line);
    return form.length > width
      ? [`  ${form}`, " ".repeat(width + 4) + first, ...further]
      : [`  ${form.padEnd(width)}  ${first}`.trimEnd(), ...further];
  });
  return [`${title}:`, ...lines];
}

/** `-o, --output table|json|yaml`; one without a short name stands below the long ones. Pure. */
export function optionForm(name: string, option: Option): string {
  const { short, isOptional } = option;
  const value = valueForm(option);
  const written = value === "" ? "" : isOptional === true ? `[=${value}]` : ` ${value}`;
  return `${short === undefined ? "    " : `-${short}, `}--${name}${written}`;
}

/** A line that fits stays as it is. */
function wrapped(text: string, width: number): readonly string[] {
  if (text.length <= width) return [text];
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1) ?? ""} ${word}`;
    if (lines.length === 0 || longer.length > width) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

/** A table of Markdown; bars inside cells are escaped. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`.replaceAll("|  |", "| |");
  return [line(head), `|${head.map(() => "---|").join("")}`, ...rows.map(line)].join("\n");
}

export function code(text: string): string {
  return `\`${text}\``;
}

/** The fenced blocks of a page, with the words behind the fence. */
export function blocks(page: string): readonly { readonly info: string; readonly text: string }[] {
  return [...page.matchAll(/^```(?<info>[^\n]*)\n(?<text>.*?)^```$/gmsu)].map(({ groups }) => ({
    info: groups?.["info"] ?? "",
    text: groups?.["text"] ?? "",
  }));
}

/**
 * Rows as aligned columns of monospaced text, for where Slack shows no table.
 * @param style what a cell becomes without growing wider, such as coloured
 */
export function columns(
  rows: readonly (readonly string[])[],
  style: (cell: string, row: number) => string = (cell) => cell,
): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [at, cell] of row.entries()) {
      widths[at] = Math.max(widths[at] ?? 0, cell.length);
    }
  }
  return rows
    .map((row, number) =>
      row
        .map((cell, at) => style(cell, number) + " ".repeat((widths[at] ?? 0) - cell.length))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

const mostRows = 50;
/**
 * Characters of a page as JSON writes them. The edges draw as many lines as have room (`bulk` in
 * src/slack/limits.ts): what a page promises must be there, or the next one would begin behind a gap.
 */
const room = 7_500;
/** Two spaces between columns, and `\n` at the end of a line. */
const between = 2;

/**
 * Cuts rows into pages that are shown whole, in their order, at most 50 rows each.
 * @param head the names of the columns, which each page repeats
 */
export function pagesOf<Item>(
  items: readonly Item[],
  head: readonly string[],
  row: (item: Item) => readonly string[],
): readonly (readonly Item[])[] {
  const pages: Item[][] = [];
  let page: Item[] = [];
  let widths = head.map(widthOf);
  for (const item of items) {
    const own = row(item).map(widthOf);
    const wider = widths.map((width, at) => widest(width, own[at] ?? width));
    const isFull = page.length >= mostRows || sizeOf(wider, page.length + 2) > room;
    if (isFull && page.length > 0) {
      pages.push(page);
      page = [];
      widths = head.map((name, at) => widest(widthOf(name), own[at] ?? widthOf(name)));
    } else {
      widths = wider;
    }
    page.push(item);
  }
  return page.length === 0 ? pages : [...pages, page];
}

/** Cells of a column are as wide as the longest; what JSON escapes comes on top. */
interface Width {
  readonly characters: number;
  readonly escapes: number;
}

function widthOf(cell: string): Width {
  const characters = cell.length;
  return { characters, escapes: JSON.stringify(cell).length - 2 - characters };
}

function widest(a: Width, b: Width): Width {
  return {
    characters: Math.max(a.characters, b.characters),
    escapes: Math.max(a.escapes, b.escapes),
  };
}

/** No fewer characters than so many lines of these columns have. */
function sizeOf(widths: readonly Width[], lines: number): number {
  const line = widths.reduce(
    (sum, { characters, escapes }) => sum + characters + escapes + between,
    0,
  );
  return lines * line;
}

import { codeTables } from "./codes.ts";
import { fieldTables } from "./fields.ts";
import { peerTable } from "./peers.ts";
import { wordTable } from "./words.ts";

/** The parts of docs/manifest.md that are made, between `<!-- NAME: ... -->` and `<!-- /NAME -->`. */
const parts: Readonly<Record<string, (page: string) => string>> = {
  fields: fieldTables,
  words: wordTable,
  codes: codeTables,
  peers: peerTable,
};

/**
 * The page with its made parts made anew.
 * @throws where the page has no place for one
 */
export function remade(page: string): string {
  return Object.entries(parts).reduce((text, [name, make]) => {
    const place = new RegExp(`(<!-- ${name}: [^\\n]*-->\\n).*?(<!-- /${name} -->)`, "su");
    if (!place.test(text)) {
      throw new Error(`docs/manifest.md has no place for ${name}.`);
    }
    return text.replace(
      place,
      (_all, from: string, to: string) => `${from}\n${make(page)}\n\n${to}`,
    );
  }, page);
}

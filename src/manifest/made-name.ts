/**
 * A name that a manifest can have, as near as possible to a text such as a folder's name: lower-case
 * letters, digits and single hyphens, with a letter first. Accents are taken off.
 *
 * @param most the greatest length
 * @returns `fallback` where nothing usable is left
 */
export function madeName(text: string, most: number, fallback: string): string {
  const name = text
    .normalize("NFKD")
    .replace(/\p{Mark}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/gu, "-")
    .replace(/^[^a-z]+/u, "")
    .slice(0, most)
    .replace(/-+$/u, "");
  return name === "" ? fallback : name;
}

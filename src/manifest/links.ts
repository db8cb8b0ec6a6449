/** Slack takes no longer address in a button. */
const longest = 3_000;

/**
 * Whether a text is a link that docc may show: https, no name and password, nothing filled into its host,
 * and no placeholder but these.
 */
export function isLink(text: string, placeholders: readonly string[]): boolean {
  return (
    /^https:\/\/[^/?#@\\{}\s]+(?:[/?#][^\s\\<>"`]*)?$/u.test(text) &&
    URL.canParse(text) &&
    strangePlaceholder(text, placeholders) === undefined
  );
}

/** The first brace that belongs to no known placeholder, with what is in it. */
export function strangePlaceholder(
  text: string,
  placeholders: readonly string[],
): string | undefined {
  const known = new RegExp(`\\{(?:${placeholders.join("|")})\\}`, "gu");
  return /[{}][^{}]{0,40}\}?/u.exec(text.replaceAll(known, ""))?.[0];
}

/**
 * A link with its placeholders filled in, or undefined when it is none for these values, or what comes
 * out is no https address. Values are percent-encoded: none can leave the place it is filled into.
 */
export function filledLink(
  link: string,
  values: Readonly<Record<string, string>>,
): string | undefined {
  if (!isLink(link, Object.keys(values))) return undefined;
  const filled = link.replaceAll(/\{([a-z]+)\}/gu, (_all, name: string) =>
    encodeURIComponent(values[name] ?? ""),
  );
  return filled.length <= longest && URL.canParse(filled) ? filled : undefined;
}

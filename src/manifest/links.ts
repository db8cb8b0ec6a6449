/**
 * A link of the manifest with its placeholders filled in, or undefined when what comes out is no https
 * address. Values are percent-encoded: none can leave the place it is filled into.
 */
export function filledLink(
  link: string,
  values: { readonly app: string; readonly from: string; readonly to: string },
): string | undefined {
  const filled = link.replaceAll(/\{(app|from|to)\}/gu, (_all, name: keyof typeof values) =>
    encodeURIComponent(values[name]),
  );
  return filled.length <= longest && filled.startsWith("https://") && URL.canParse(filled)
    ? filled
    : undefined;
}

/** Slack takes no longer one in a button. */
const longest = 3_000;

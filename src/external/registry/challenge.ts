/** One way of logging in that an answer with 401 offers: `Bearer realm="…",service="…"`. */
export interface Challenge {
  /** In lower case. */
  readonly scheme: string;
  /** Names in lower case. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** A registry needs some hundred characters; what is longer is not read. */
const longest = 4_096;

const token = String.raw`[!#$%&'*+.^_\x60|~0-9A-Za-z-]+`;
const quotedText = String.raw`"(?:[^"\\]|\\.)*"`;
/** Either a parameter or the scheme of the next challenge, with what parts them. */
const piece = new RegExp(
  `[\\s,]*(?:(${token})\\s*=\\s*(${token}|${quotedText})|(${token}))`,
  "guy",
);

/**
 * The challenges of a WWW-Authenticate header, in its order; reading ends at what is malformed.
 * https://www.rfc-editor.org/rfc/rfc9110#field.www-authenticate
 */
export function parseChallenges(header: string): readonly Challenge[] {
  if (header.length > longest) return [];
  const challenges: { scheme: string; parameters: Map<string, string> }[] = [];
  for (const [, name, value, scheme] of header.matchAll(piece)) {
    if (scheme !== undefined) {
      challenges.push({ scheme: scheme.toLowerCase(), parameters: new Map() });
    } else if (name !== undefined && value !== undefined) {
      challenges.at(-1)?.parameters.set(name.toLowerCase(), unquoted(value));
    }
  }
  return challenges;
}

function unquoted(value: string): string {
  return value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/gsu, "$1") : value;
}

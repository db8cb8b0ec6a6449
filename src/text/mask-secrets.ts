import { cleanBy } from "./clean.ts";

/** What stands in the place of a secret. */
export const mask = "[masked]";

/** A text without what is probably secret in it. */
export interface Masked {
  readonly text: string;
  /** How many secrets were taken out of it. */
  readonly count: number;
}

/** A pattern, and what stands for a match; its first group stays in front of the mask. */
type Rule = readonly [pattern: RegExp, replace: (before: string) => string];

/** Words that are no credential where one would stand: `Bearer authentication failed`, `Bearer realm="..."`. */
const noCredential =
  "(?!(?:authenticat|authoriz|credential|realm|token|scheme)[a-z]*(?![\\w.~+/-]))";

/** Names of values that are secret, as the end of a longer one too: `DB_PASSWORD`, `x-api-key`, `clientSecret`. */
const secretNames = [
  "passw(?:or)?d",
  "passphrase",
  "pwd",
  "secret(?:[_-]?(?:access[_-]?)?key)?",
  "token",
  "api[_-]?key",
  "access[_-]?key",
  "private[_-]?key",
  "authorization",
].join("|");

/** A quote behind a name, as it is or as it stands in JSON inside of JSON; then what assigns. */
const assigned = `(?:\\\\{0,3}["'\`])?[ \\t]{0,4}(?:=>|[=:])[ \\t]{0,4}`;
const schemes = "(?:bearer|basic|digest|token|negotiate)[ \\t]{1,4}";
const begin = "-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----";
const end = "-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----";

/**
 * Every repetition is bounded, or meets nothing behind it that it could give back, and no match may begin inside
 * of what another has scanned in vain: the time grows with the text alone (test/text/mask-secrets.test.ts).
 */
const rules: readonly Rule[] = [
  // Also where its end has been cut off.
  [
    new RegExp(`(${begin})(?!\\[masked\\])(?:(?!-----)[^])*(?:${end})?`, "g"),
    (before) => `${before}${mask}`,
  ],
  // postgres://user:password@host; a password may hold an @, and its / is encoded.
  [
    /(:\/\/[^\s/:@"'<>]{0,200}:)(?!\[masked\]@)[^\s/?#"'<>]{1,1000}@/g,
    (before) => `${before}${mask}@`,
  ],
  [/(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{12,}/g, () => mask],
  [/gh[pousr]_[A-Za-z0-9]{16,}/g, () => mask],
  [/github_pat_\w{16,}/g, () => mask],
  [/glpat-[\w-]{16,}/g, () => mask],
  [/(?:xox[a-z]|xapp)-[A-Za-z0-9-]{8,}/g, () => mask],
  // Header and payload of a JWT are JSON objects, `{"` in base64; its signature may be cut off.
  [/(?<![\w-])eyJ[\w-]{5,}\.[\w-]{4,}(?:\.[\w-]*){0,3}/g, () => mask],
  [
    new RegExp(`\\b(bearer[ \\t]{1,4})${noCredential}[\\w.~+/=-]{6,}`, "gi"),
    (before) => `${before}${mask}`,
  ],
  // Base64 has capitals and digits in the middle, the next word of a sentence has not.
  [
    /\b((?:[Bb]asic|BASIC)[ \t]{1,4})(?=.[a-z]*[A-Z0-9+/=])[\w+/=-]{6,}/g,
    (before) => `${before}${mask}`,
  ],
  // password="...": to the same quote, or to the end where that is missing.
  [
    new RegExp(
      `((?:${secretNames})${assigned}(\\\\{0,3})(["'\`]))` +
        `(?!\\[masked\\](?:\\2\\3|$))(?:(?!\\2\\3)(?:\\\\[^]|[^\\\\]))+`,
      "gi",
    ),
    (before) => `${before}${mask}`,
  ],
  // password=..., password: ..., Authorization: Scheme ...
  [
    new RegExp(
      `((?:${secretNames})${assigned}(?:${schemes})?)(?!${schemes}|\\\\{0,3}["'\`])` +
        `(?!\\[masked\\](?![^\\s"'\`,;&]))[^\\s"'\`,;&]+`,
      "gi",
    ),
    (before) => `${before}${mask}`,
  ],
];

/**
 * Takes out of a text what is likely to be secret: credentials of HTTP, of AWS, GitHub, GitLab and Slack, JWTs,
 * private keys, passwords in addresses, and the values of `password=`, `token:` and their like. A guess, made to
 * find too much rather than too little; it knows nothing of secrets that look like nothing. {@link cleanToMask} goes
 * first: an invisible character inside of a token would hide it.
 */
export function maskSecrets(text: string): Masked {
  let count = 0;
  let masked = text;
  for (const [pattern, replace] of rules) {
    masked = masked.replace(pattern, (_all, before: unknown) => {
      count += 1;
      return replace(typeof before === "string" ? before : "");
    });
  }
  return { text: masked, count };
}

/** Letters that a credential, or the name of one, begins with, and that end an escape sequence as well. */
const firstLetters = /[abegpstx]$/i;

/**
 * A text made safe to show ({@link clean}) in such a way that its secrets are found: an escape sequence that eats
 * the first letter of one (`ESC [ A` before `KIA...`) would leave the others there. That letter stays.
 */
export function cleanToMask(text: string): string {
  return cleanBy(text, (sequence, rest) => {
    const [letter] = firstLetters.exec(sequence) ?? [];
    if (letter === undefined) return "";
    return maskSecrets(letter + rest).count > maskSecrets(rest).count ? letter : "";
  });
}

const keyBegins = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY/;
const keyEnds = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY/;
/** A trimmed line of a key: base64, one of the headers that older formats have, or nothing. */
const keyLine = /^(?:[A-Za-z0-9+/=]*|(?:Proc-Type|DEK-Info|Version|Comment): .*)$/;

/**
 * {@link maskSecrets} of the lines of one source, in their order: a private key may go over several of them,
 * and only its end or its beginning may be there. Its lines become one mask each and count as one secret.
 */
export function maskLines(lines: readonly string[]): {
  readonly lines: readonly string[];
  readonly count: number;
} {
  const inKey = linesOfKeys(lines);
  let count = inKey.keys;
  const masked = lines.map((line, at) => {
    if (inKey.at.has(at)) return mask;
    const { text, count: found } = maskSecrets(line);
    count += found;
    return text;
  });
  return { lines: masked, count };
}

/** The lines between BEGIN and END; what stands in one line alone is left to {@link maskSecrets}. */
function linesOfKeys(lines: readonly string[]): {
  readonly at: ReadonlySet<number>;
  readonly keys: number;
} {
  const found = new Set<number>();
  let keys = 0;
  let isOpen = false;
  for (const [at, line] of lines.entries()) {
    if (keyEnds.test(line)) {
      // Of a key whose beginning was not read.
      if (!isOpen && !keyBegins.test(line)) {
        keys += 1;
        for (let before = at - 1; isKeyText(lines[before]); before -= 1) found.add(before);
      }
      if (!keyBegins.test(line)) found.add(at);
      isOpen = false;
    } else if (keyBegins.test(line)) {
      // The line itself counts, as maskSecrets masks what follows in it.
      isOpen = true;
    } else if (isOpen && keyLine.test(line.trim())) {
      found.add(at);
    } else {
      isOpen = false;
    }
  }
  return { at: found, keys };
}

/** Whether a line can be the body of a key, and not just empty. */
function isKeyText(line: string | undefined): boolean {
  return line !== undefined && line.trim() !== "" && keyLine.test(line.trim());
}

/**
 * Keeps values of environment variables and Secrets out of what people read. The API server quotes
 * rejected values in `Status.message`, and admission webhooks may quote anything.
 */

/** The field errors of apimachinery that quote the rejected value after their title. */
const quoting = /\b((?:Invalid|Unsupported|Duplicate) value|Not found|Too many): /g;
const shortestSecret = 4;

/** Server-side apply prints the values of the wrong type raw, so nothing tells where they end. */
const typedPatch = "failed to create typed patch object";

/** True for the message about an object that is not shaped as its schema says. */
export function isTypedPatchFailure(message: string): boolean {
  return message.startsWith(typedPatch);
}

/**
 * Cuts the values out of field errors: `Invalid value: "hunter2": must be …` becomes
 * `Invalid value: must be …`. The value is what Go printed there: a quoted string, a bare word, or a
 * struct in braces.
 * https://github.com/kubernetes/apimachinery/blob/master/pkg/util/validation/field/errors.go
 */
export function cutValues(message: string): string {
  if (isTypedPatchFailure(message)) {
    return message.replace(/, got .*/s, ", got another type");
  }
  let out = "";
  let from = 0;
  for (const match of message.matchAll(quoting)) {
    if (match.index < from) {
      continue;
    }
    const start = match.index + match[0].length;
    out += message.slice(from, match.index) + match[1];
    from = endOfValue(message, start);
  }
  return out + message.slice(from);
}

/** The index behind the value that starts at `start`; unbalanced braces swallow the whole rest. */
function endOfValue(text: string, start: number): number {
  let depth = 0;
  let at = start;
  while (at < text.length) {
    const char = text[at];
    if (char === '"') {
      at = endOfQuoted(text, at);
      continue;
    }
    if (depth === 0 && (char === ":" || char === "," || char === "]" || char === "\n")) {
      return at;
    }
    depth += char === "{" || char === "[" || char === "(" ? 1 : 0;
    depth -= char === "}" || char === "]" || char === ")" ? 1 : 0;
    at += 1;
  }
  return text.length;
}

function endOfQuoted(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') {
    at += text[at] === "\\" ? 2 : 1;
  }
  return at + 1;
}

/**
 * The texts in an object that nobody may see quoted: values of environment variables, and the data
 * of Secrets, plain and in base64. Values shorter than four characters are left out, because
 * replacing "1" or "on" would ruin messages and hide nothing.
 */
export function secretsIn(object: unknown): ReadonlySet<string> {
  const found = new Set<string>();
  collect(object, found);
  return found;
}

function collect(node: unknown, found: Set<string>): void {
  if (Array.isArray(node)) {
    for (const each of node) {
      collect(each, found);
    }
    return;
  }
  if (!isRecord(node)) {
    return;
  }
  const isSecret = node["kind"] === "Secret";
  for (const [key, value] of Object.entries(node)) {
    if (key === "env" && Array.isArray(value)) {
      addAll(
        value.map((each: unknown) => (isRecord(each) ? each["value"] : undefined)),
        found,
      );
    } else if (isSecret && (key === "data" || key === "stringData") && isRecord(value)) {
      addAll(Object.values(value), found);
      addAll(Object.values(value).map(decoded), found);
    } else {
      collect(value, found);
    }
  }
}

function addAll(values: readonly unknown[], found: Set<string>): void {
  for (const value of values) {
    if (typeof value === "string" && value.length >= shortestSecret) {
      found.add(value);
    }
  }
}

function decoded(value: unknown): unknown {
  return typeof value === "string" ? Buffer.from(value, "base64").toString("utf8") : undefined;
}

/** Replaces every known secret in `text`, also where it stands escaped as in JSON. */
export function hide(text: string, secrets: ReadonlySet<string>): string {
  const longestFirst = [...secrets].sort((a, b) => b.length - a.length);
  let out = text;
  for (const secret of longestFirst) {
    for (const form of new Set([secret, JSON.stringify(secret).slice(1, -1)])) {
      out = out.replaceAll(form, "…");
    }
  }
  return out;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

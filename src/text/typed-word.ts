/**
 * A `key=value` word as a person would type it, quoted where it must be. Undefined for a value that no
 * quotes hold.
 */
export function typedWord(key: string, value: string): string | undefined {
  if (/^[^\s"'“”„‘’‚«»]+$/u.test(value)) return `${key}=${value}`;
  return /["”]/u.test(value) ? undefined : `${key}="${value}"`;
}

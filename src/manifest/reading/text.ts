import type { Problem } from "../problem.ts";

/** Bytes a manifest may have. A real one has one or two thousand. */
export const MAX_BYTES = 256 * 1024;

/** Levels that lists and objects may nest. A manifest needs five. */
export const MAX_DEPTH = 32;

/** The text of a file, without byte-order mark, or why it is none. */
export type Decoded =
  | { readonly text: string; readonly problem?: never }
  | { readonly text: string; readonly problem: Problem };

/** Turns a file into text: bounded, UTF-8, free of NUL. Nothing recursive has run before this. */
export function decode(source: string | Uint8Array): Decoded {
  const bytes = typeof source === "string" ? utf8(source) : source;
  if (bytes.length > MAX_BYTES) {
    return { text: "", problem: tooBig };
  }
  const utf16 = hasUtf16Mark(bytes);
  const text = new TextDecoder(utf16 ?? "utf-8").decode(bytes);
  return { text, ...firstProblem(source, bytes, text, utf16) };
}

function firstProblem(
  source: string | Uint8Array,
  bytes: Uint8Array,
  text: string,
  utf16: string | undefined,
): { problem: Problem } | undefined {
  if (utf16 !== undefined) {
    return unreadable("The file is UTF-16 text.", saveAsUtf8, 0);
  }
  // With the u flag only surrogates without their other half match.
  const lone = typeof source === "string" ? source.search(/\p{Surrogate}/u) : -1;
  if (lone !== -1) {
    return unreadable("The text is not valid Unicode.", saveAsUtf8, lone);
  }
  if (!isUtf8(bytes)) {
    return unreadable("The file is not UTF-8 text.", saveAsUtf8, invalidAt(bytes, text));
  }
  const nul = text.indexOf("\0");
  if (nul !== -1) {
    return unreadable(
      "The file contains a NUL byte.",
      "Is it the right file? Give it as text.",
      nul,
    );
  }
  return undefined;
}

const saveAsUtf8 = "Save the file as UTF-8.";

const tooBig: Problem = {
  code: "too-big",
  message: `The file is larger than a manifest can be (${MAX_BYTES / 1024} KiB).`,
  hint: "A manifest describes one application in a few lines; is it the right file?",
  path: [],
  at: 0,
};

function unreadable(message: string, hint: string, at: number): { problem: Problem } {
  return { problem: { code: "not-parsable", message, hint, path: [], at } };
}

function utf8(text: string): Uint8Array {
  // Every UTF-16 unit needs at least one byte: a longer text need not be encoded to be refused.
  return new TextEncoder().encode(text.slice(0, MAX_BYTES + 1));
}

function hasUtf16Mark(bytes: Uint8Array): "utf-16le" | "utf-16be" | undefined {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) {
    return "utf-16le";
  }
  return first === 0xfe && second === 0xff ? "utf-16be" : undefined;
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** Offset in the decoded text of the first byte that is not UTF-8. */
function invalidAt(bytes: Uint8Array, text: string): number {
  const encoder = new TextEncoder();
  let byte = markLength(bytes);
  let from = 0;
  for (const { index } of text.matchAll(/\ufffd/gu)) {
    byte += encoder.encode(text.slice(from, index)).length;
    const genuine = bytes[byte] === 0xef && bytes[byte + 1] === 0xbf && bytes[byte + 2] === 0xbd;
    if (!genuine) {
      return index;
    }
    byte += 3;
    from = index + 1;
  }
  return 0;
}

function markLength(bytes: Uint8Array): number {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
}

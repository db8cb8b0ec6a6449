import { MAX_BYTES } from "../manifest/reading/text.ts";
import { quoted } from "../text/clean.ts";
import type { Io } from "./io.ts";

/** A file that was read, or one sentence on why it could not be. */
export type ReadFile =
  | { readonly name: string; readonly bytes: Uint8Array }
  | { readonly name: string; readonly failure: string; readonly isMissing: boolean };

/** Reads a file, or standard input for `-`; one byte more than a manifest may have at most. */
export async function read(path: string, io: Io): Promise<ReadFile> {
  const limit = MAX_BYTES + 1;
  const name = path === "-" ? "<stdin>" : path;
  try {
    const bytes = path === "-" ? await io.stdin(limit) : await io.readFile(path, limit);
    return { name, bytes };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown reason";
    return { name, failure: sentence(quoted(name, 200), code), isMissing: code === "ENOENT" };
  }
}

function sentence(name: string, code: string): string {
  switch (code) {
    case "ENOENT":
      return `There is no file ${name}.`;
    case "EISDIR":
      return `${name} is a directory.`;
    case "EACCES":
      return `${name} may not be read.`;
    default:
      return `${name} cannot be read (${code}).`;
  }
}

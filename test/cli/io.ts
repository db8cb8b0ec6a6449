import type { Io } from "../../src/cli/io.ts";

/** The world of a run that only speaks: nobody types, no file is there to read or write, and nobody interrupts. */
export function speakingIo(parts: Pick<Io, "stdout" | "stderr"> & Partial<Io>): Io {
  const unused = () => Promise.reject(new Error("unused"));
  return {
    readFile: unused,
    stdin: unused,
    line: unused,
    writeFile: unused,
    folder: () => "",
    isTerminal: false,
    onInterrupt: () => () => undefined,
    ...parts,
  };
}

import { open } from "node:fs/promises";
import { basename } from "node:path";
import { createInterface } from "node:readline";

/** The edges of the command line, so that tests can stand in for them. */
export interface Io {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /**
   * The first `limit` bytes of a file at most.
   * @throws a Node.js system error, with its code, when it cannot be read
   */
  readonly readFile: (path: string, limit: number) => Promise<Uint8Array>;
  /** The first `limit` bytes of standard input at most. */
  readonly stdin: (limit: number) => Promise<Uint8Array>;
  /** The next line that somebody types, without its end; empty when nobody does. */
  readonly line: () => Promise<string>;
  /**
   * Writes a file; over one that exists only when it is to be replaced.
   * @throws a Node.js system error, with its code: EEXIST for a file that exists
   */
  readonly writeFile: (path: string, text: string, replaces: boolean) => Promise<void>;
  /** The name of the current directory, without what is above it. */
  readonly folder: () => string;
  /** Whether somebody looks at standard output, where a line can be drawn again. */
  readonly isTerminal: boolean;
  /** Whether it shows colours, and nobody asked for none (NO_COLOR); not unless told. */
  readonly hasColours?: boolean;
  /** Calls `stop` at the first Ctrl-C instead of ending the process; the returned function ends that. */
  readonly onInterrupt: (stop: () => void) => () => void;
  /** Calls `stop` when nobody reads standard output any more, for what would go on for ever. */
  readonly onReaderGone?: (stop: () => void) => () => void;
}

/** The edges of this process. A reader that has gone away, as in `docc help | head`, is no error. */
export function processIo(): Io {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") {
        throw error;
      }
    });
  }
  return {
    stdout: (text) => process.stdout.write(text),
    stderr: (text) => process.stderr.write(text),
    readFile: readFirst,
    stdin: (limit) => collect(process.stdin, limit),
    line: readLine,
    writeFile: write,
    folder: () => basename(process.cwd()),
    isTerminal: process.stdout.isTTY,
    // Node goes by NO_COLOR and TERM; what is no terminal has no such method.
    hasColours: process.stdout.isTTY && process.stdout.hasColors(),
    onInterrupt: (stop) => {
      process.once("SIGINT", stop);
      return () => process.off("SIGINT", stop);
    },
    onReaderGone: (stop) => {
      process.stdout.once("error", stop);
      return () => process.stdout.off("error", stop);
    },
  };
}

/** Reads no more than needed, so that /dev/zero and huge files end too. */
async function readFirst(path: string, limit: number): Promise<Uint8Array> {
  const file = await open(path);
  try {
    return await collect(file.createReadStream({ autoClose: false, end: limit - 1 }), limit);
  } finally {
    await file.close();
  }
}

async function readLine(): Promise<string> {
  const lines = createInterface({ input: process.stdin });
  try {
    for await (const line of lines) return line;
    return "";
  } finally {
    lines.close();
  }
}

/** Opening decides whether the file is new, so that nothing can come between a look and the write. */
async function write(path: string, text: string, replaces: boolean): Promise<void> {
  const file = await open(path, replaces ? "w" : "wx");
  try {
    await file.writeFile(text);
  } finally {
    await file.close();
  }
}

async function collect(chunks: AsyncIterable<unknown>, limit: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    if (chunk instanceof Uint8Array) {
      parts.push(chunk);
      size += chunk.length;
    }
    if (size >= limit) {
      break;
    }
  }
  return Buffer.concat(parts).subarray(0, limit);
}

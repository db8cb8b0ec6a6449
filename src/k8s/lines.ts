import { decode, type Text } from "./bytes.ts";

/**
 * Splits UTF-8 bytes into lines without their line feeds, whatever the borders of the chunks. A line
 * longer than allowed loses its end and is `truncated`.
 */
export interface LineSplitter {
  /** The lines that this chunk completes. */
  push(chunk: Uint8Array): readonly Text[];
  /** What stands after the last line feed, if anything. */
  end(): Text | undefined;
}

const lineFeed = 0x0a;

/** Keeps at most `mostBytes` of a line, so that an endless one cannot fill the memory. */
export function createLineSplitter(mostBytes: number): LineSplitter {
  let parts: Uint8Array[] = [];
  let length = 0;
  let truncated = false;

  const keep = (bytes: Uint8Array): void => {
    const kept = bytes.subarray(0, mostBytes - length);
    truncated ||= kept.length < bytes.length;
    if (kept.length > 0) {
      parts.push(kept);
      length += kept.length;
    }
  };

  const flush = (): Text => {
    const line = decode(Buffer.concat(parts), truncated);
    parts = [];
    length = 0;
    truncated = false;
    return line;
  };

  return {
    push: (chunk) => {
      const lines: Text[] = [];
      let start = 0;
      for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, start)) {
        keep(chunk.subarray(start, end));
        lines.push(flush());
        start = end + 1;
      }
      keep(chunk.subarray(start));
      return lines;
    },
    end: () => (length > 0 ? flush() : undefined),
  };
}

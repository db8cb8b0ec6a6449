import { cap } from "../text/cap.ts";

/**
 * As many whole lines as fit, and a line that says how many were left out.
 * @param keep `first` lines (findings) or `last` lines (logs)
 * @param fits says whether a candidate is small enough
 */
export function excerpt(
  text: string,
  keep: "first" | "last",
  fits: (candidate: string) => boolean,
): string {
  if (fits(text)) return text;
  const lines = text.split("\n");
  const candidate = (kept: number): string => {
    const left = lines.length - kept;
    return keep === "first"
      ? [...lines.slice(0, kept), `(${count(left)} more)`].join("\n")
      : [`(${count(left)} before this)`, ...lines.slice(left)].join("\n");
  };
  const kept = greatest(lines.length - 1, (many) => fits(candidate(many)));
  if (kept > 0) return candidate(kept);
  const line = (keep === "first" ? lines[0] : lines.at(-1)) ?? "";
  return cap(
    line,
    greatest(line.length, (length) => fits(cap(line, length))),
  );
}

function count(lines: number): string {
  return lines === 1 ? "1 line" : `${lines} lines`;
}

/** The greatest number from 0 to `max` for which `holds`, when it holds for all smaller ones. */
function greatest(max: number, holds: (number: number) => boolean): number {
  let low = 0;
  let high = max;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

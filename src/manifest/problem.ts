import { oneLine } from "../text/clean.ts";
import { cap } from "../text/cap.ts";
import type { FindingCode } from "./finding.ts";

/** Steps from the root of a manifest: keys, and indexes of lists. */
export type Path = readonly (string | number)[];

/** A finding before its place in the text is known. */
export interface Problem {
  readonly code: FindingCode;
  readonly message: string;
  readonly hint: string;
  readonly path: Path;
  /** What the finding points at: the value at the path (default), its key, or an offset. */
  readonly at?: "value" | "key" | number;
  /** Whether a member of the object at the path was refused, so that nobody knows what it holds. */
  readonly leavesGap?: boolean;
}

const LONGEST_KEY = 60;

/** `containers.kubecon.ports[0]`; keys that are not plain words stand in brackets and quotes. */
export function pathText(path: Path): string {
  return path
    .map((step, index) => {
      if (typeof step === "number") {
        return `[${step}]`;
      }
      const key = cap(oneLine(step), LONGEST_KEY);
      if (!/^[\w$-]+$/u.test(key)) {
        return `[${JSON.stringify(key)}]`;
      }
      return index === 0 ? key : `.${key}`;
    })
    .join("");
}

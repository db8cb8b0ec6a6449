import { quoted } from "../../text/clean.ts";
import { explainJson } from "./json-mistakes.ts";
import type { Problem } from "../problem.ts";
import { MAX_DEPTH } from "./text.ts";

/** What a strict reading of JSON found. */
export interface JsonSyntax {
  /** Empty when the text is JSON. */
  readonly problems: readonly Problem[];
  /**
   * The text with forgotten commas put in, each in place of the white space that follows, and
   * surplus ones blanked, so that every offset stays. Absent when a problem has no single mending.
   */
  readonly mended: string | undefined;
}

/** Mendings of one text. Beyond it the text is something else than a manifest with slips. */
const MOST_MENDINGS = 20;

/**
 * Checks text against RFC 8259, without recursion and in linear time. It says what a person forgot
 * or added, and goes on after a forgotten or surplus comma, since only one reading is left then.
 */
export function checkJson(text: string): JsonSyntax {
  const scanner = new Scanner(text);
  try {
    scanner.run();
  } catch (error) {
    if (error instanceof Unreadable) {
      return { problems: [...scanner.problems, error.problem], mended: undefined };
    }
    throw error;
  }
  return { problems: scanner.problems, mended: scanner.mended() };
}

/** Ends a scan at a place that has no single reading. */
class Unreadable extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}

interface Frame {
  readonly closer: "}" | "]";
  readonly openedAt: number;
  /** The key last read, ready to show. */
  key: string;
}

class Scanner {
  readonly problems: Problem[] = [];
  readonly #text: string;
  /** The objects and lists that are open, outermost first. */
  readonly #frames: Frame[] = [];
  /** Offsets, ascending, with the character that mends the text there. */
  readonly #mendings: (readonly [number, string])[] = [];
  #mendable = true;
  #at = 0;
  /** Where the last token ended. */
  #end = 0;

  constructor(text: string) {
    this.#text = text;
  }

  run(): void {
    this.#value();
    while (this.#frames.length > 0) {
      this.#afterValue();
    }
    this.#skipSpace();
    if (this.#at < this.#text.length) {
      this.#failAt("the end of the file");
    }
  }

  mended(): string | undefined {
    if (!this.#mendable) {
      return undefined;
    }
    const pieces: string[] = [];
    let from = 0;
    for (const [at, character] of this.#mendings) {
      pieces.push(this.#text.slice(from, at), character);
      from = at + 1;
    }
    return pieces.join("") + this.#text.slice(from);
  }

  /** Reads a scalar, or opens objects and lists up to their first scalar. */
  #value(): void {
    for (;;) {
      this.#skipSpace();
      const opener = this.#text[this.#at];
      if (opener !== "{" && opener !== "[") {
        this.#scalar();
        return;
      }
      this.#open(opener);
      if (this.#closes()) {
        return;
      }
      this.#keyOfMember();
    }
  }

  /** After a value: closes what ends here, or goes on to the next member or item. */
  #afterValue(): void {
    if (this.#closes()) {
      return;
    }
    const end = this.#end;
    const { key } = this.#innermost();
    if (this.#text[this.#at] === ",") {
      this.#advance(1);
      if (this.#closes()) {
        this.#surplusComma(this.#text.indexOf(",", end));
        return;
      }
      this.#keyOfMember();
    } else {
      this.#expectNext();
      this.#keyOfMember();
      this.#forgottenComma(end, key);
    }
    this.#value();
  }

  #innermost(): Frame {
    return this.#frames.at(-1) ?? { closer: "]", openedAt: 0, key: "" };
  }

  #open(opener: "{" | "["): void {
    this.#frames.push({ closer: opener === "{" ? "}" : "]", openedAt: this.#at, key: "" });
    if (this.#frames.length > MAX_DEPTH) {
      throw new Unreadable(tooDeep(this.#at));
    }
    this.#advance(1);
  }

  #closes(): boolean {
    this.#skipSpace();
    if (this.#text[this.#at] !== this.#innermost().closer) {
      return false;
    }
    this.#frames.pop();
    this.#advance(1);
    return true;
  }

  /** Fails unless what follows can only be the next member or item, its comma forgotten. */
  #expectNext(): void {
    const { closer } = this.#innermost();
    const start = closer === "}" ? /"/uy : /["{[\d-]|(?:true|false|null)(?!\w)/uy;
    if (this.#match(start, this.#at) === undefined) {
      this.#failAt(`a comma or the closing ${closer}`);
    }
  }

  #forgottenComma(at: number, before: string): void {
    const { closer, key } = this.#innermost();
    const between = closer === "}" ? `${before} and ${key}` : "two items of a list";
    const hint = `Put a comma after ${closer === "}" ? `the value of ${before}` : "the first"}.`;
    const message = `A comma is missing between ${between}.`;
    if (this.problems.length >= MOST_MENDINGS) {
      this.#fail(at, message, hint);
    }
    this.problems.push(notJson(at, message, hint));
    this.#mendings.push([at, ","]);
    this.#mendable &&= /\s/u.test(this.#text.charAt(at));
  }

  #surplusComma(at: number): void {
    const closer = this.#text.charAt(this.#end - 1);
    this.problems.push(notJson(at, `A comma stands before the closing ${closer}.`, "Remove it."));
    this.#mendings.push([at, " "]);
  }

  /** Reads a key and its colon where an object is open; a list has none. */
  #keyOfMember(): void {
    const frame = this.#innermost();
    if (frame.closer === "]") {
      return;
    }
    this.#skipSpace();
    const start = this.#at;
    if (this.#text[start] !== '"') {
      this.#failKey();
    }
    this.#string();
    frame.key = quoted(this.#text.slice(start + 1, this.#end - 1));
    this.#skipSpace();
    if (this.#text[this.#at] !== ":") {
      this.#fail(this.#end, `A colon is missing after ${frame.key}.`, 'Write "key": value.');
    }
    this.#advance(1);
  }

  #scalar(): void {
    if (this.#text[this.#at] === '"') {
      this.#string();
      return;
    }
    const found = this.#match(
      /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/uy,
      this.#at,
    );
    if (found === undefined) {
      this.#failAt("a value");
    }
    this.#advance(found.length);
  }

  #string(): void {
    const start = this.#at;
    const stops = /["\\\p{Cc}]/gu;
    for (stops.lastIndex = start + 1; ;) {
      const stop = stops.exec(this.#text);
      if (stop === null || stop[0] === "\n" || stop[0] === "\r") {
        this.#fail(start, "A string has no closing quote on its line.", 'End it with ".');
      } else if (stop[0] === '"') {
        this.#advance(stop.index + 1 - this.#at);
        return;
      } else if (stop[0] === "\\") {
        stops.lastIndex = this.#escapeEnd(stop.index);
      } else if (stop[0] < " ") {
        this.#fail(stop.index, "A string contains a control character.", "Remove it.");
      }
    }
  }

  #escapeEnd(at: number): number {
    const found = this.#match(/\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/uy, at);
    if (found === undefined) {
      this.#fail(at, "A backslash stands before a character it cannot escape.", "Write \\\\.");
    }
    return at + found.length;
  }

  #skipSpace(): void {
    this.#at += this.#match(/[ \t\n\r]+/uy, this.#at)?.length ?? 0;
  }

  #advance(units: number): void {
    this.#at += units;
    this.#end = this.#at;
  }

  #match(sticky: RegExp, at: number): string | undefined {
    const pattern = sticky;
    pattern.lastIndex = at;
    return pattern.exec(this.#text)?.[0];
  }

  #failKey(): never {
    const found = this.#match(/[\w$-]+/uy, this.#at);
    if (found !== undefined) {
      const word = quoted(found);
      this.#fail(this.#at, `The key ${word} stands without quotes.`, `Write ${word}.`);
    }
    this.#failAt("a key in double quotes");
  }

  /** Says what stands at this place instead of `expected`, and how people come to write it. */
  #failAt(expected: string): never {
    const rest = this.#text.slice(this.#at, this.#at + 80);
    if (rest === "") {
      this.#failUnclosed();
    }
    const { message, hint } = explainJson(rest, expected);
    this.#fail(this.#at, message, hint);
  }

  #failUnclosed(): never {
    const frame = this.#frames.at(-1);
    if (frame === undefined) {
      this.#fail(this.#at, "The text ends where a value should be.", "");
    }
    const opener = frame.closer === "}" ? "{" : "[";
    this.#fail(
      frame.openedAt,
      `This ${opener} is never closed.`,
      `Add the missing ${frame.closer}.`,
    );
  }

  #fail(at: number, message: string, hint: string): never {
    throw new Unreadable(notJson(at, message, hint));
  }
}

function notJson(at: number, message: string, hint: string): Problem {
  return { code: "not-parsable", message, hint, path: [], at };
}

/** Lists or objects nested too deep to be a manifest. */
export function tooDeep(at: number): Problem {
  const message = `Lists or objects are nested more than ${MAX_DEPTH} deep.`;
  return { code: "too-deep", message, hint: "A manifest needs five levels.", path: [], at };
}

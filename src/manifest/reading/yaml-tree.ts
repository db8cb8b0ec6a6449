import type { Document, ParsedNode } from "yaml";
import { Composer, CST, isMap, isScalar, isSeq, Lexer, Parser } from "yaml";
import { quoted } from "../../text/clean.ts";
import { tooDeep } from "./json-syntax.ts";
import type { Path, Problem } from "../problem.ts";
import { MAX_DEPTH } from "./text.ts";
import type { Json, Tree } from "./tree.ts";
import { notYaml } from "./yaml-mistakes.ts";
import { NOWHERE, valueOf } from "./tree.ts";

/** A text's tree, and what is wrong with the text itself; no tree where it cannot be trusted. */
export interface Reading {
  readonly tree: Tree | undefined;
  readonly problems: readonly Problem[];
}

/**
 * Lexical pieces a text may have: scalars, signs, runs of spaces, line ends. It bounds the time of
 * hostile texts, whose every byte is a piece. Ten containers with a hundred variables each, all from
 * Secrets and on lines of their own, have 24,000.
 */
const MAX_LEXEMES = 25_000;

/** Reads YAML 1.2, core schema, with only the features whose meaning is plain to see. */
export function readYaml(text: string): Reading {
  const { tokens, problems } = tokenize(text);
  if (problems.length > 0) {
    return { tree: undefined, problems };
  }
  // A third document is not even composed.
  const [document, second] = composerOfFirstError().compose(tokens, true, text.length);
  const [error] = document?.errors ?? [];
  if (error !== undefined) {
    return { tree: undefined, problems: [notYaml(error, document)] };
  }
  return treeOfDocuments(document, second);
}

/**
 * The parser's composer, which makes an object, with a stack trace, of every error: most of the time
 * of a text that is nothing but errors. Only the first is ever told. What it overrides is private: a
 * parser that calls it otherwise is slower, not wrong.
 */
function composerOfFirstError(): Composer {
  const options = { uniqueKeys: false, prettyErrors: false, logLevel: "silent" } as const;
  const composer = new Composer(options);
  const report: (...error: readonly unknown[]) => void = composer["onError"];
  let hasError = false;
  composer["onError"] = (...error: readonly unknown[]): void => {
    if (!hasError) {
      report(...error);
      // What it reports may also be a warning.
      hasError = composer.streamInfo().errors.length > 0;
    }
  };
  return composer;
}

function treeOfDocuments(document?: Document.Parsed, second?: Document.Parsed): Reading {
  const walk = new Walk();
  const root = document?.contents ?? undefined;
  const tree = root === undefined ? undefined : walk.tree(root, [], NOWHERE);
  if (second !== undefined) {
    walk.problems.push({
      code: "several-documents",
      message: "The file holds several YAML documents.",
      hint: "Give each application its own file.",
      path: [],
      at: second.range[0],
    });
  }
  return { tree, problems: walk.problems };
}

/**
 * Splits a text into the parser's tokens, iteratively. The nesting is bounded here because
 * composing the tokens recurses.
 */
function tokenize(text: string): { tokens: CST.Token[]; problems: Problem[] } {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  const problems: Problem[] = [];
  let lexemes = 0;
  let isContent = false;
  for (const lexeme of new Lexer().lex(text)) {
    const at = parser.offset;
    const type = isContent ? null : CST.tokenType(lexeme);
    const feature = type === null ? undefined : features[type];
    if (feature !== undefined) {
      problems.push({ code: "yaml-feature", ...feature, path: [], at });
    }
    tokens.push(...parser.next(lexeme));
    isContent = lexeme === CST.SCALAR;
    lexemes += 1;
    const surplus = surplusCollection(parser.stack);
    if (surplus !== undefined) {
      return { tokens: [], problems: [tooDeep(surplus.offset)] };
    }
    if (lexemes > MAX_LEXEMES) {
      return { tokens: [], problems: [tooManyLexemes] };
    }
  }
  tokens.push(...parser.end());
  return { tokens: withFirstError(tokens), problems };
}

const tooManyLexemes: Problem = {
  code: "too-big",
  message: `The text has more than ${MAX_LEXEMES} words and signs, more than any manifest.`,
  hint: "A manifest describes one application in a few lines; is it the right file?",
  path: [],
  at: 0,
};

/** Leaves out all errors but the first, which alone is told: see {@link composerOfFirstError}. */
function withFirstError(tokens: readonly CST.Token[]): CST.Token[] {
  const first = tokens.findIndex(({ type }) => type === "error");
  return tokens.filter(({ type }, index) => type !== "error" || index === first);
}

/** The first collection that is nested too deep. */
function surplusCollection(stack: readonly CST.Token[]): CST.Token | undefined {
  return stack.length > MAX_DEPTH ? stack.filter(isCollection)[MAX_DEPTH] : undefined;
}

function isCollection(token: CST.Token): boolean {
  return ["block-map", "block-seq", "flow-collection"].includes(token.type);
}

const features: Partial<Record<CST.TokenType, Pick<Problem, "message" | "hint">>> = {
  anchor: { message: "YAML anchors (&) are not allowed.", hint: "Write the value out." },
  alias: {
    message: "YAML aliases (*) are not allowed.",
    hint: "Write the value out; text that starts with * stands in quotes.",
  },
  tag: {
    message: "YAML tags (!) are not allowed.",
    hint: "Text stands in quotes, and everything else is written plainly.",
  },
  "directive-line": { message: "YAML directives (%) are not allowed.", hint: "Remove the line." },
};

/** Turns parsed nodes into a {@link Tree}; recursion is safe since {@link tokenize} bounds it. */
class Walk {
  readonly problems: Problem[] = [];

  tree(node: ParsedNode, path: Path, keyOffset: number): Tree {
    const offset = node.range[0];
    if (isMap(node)) {
      const children = this.#members(node.items, path);
      return { value: valueOf(children, false), offset, keyOffset, written: undefined, children };
    }
    if (isSeq(node)) {
      const children = this.#items(node.items, path);
      return { value: valueOf(children, true), offset, keyOffset, written: undefined, children };
    }
    const value = isScalar(node) ? scalar(node.value) : null;
    const written = isScalar(node) ? node.source : undefined;
    return { value, offset, keyOffset, written, children: new Map() };
  }

  #items(items: readonly ParsedNode[], path: Path): Map<number, Tree> {
    return new Map(items.map((item, index) => [index, this.tree(item, [...path, index], NOWHERE)]));
  }

  #members(
    items: readonly { key: ParsedNode; value: ParsedNode | null }[],
    path: Path,
  ): Map<string, Tree> {
    const children = new Map<string, Tree>();
    for (const { key, value } of items) {
      const name = this.#key(key, path, children);
      if (name !== undefined) {
        const offset = key.range[0];
        const child = value === null ? empty(offset) : this.tree(value, [...path, name], offset);
        children.set(name, child);
      }
    }
    return children;
  }

  /** The text of a key, or undefined when it was refused. */
  #key(key: ParsedNode, path: Path, siblings: ReadonlyMap<string, Tree>): string | undefined {
    const name = isScalar(key) && typeof key.value === "string" ? key.value : undefined;
    const problem =
      name === undefined ? keyNotText(isScalar(key) ? key.source : undefined) : refusal(name);
    if (problem !== undefined) {
      this.problems.push({ ...problem, path, at: key.range[0], leavesGap: true });
      return undefined;
    }
    if (name !== undefined && siblings.has(name)) {
      const hint = "Keep one of them.";
      const message = `The key ${quoted(name)} is given twice.`;
      this.problems.push({
        code: "duplicate-key",
        message,
        hint,
        path: [...path, name],
        at: key.range[0],
      });
      return undefined;
    }
    return name;
  }
}

type Refusal = Pick<Problem, "code" | "message" | "hint">;

function refusal(name: string): Refusal | undefined {
  if (name === "<<") {
    const message = "YAML merge keys (<<) are not allowed.";
    return { code: "yaml-feature", message, hint: "Write the values out." };
  }
  if (["__proto__", "constructor", "prototype"].includes(name)) {
    return {
      code: "reserved-key",
      message: `The key ${quoted(name)} is reserved.`,
      hint: "Rename it.",
    };
  }
  return undefined;
}

function keyNotText(written: string | undefined): Refusal {
  const message = "A key must be text.";
  const hint = written ? `Put it in quotes: ${quoted(written)}.` : "Write key: value.";
  return { code: "wrong-type", message, hint };
}

function empty(offset: number): Tree {
  return { value: null, offset, keyOffset: offset, written: "", children: new Map() };
}

/** Scalars as JSON has them; -0 is 0, since nothing in a manifest means the difference. */
function scalar(value: unknown): Json {
  if (typeof value === "string" || typeof value === "boolean") {
    return value;
  }
  return typeof value === "number" ? value + 0 : null;
}

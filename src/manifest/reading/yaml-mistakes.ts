import type { Document, ErrorCode, YAMLError } from "yaml";
import { visit } from "yaml";
import type { Problem } from "../problem.ts";

type Said = Pick<Problem, "message" | "hint">;

/** The parser's first error in our words; those after it mostly follow from it. */
export function notYaml(error: YAMLError, document: Document.Parsed | undefined): Problem {
  const opens = error.code === "MISSING_CHAR" ? openQuote(error.pos[0], document) : undefined;
  return opens === undefined
    ? notParsable(yamlErrors[error.code] ?? otherError, error.pos[0])
    : notParsable(unclosed, opens);
}

/**
 * Where the quoted text starts that ends at an offset. The parser sees a forgotten quote at the end
 * of the text; a person looks for where it opens.
 */
function openQuote(end: number, document: Document.Parsed | undefined): number | undefined {
  let opens: number | undefined;
  visit(document?.contents ?? null, {
    Scalar: (_key, { type, range }) => {
      const isQuoted = type === "QUOTE_DOUBLE" || type === "QUOTE_SINGLE";
      opens = isQuoted && range?.[1] === end ? range[0] : opens;
    },
  });
  return opens;
}

function notParsable({ message, hint }: Said, at: number): Problem {
  return { code: "not-parsable", message, hint, path: [], at };
}

const unclosed: Said = {
  message: "The quote that opens here is never closed.",
  hint: "Close it at the end of the text, on the same line.",
};

const otherError: Said = {
  message: "This is not valid YAML.",
  hint: "Look at the line above too; text with special characters stands in quotes.",
};

const yamlErrors: Partial<Record<ErrorCode, Said>> = {
  BAD_INDENT: {
    message: "This line is indented differently from its neighbours.",
    hint: "Entries of one list or object start in the same column.",
  },
  BLOCK_AS_IMPLICIT_KEY: {
    message: "A second key stands on the same line.",
    hint: "Start a new line for it, or quote text that contains a colon.",
  },
  BAD_DQ_ESCAPE: {
    message: "A backslash stands before a character it cannot escape.",
    hint: "Write \\\\, or use single quotes.",
  },
  BAD_SCALAR_START: {
    message: "Text cannot start with this character.",
    hint: "Put the text in quotes.",
  },
  BLOCK_IN_FLOW: {
    message: "An indented list or object stands inside brackets.",
    hint: "Close the brackets first, or use commas.",
  },
  MISSING_CHAR: {
    message: "A comma, colon or bracket is missing here.",
    hint: "Look at the lines above too: the one that opens it may be there.",
  },
  MULTILINE_IMPLICIT_KEY: {
    message: "A key goes over several lines.",
    hint: "Is a colon missing on this line or the one above?",
  },
  TAB_AS_INDENT: { message: "The line is indented with a tab.", hint: "Indent with spaces." },
};

import type { Random, Weighted } from "../random.ts";

/** Pieces that a dialect's texts are made of. */
export type Dialect = Weighted<readonly string[]>;

const numbers = [
  "0",
  "-0",
  "1",
  "80",
  "65536",
  "1.5",
  "1e3",
  "-1",
  "1e999",
  "01",
  "0x10",
  "0o7",
  ".5",
];
const constants = ["true", "false", "null", "True", "NULL", "~", "on", ".nan", ".inf", "NaN"];
const strange = [
  "\0",
  "\u0085",
  "\u2028",
  "\ufeff",
  "\ud800",
  "é",
  "😀",
  "\u001b[0m",
  "\u007f",
  "\u200b",
];

/** @param words keys and values that mean something to the schema */
export function jsonDialect(words: readonly string[]): Dialect {
  const strings = words.map((word) => JSON.stringify(word));
  return [
    [6, ["{", "}", "[", "]", ",", ":"]],
    [3, strings.map((word) => `${word}:`)],
    [4, strings],
    [2, [...numbers, ...constants]],
    [2, [" ", "\n", "\t", "\r\n", ""]],
    [
      1,
      [
        '"',
        "'",
        "\\",
        '"\\u0041"',
        '"\\ud800"',
        '"\\x"',
        '"a\nb"',
        "//",
        "/*",
        "*/",
        "#",
        "“",
        "+",
      ],
    ],
    [0.3, strange],
  ];
}

export function yamlDialect(words: readonly string[]): Dialect {
  return [
    [6, words.map((word) => `${word}: `)],
    [5, ["\n", "\n  ", "\n    ", "\n      ", "\n- ", "\n  - ", "\n\t", "\r\n", " "]],
    [4, words],
    [2, ["{", "}", "[", "]", ", ", ": ", "- ", "? ", ":", "-"]],
    [2, [...numbers, ...constants, "2017-01-01", "1_0"]],
    [1, ['"', "'", "''", '"\\', '"a b"', "'a'", '"\\x41"', '"\\ud800"', '"a\n b"']],
    [
      1,
      [
        "|",
        ">",
        "|-\n",
        ">2\n",
        "|9",
        "&a ",
        "*a",
        "!!str ",
        "!<a> ",
        "<<: ",
        "%YAML 1.1\n",
        "---\n",
        "...\n",
      ],
    ],
    [1, ["# a\n", " #", "@", "`", "__proto__: ", "constructor: ", "&", "*", "!", "%"]],
    [0.3, strange],
  ];
}

/** Tokens in any order, after a beginning that parsers accept, or none. */
export function soup(dialect: Dialect, beginnings: readonly string[]): (random: Random) => string {
  return (random) => {
    const tokens = random.times(random.size(1, 150), () => random.pick(random.weighted(dialect)));
    return random.pick(beginnings) + tokens.join("");
  };
}

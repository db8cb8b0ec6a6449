import type { Random } from "../random.ts";

/** The slips of hands and programs that write JSON or YAML. */
type Slip = (text: string, random: Random) => string;

/** The text with as many slips as asked for, each anywhere. */
export function withSlips(text: string, count: number, random: Random): string {
  return random
    .times(count, () => random.pick(slips))
    .reduce((slipped, slip) => slip(slipped, random), text);
}

/** Replaces one of the places where a pattern matches. */
function replaceOne(pattern: RegExp, by: readonly string[]): Slip {
  return (text, random) => {
    const places = [...text.matchAll(pattern)];
    if (places.length === 0) {
      return text;
    }
    const { index, 0: found } = random.pick(places);
    const put = random.pick(by).replaceAll("$&", () => found);
    return text.slice(0, index) + put + text.slice(index + found.length);
  };
}

const slips: readonly Slip[] = [
  replaceOne(/,/gu, ["", ",,", ";", " "]),
  replaceOne(/[}\]]/gu, ["", ",$&", "$&$&", "}", "]", "$&,"]),
  replaceOne(/[{[]/gu, ["", "$&$&", "(", "$&,"]),
  replaceOne(/:/gu, ["", "::", "=", " :", ":\t", "："]),
  replaceOne(/"/gu, ["", "'", "“", "„", '""', '\\"', "`"]),
  replaceOne(/"\w+"/gu, ["x", "'x'", "“x”", "x: ", "null", "True", "None", "undefined"]),
  replaceOne(/\d+/gu, [
    "0$&",
    "$&.",
    "-$&",
    "+$&",
    "$&e9",
    "0x$&",
    "NaN",
    "1_000",
    '"$&"',
    "$&$&$&",
  ]),
  replaceOne(/\n/gu, [
    "",
    "\n\n",
    "\n\t",
    "\n ",
    "\r",
    "\r\n",
    "\n---\n",
    "\n...\n",
    "\u2028",
    "\u0085",
  ]),
  replaceOne(/^ +/gmu, ["", "$& ", "\t", "$&$&", "$&- ", "\u00a0", "$&? "]),
  replaceOne(/: /gu, [
    ":",
    ":\n",
    ": &a ",
    ": *a ",
    ": !!str ",
    ": !a ",
    ": |\n",
    ": >\n",
    ": - ",
    ": '",
  ]),
  replaceOne(/^/gmu, [
    "# ",
    "// ",
    "/* */",
    "<<: ",
    "<<: *a\n",
    "%YAML 1.2\n",
    "- ",
    "@",
    "\u200b",
    "&a ",
  ]),
  replaceOne(/\b\w+\b/gu, [
    "__proto__",
    "constructor",
    "toString",
    "$&$&",
    "$& $&",
    "\u202e$&",
    "\\u0041",
  ]),
  replaceOne(/$/gu, [
    "}",
    "]",
    '"',
    "\0",
    "\ufeff",
    "\ud800",
    " x",
    "\n...\nx",
    "\n---\na: b\n",
    "\n\t",
  ]),
  twiceALine,
  withoutALine,
];

function twiceALine(text: string, random: Random): string {
  const lines = text.split("\n");
  const at = random.int(0, lines.length - 1);
  return [...lines.slice(0, at + 1), ...lines.slice(at)].join("\n");
}

function withoutALine(text: string, random: Random): string {
  const lines = text.split("\n");
  return lines.toSpliced(random.int(0, lines.length - 1), 1).join("\n");
}

import { MAX_BYTES } from "../../src/manifest/reading/text.ts";
import { isObject, type Json } from "../../src/manifest/reading/tree.ts";
import type { Random, Weighted } from "../random.ts";
import { withSlips } from "./slips.ts";
import type { Dialect } from "./tokens.ts";
import { flowText, jsonText, yamlText } from "./written.ts";

/** Makes a text of about as many units. */
type BlowUp = (units: number, random: Random) => string;

/**
 * Texts that grow one thing beyond all measure: whatever a parser does in more than linear time shows
 * here. The expensive sizes are those just below a limit, so all orders of magnitude come up.
 */
export function blowUps(
  dialects: readonly Dialect[],
  manifests: readonly Json[],
): (random: Random) => string {
  const kinds: Weighted<BlowUp> = [
    [4, repeated(dialects)],
    [1, numbered],
    [4, pumpedManifest(manifests)],
    [1, nested],
    [1, late(manifests)],
  ];
  return (random) => {
    const atLimit = MAX_BYTES + random.int(-2, 1);
    const units = random.chance(0.15) ? atLimit : random.size(1_000, MAX_BYTES);
    return random.weighted(kinds)(units, random);
  };
}

const heads = [
  "",
  "",
  "a: ",
  "a:\n  ",
  '{"a": ',
  "{a: ",
  "[",
  "- ",
  "a: |\n  ",
  "a: >\n",
  'a: "',
  "a: '",
  "? ",
];

/** A few tokens again and again. */
function repeated(dialects: readonly Dialect[]): BlowUp {
  return (units, random) => {
    const dialect = random.pick(dialects);
    const tokens = random.times(random.int(1, 4), () => random.pick(random.weighted(dialect)));
    const piece = tokens.join("") || " ";
    return random.pick(heads) + piece.repeat(Math.ceil(units / piece.length));
  };
}

/** Many keys, each another, as long as people's or as long as words can be to be compared. */
function numbered(units: number, random: Random): string {
  const [head, before, after, tail] = random.pick([
    ["", "", ": 1\n", ""],
    ["containers:\n", "  ", ": {}\n", ""],
    ["containers: {", "", ": {image: a}, ", "}"],
    ['{"ingresses": {', '"', '": {"scheme":"htp"}, ', '"z": {}}}'],
    ["{", '"', '": [],\n', '"z": 1}'],
    ["", "? ", "\n", ""],
    ["- ", "", ": \n  ", ""],
  ] as const);
  const key = "k".repeat(random.pick([1, 6, 55, 300]));
  const count = Math.ceil(units / (key.length + before.length + after.length + 4));
  const entries = random.times(count, (index) => `${before}${key}${index}${after}`);
  return head + entries.join("") + tail;
}

/** A list in a list, or an object in an object, around something wide. */
function nested(units: number, random: Random): string {
  const [opener, closer] = random.pick([
    ["[", "]"],
    ['{"a":', "}"],
    ["{a: ", "}"],
    ["- ", ""],
    ["a:\n ", ""],
    ["? ", ""],
    ["[[", "],[]]"],
  ] as const);
  const depth = random.pick([random.int(1, 31), 32, 33, random.size(34, 10_000)]);
  const piece = random.pick(["1, ", "a: 1, ", '"a", ', "[], ", "{}, ", "x ", "\n", '"a": 1, ']);
  const wide = piece.repeat(Math.ceil(units / piece.length));
  return opener.repeat(depth) + wide + closer.repeat(depth);
}

/** A manifest with one of its values grown, and perhaps slips all over. */
function pumpedManifest(manifests: readonly Json[]): BlowUp {
  return (units, random) => {
    const value = pumped(random.pick(manifests), units, random);
    const text = random.pick([jsonText, yamlText, flowText])(value, random);
    return random.chance(0.3) ? withSlips(text, random.int(1, 2), random) : text;
  };
}

/** Something with many mistakes, far down. */
function late(manifests: readonly Json[]): BlowUp {
  return (units, random) => {
    const filler = random.pick(["\n", "#\n", " ", "\r\n", "# é\n", "\t\n"]);
    const wrong = random.pick(["z#: 1\n", '"z#": [],\n', "a: 1\n", '"a": 1\n', "&a b#: *a\n"]);
    const mistakes = random.times(random.int(1, 300), (index) => wrong.replace("#", `${index}`));
    const text = random.pick([
      mistakes.join(""),
      `{${mistakes.join("")}}`,
      yamlText(random.pick(manifests), random) + mistakes.join(""),
    ]);
    // The lines of a block of text are one lexical piece, however many.
    const head = random.pick(["", "z: |\n"]);
    return head + filler.repeat(Math.max(0, units - text.length) / filler.length) + text;
  };
}

function pumped(value: Json, units: number, random: Random): Json {
  const stays = random.chance(0.2);
  if (Array.isArray(value) && value.length > 0) {
    const at = random.int(0, value.length - 1);
    return stays
      ? copies(random.pick<Json>(value), units, random)
      : value.map((item: Json, index) => (index === at ? pumped(item, units, random) : item));
  }
  if (isObject(value) && Object.keys(value).length > 0) {
    const [key, member] = random.pick(Object.entries(value));
    return stays
      ? { ...value, ...entries(member, units, random) }
      : { ...value, [key]: pumped(member, units, random) };
  }
  return longText(units, random);
}

function copies(item: Json, units: number, random: Random): Json {
  const count = Math.ceil(units / (JSON.stringify(item).length + 1));
  const isCounted = typeof item === "number" && random.chance(0.7);
  return random.times(count, (index) => (isCounted ? item + index : item));
}

function entries(member: Json, units: number, random: Random): Readonly<Record<string, Json>> {
  const prefix = random.pick(["k", "K_", "image_ta", "x".repeat(58), "a".repeat(70)]);
  const count = Math.ceil(units / (JSON.stringify(member).length + prefix.length + 8));
  return Object.fromEntries(random.times(count, (index) => [`${prefix}${index}`, member]));
}

const pumps =
  "a|a-|a.|-|.|/a|a/|1|0| |\n|\t|é|😀|\u202e|$(|$$|\\|\"|'|%|:|@|#|{app}|1m|=|_|A|\u001b[|\u2028".split(
    "|",
  );

/** Text that a pattern with two ways to read the same may read for ever. */
function longText(units: number, random: Random): string {
  const pump = random.pick(pumps);
  const head = random.pick(["", "a", "https://", "sha256:", "/", "a@", "1"]);
  const tail = random.pick(["", "!", "a", "-", " ", "\n"]);
  return head + pump.repeat(Math.ceil(units / pump.length)) + tail;
}

import fc from "fast-check";
import type { Path } from "../../../src/manifest/problem.ts";
import type { Written } from "./text.ts";

/** One change of a manifest, at places that the dice choose. */
export interface Mutated {
  readonly kind: string;
  readonly data: Written;
  /** What was changed: its path, or that of what it was taken from. */
  readonly at: readonly Path[];
}

/** Numbers for all that is left to chance, and what may be put in. */
export interface Dice {
  readonly place: number;
  readonly other: number;
  readonly value: Written;
  readonly key: string;
}

const scalar = (value: string | number | boolean | null): Written => ({ scalar: value });

const wrongTypes: readonly Written[] = [
  scalar(null),
  scalar(true),
  scalar("text"),
  scalar("8080"),
  scalar(7),
  { items: [] },
  { items: [scalar(1), scalar("a")] },
  { entries: [] },
  { entries: [["port", scalar(80)]] },
];
const outOfRange = [0, -1, 1.5, 101, 65_536, 2 ** 31, 1e300].map(scalar);
const hostile = [
  "",
  " ",
  "a\nb",
  "\u001b[31mred",
  "\u202eright to left",
  "<!channel> *bold*",
  "../../etc/passwd",
  "$(HOME)",
  "\0",
  "a".repeat(300),
  "é".repeat(40_000),
  "https://user:hunter2@example.com",
  "-",
  "*.example.com",
].map(scalar);

/** What is right somewhere, and so breaks rules about several fields. */
const plausible = [
  "http",
  "tls",
  "UDP",
  "payments",
  "a".repeat(50),
  "shared.example.com",
  "/tmp",
  "port-80",
  1,
  2,
  80,
  true,
  false,
].map(scalar);

const keys = [
  "note",
  "kind",
  "Image",
  "port",
  "path",
  "secret",
  "min",
  "env",
  "hosts",
  "tcp",
  "a b",
  "a.b",
  "\u001b[31m",
  "",
  "é".repeat(90),
  "__proto__",
  "constructor",
  "<<",
  "1",
  "true",
];

export const dice: fc.Arbitrary<Dice> = fc.record({
  place: fc.nat(),
  other: fc.nat(),
  value: fc.oneof(
    fc.constantFrom(...plausible),
    fc.constantFrom(...wrongTypes, ...outOfRange, ...hostile),
  ),
  key: fc.constantFrom(...keys),
});

/** The kinds of mutation; each is undefined where the manifest has no place for it. */
export const mutations: Readonly<
  Record<string, (data: Written, dice: Dice) => Omit<Mutated, "kind"> | undefined>
> = {
  "a key deleted": (data, { place }) => changed(data, pick(members(data), place), () => []),
  "a key misspelt": (data, { place, other }) =>
    changed(data, pick(members(data), place), (key, member) => [[misspelt(key, other), member]]),
  "a key given twice": (data, { place }) =>
    changed(data, pick(members(data), place), (key, member) => [
      [key, member],
      [key, member],
    ]),
  "a member copied under another name": (data, { place, key: name }) => {
    const path = pick(members(data), place);
    const copied = changed(data, path, (key, member) => [
      [key, member],
      [`${name.slice(0, 1)}copy`, member],
    ]);
    return copied;
  },
  "an unknown key added": (data, { place, key, value }) => {
    const path = pick(
      paths(data).filter((each) => isObject(at(data, each))),
      place,
    );
    return path === undefined
      ? undefined
      : {
          data: replaced(data, path, (object) =>
            "entries" in object ? { entries: [...object.entries, [key, value]] } : object,
          ),
          at: [[...path, key]],
        };
  },
  "a value replaced": (data, { place, value }) => {
    const path = pick(paths(data).slice(1), place);
    return path && { data: replaced(data, path, () => value), at: [path] };
  },
  "two values swapped": (data, { place, other }) => {
    const [one, two] = [pick(paths(data).slice(1), place), pick(paths(data).slice(1), other)];
    if (one === undefined || two === undefined || isWithin(one, two) || isWithin(two, one)) {
      return undefined;
    }
    const [first, second] = [at(data, one), at(data, two)];
    const swapped = replaced(
      replaced(data, one, () => second),
      two,
      () => first,
    );
    return { data: swapped, at: [one, two] };
  },
  "a list or object emptied": (data, { place }) => {
    const full = paths(data)
      .slice(1)
      .filter((each) => childrenOf(at(data, each)).length > 0);
    const path = pick(full, place);
    return path && { data: replaced(data, path, emptied), at: [path] };
  },
  "an entry of a list dropped": (data, { place }) =>
    itemsChanged(data, place, (items, index) => items.filter((_item, each) => each !== index)),
  "an entry of a list repeated": (data, { place }) =>
    itemsChanged(data, place, (items, index) => [...items, ...items.slice(index, index + 1)]),
};

/** All paths, the root's first. */
function paths(data: Written, path: Path = []): readonly Path[] {
  return [path, ...childrenOf(data).flatMap(([step, child]) => paths(child, [...path, step]))];
}

function members(data: Written): readonly Path[] {
  return paths(data).filter((path) => typeof path.at(-1) === "string");
}

function childrenOf(data: Written): readonly (readonly [string | number, Written])[] {
  if ("scalar" in data) {
    return [];
  }
  return "items" in data ? data.items.map((item, index) => [index, item]) : data.entries;
}

function at(data: Written, path: Path): Written {
  return path.reduce<Written>(
    (found, step) => childrenOf(found).find(([each]) => each === step)?.[1] ?? scalar(null),
    data,
  );
}

function replaced(data: Written, path: Path, change: (found: Written) => Written): Written {
  const [step, ...rest] = path;
  if (step === undefined) {
    return change(data);
  }
  if ("items" in data) {
    return {
      items: data.items.map((each, index) =>
        index === step ? replaced(each, rest, change) : each,
      ),
    };
  }
  return "entries" in data
    ? {
        entries: data.entries.map(([key, each]) => [
          key,
          key === step ? replaced(each, rest, change) : each,
        ]),
      }
    : data;
}

/** The member at a path turned into others of its object. */
function changed(
  data: Written,
  path: Path | undefined,
  change: (key: string, member: Written) => readonly (readonly [string, Written])[],
): Omit<Mutated, "kind"> | undefined {
  if (path === undefined) {
    return undefined;
  }
  const [around, key] = [path.slice(0, -1), String(path.at(-1))];
  const made = change(key, at(data, path));
  const turned = replaced(data, around, (object) =>
    "entries" in object
      ? { entries: object.entries.flatMap((entry) => (entry[0] === key ? made : [entry])) }
      : object,
  );
  const names = new Set([key, ...made.map(([name]) => name)]);
  return { data: turned, at: [...names].map((name) => [...around, name]) };
}

function itemsChanged(
  data: Written,
  place: number,
  change: (items: readonly Written[], index: number) => readonly Written[],
): Omit<Mutated, "kind"> | undefined {
  const path = pick(
    paths(data).filter((each) => typeof each.at(-1) === "number"),
    place,
  );
  const list = path?.slice(0, -1);
  return (
    list && {
      data: replaced(data, list, (found) =>
        "items" in found ? { items: change(found.items, Number(path?.at(-1))) } : found,
      ),
      at: [list],
    }
  );
}

function pick<Item>(items: readonly Item[], chance: number): Item | undefined {
  return items[chance % items.length];
}

function isObject(data: Written): boolean {
  return "entries" in data;
}

function emptied(data: Written): Written {
  return "items" in data ? { items: [] } : { entries: [] };
}

function isWithin(path: Path, other: Path): boolean {
  return other.every((step, index) => path[index] === step);
}

/** A slip of the fingers: a letter left out, doubled, in the wrong case, or two of them swapped. */
function misspelt(key: string, chance: number): string {
  const index = Math.floor(chance / 4) % Math.max(1, key.length - 1);
  const [before, letter, next, after] = [
    key.slice(0, index),
    key.charAt(index),
    key.charAt(index + 1),
    key.slice(index + 2),
  ];
  switch (chance % 4) {
    case 0:
      return `${before}${next}${after}`;
    case 1:
      return `${before}${letter}${letter}${next}${after}`;
    case 2:
      return `${before}${letter.toUpperCase()}${next}${after}`;
    default:
      return `${before}${next}${letter}${after}`;
  }
}

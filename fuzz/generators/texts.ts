import type { Json } from "../../src/manifest/reading/tree.ts";
import type { Random } from "../random.ts";

/** What values look like in the wild; each schema takes those that fit. */
export const commonTexts = [
  "web",
  "shop",
  "nginx",
  "registry.example.com/team/app",
  "v1",
  "latest",
  "team@example.com",
  "U0123456789",
  "C0123456789",
  `sha256:${"0f".repeat(32)}`,
  "/",
  "/healthz",
  "/tmp",
  "/var/lib/app",
  "https://example.com/{app}",
  "shop.example.com",
  "100m",
  "0.5",
  "1",
  "128Mi",
  "1Gi",
  "10m",
  "60s",
  "1h30m",
  "LOG_LEVEL",
  "PASSWORD",
  "$(POD_IP)",
  "a\nb\n",
  "production",
] as const;

/** Any JSON at all, what schemas refuse at their borders above all. */
export function anyValue(random: Random, depth: number): Json {
  return random.weighted<() => Json>([
    [4, () => anyText(random)],
    [3, () => random.pick(numbers)],
    [2, () => random.pick([true, false, null])],
    [depth, () => random.times(random.int(0, 3), () => anyValue(random, depth - 1))],
    [depth, () => anyObject(random, depth)],
  ])();
}

function anyObject(random: Random, depth: number): Json {
  const entries = random.times(random.int(0, 3), () => [
    anyText(random),
    anyValue(random, depth - 1),
  ]);
  return Object.fromEntries(entries);
}

const numbers = [
  0,
  -0,
  1,
  -1,
  0.5,
  1.1,
  80,
  65_535,
  65_536,
  2 ** 31,
  2 ** 53,
  1e21,
  1e308,
  -1e-7,
] as const;

/** Texts that something may take for something else. */
export const oddTexts = [
  "",
  " ",
  "null",
  "true",
  "on",
  "~",
  "1.10",
  "0x1F",
  "1e3",
  "2017-01-01",
  "<<",
  "__proto__",
  "constructor",
  "toString",
  "$(HOME)",
  "$$(A)",
  "a: b",
  "- a",
  "# a",
  "a\nb",
  "a\r\nb\n",
  "\t",
  "\ufeff",
  "\u202e",
  "\u2028",
  "\u0085",
  "\u001b[31m",
  "\ud800",
  "😀",
  "ﬀ",
  "%",
  "::error::",
  "<@U0123456789>",
  "`x`",
  "*",
  "&a",
  "!a",
  "|",
  ">",
  "-",
  "a".repeat(64),
  "é".repeat(300),
  "A",
  "-a",
  "a-",
  "a_b",
  "a.b",
] as const;

export function anyText(random: Random): string {
  return random.weighted<() => string>([
    [6, () => random.pick(oddTexts)],
    [1, () => random.pick(oddTexts) + random.pick(oddTexts)],
    [2, () => random.times(random.int(1, 8), () => anyCharacter(random)).join("")],
  ])();
}

/** A UTF-16 unit: ASCII mostly, anything else sometimes, halves of pairs among it. */
export function anyCharacter(random: Random): string {
  return String.fromCharCode(random.chance(0.8) ? random.int(0x20, 0x7e) : random.int(0, 0xffff));
}

/** A word with one slip, as hands make it. */
export function misspelt(word: string, random: Random): string {
  const at = random.int(0, Math.max(0, word.length - 1));
  const [before, character, after] = [word.slice(0, at), word.charAt(at), word.slice(at + 1)];
  return random.pick([
    before + after,
    before + character + character + after,
    before + after.slice(0, 1) + character + after.slice(1),
    word.toUpperCase(),
    `${word}s`,
    word.replaceAll("_", random.pick(["-", "", " "])),
  ]);
}

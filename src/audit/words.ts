/**
 * Words whose values are harmless by what they mean. Everything else, `env.X=` above all, may hold a
 * secret that somebody typed, and only its key is recorded.
 */
const open = new Set([
  "app",
  "tag",
  "digest",
  "scale",
  "to",
  "for",
  "from",
  "in",
  "by",
  "since",
  "until",
  "share",
  "follow",
  "state",
  "lines",
  "previous",
  "container",
  "pod",
  "kind",
  "link",
  "command",
  "release",
  "revision",
  "plan",
  "as",
  "health",
  "page",
  "port",
  "scheme",
  "write",
  "adopt",
  "scope",
  "environment",
  "quiet",
  "notify",
]);

/** `tag=2018` and `web.tag=2018` as they are; `env.PASSWORD=` and `web.env.tag=` without their values. */
export function recordedWords(words: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(words)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${isOpen(key) ? sayValue(value) : ""}`);
}

function isOpen(key: string): boolean {
  const parts = key.split(".");
  return open.has(parts.at(-1) ?? "") && parts.length <= 2 && parts[0] !== "env";
}

function sayValue(value: unknown): string {
  if (Array.isArray(value)) return value.map(sayValue).join(" ");
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : "";
}

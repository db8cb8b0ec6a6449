import { oneLine } from "../text/clean.ts";

/** Data with each text in it made one clean line, but for its keys. Pure. */
export function cleanStrings<T>(data: T): T {
  return cleaned(data) as T;
}

function cleaned(data: unknown): unknown {
  if (typeof data === "string") return oneLine(data);
  if (Array.isArray(data)) return data.map(cleaned);
  if (typeof data !== "object" || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, cleaned(value)]));
}

import { canonicalJson, isRecord } from "../../manifest/canonical.ts";
import { cap } from "../../text/cap.ts";
import { oneLine } from "../../text/clean.ts";
import type { Difference, Step } from "./fields.ts";

/** A longer value is cut: enough to tell it by, and a whole command line. */
const longest = 300;
/** Characters of a digest's hex that are shown. */
const shortDigest = 12;

/** Of a kind whose content nobody may see. */
const secretKinds: ReadonlySet<string> = new Set(["Secret"]);
const secretFields: ReadonlySet<string> = new Set(["data", "stringData"]);

/**
 * Whether the value at a path may be secret: variables, the content of Secrets, and annotations that hold
 * a whole object, variables included (kubectl's last-applied-configuration).
 */
export function isHidden(kind: string, { path, before, after }: Difference): boolean {
  const [first] = path;
  if (typeof first === "string" && secretKinds.has(kind) && secretFields.has(first)) return true;
  if (path.some((step) => step === "env" || step === "envFrom")) return true;
  return path.includes("annotations") && [before, after].some(holdsAnObject);
}

function holdsAnObject(value: unknown): boolean {
  return typeof value === "string" && /^\s*[[{]/u.test(value);
}

/** Both sides of a change in as few words as tell them apart. */
export function shown(difference: Difference): { before?: string; after?: string } {
  const { path, before, after } = difference;
  const isImage = path.at(-1) === "image";
  const [was, is] =
    isImage && typeof before === "string" && typeof after === "string"
      ? images(before, after)
      : [sayValue(before), sayValue(after)];
  const some = {
    ...(before === undefined || before === null ? {} : { before: was }),
    ...(after === undefined || after === null ? {} : { after: is }),
  };
  // Only the cut ends differ, or the order, or what nobody sees: say so instead of "a -> a".
  return some.before === some.after ? {} : some;
}

/** `2016 -> 2017` of one repository, with the digest where the tag alone does not tell. */
function images(before: string, after: string): readonly [string, string] {
  const [was, is] = [parts(before), parts(after)];
  const short = ({ tag, digest }: Image, withDigest: boolean): string =>
    withDigest || tag === "" ? [tag, digest].filter((each) => each !== "").join("@") : tag;
  if (was.repository !== is.repository) return [sayImage(before), sayImage(after)];
  const isSameTag = was.tag === is.tag;
  return [short(was, isSameTag), short(is, isSameTag)].map((each) =>
    cap(oneLine(each), longest),
  ) as [string, string];
}

interface Image {
  readonly repository: string;
  readonly tag: string;
  /** Shortened. */
  readonly digest: string;
}

function parts(image: string): Image {
  const [name = "", digest = ""] = image.split("@", 2);
  const at = name.lastIndexOf(":");
  const hasTag = at > name.lastIndexOf("/");
  return {
    repository: hasTag ? name.slice(0, at) : name,
    tag: hasTag ? name.slice(at + 1) : "",
    digest: shorten(digest),
  };
}

function sayImage(image: string): string {
  return cap(oneLine(shortened(image)), longest);
}

/** A scalar as it is, anything else in the short notation of YAML, variables without their values. */
function sayValue(value: unknown): string {
  return cap(oneLine(shortened(flow(value, ""))), longest);
}

function shortened(text: string): string {
  return text.replaceAll(/sha256:[0-9a-f]{64}/gu, shorten);
}

function shorten(digest: string): string {
  const length = digest.indexOf(":") + 1 + shortDigest;
  return digest.length > length ? `${digest.slice(0, length)}…` : digest;
}

function flow(value: unknown, key: Step): string {
  if (Array.isArray(value)) {
    const items = value.map((each: unknown) =>
      key === "env" || key === "envFrom" ? nameOnly(each) : flow(each, ""),
    );
    return `[${items.join(", ")}]`;
  }
  if (isRecord(value)) {
    const members = Object.entries(value).map(([name, each]) => `${name}: ${flow(each, name)}`);
    return `{${members.join(", ")}}`;
  }
  return typeof value === "string" ? value : canonicalJson(value ?? null);
}

function nameOnly(variable: unknown): string {
  const name = isRecord(variable) ? variable["name"] : undefined;
  return typeof name === "string" ? name : "…";
}

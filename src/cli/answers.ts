import { referenceOf } from "../manifest/adopt/image.ts";
import { type Answers, starterJson, starterManifest } from "../manifest/init.ts";
import { madeName } from "../manifest/made-name.ts";
import { parseManifest } from "../manifest/parse.ts";
import { defaultPlatform } from "../manifest/platform.ts";
import { quoted } from "../text/clean.ts";
import { nearest } from "../text/nearest.ts";
import { keyValues, usageError } from "./words.ts";

const usage = "docc init [key=value...]";
const LONGEST_APPLICATION = 50;

export const answerKeys = [
  "application",
  "image",
  "tag",
  "digest",
  "maintainer",
  "team",
  "port",
  "scheme",
  "environments",
] as const;
type Key = (typeof answerKeys)[number];

/** What answers what nobody has said. */
interface Otherwise {
  /** Name of the directory. */
  readonly folder: string;
  readonly maintainer: string | undefined;
}

/**
 * A first manifest with the answers given as `key=value` filled in.
 * @throws DoccError `bad-input` for an answer that no manifest can have
 */
export function starter(words: readonly string[], otherwise: Otherwise, isJson: boolean): string {
  const given = keyValues(words, usage);
  for (const key of Object.keys(given)) {
    refuseUnknown(key);
  }
  const answers = answersOf(new Map(Object.entries(given)), otherwise);
  const text = isJson ? starterJson(answers) : starterManifest(answers);
  const { findings } = parseManifest(text, { platform: defaultPlatform });
  const first = findings.find(({ severity }) => severity === "error");
  if (first !== undefined) {
    throw usageError(first.message, first.hint);
  }
  return text;
}

function refuseUnknown(key: string): void {
  const isKnown = answerKeys.some((each) => each === key);
  if (!isKnown) {
    const meant = nearest(key, answerKeys);
    const all = answerKeys.map((each) => `${each}=`).join(", ");
    throw usageError(
      `${quoted(`${key}=`)} is nothing that docc init asks for.`,
      meant === undefined ? `It takes ${all}.` : `Did you mean ${meant}=?`,
    );
  }
}

function answersOf(given: ReadonlyMap<string, string>, otherwise: Otherwise): Answers {
  const said = (key: Key): string | undefined => given.get(key);
  const environments = said("environments");
  const port = said("port");
  const maintainer = said("maintainer") ?? otherwise.maintainer;
  return {
    application: said("application") ?? madeName(otherwise.folder, LONGEST_APPLICATION, "app"),
    ...imageOf(said("image"), said("tag"), said("digest")),
    ...(maintainer === undefined ? {} : { maintainer }),
    ...member("team", said("team")),
    ...member("scheme", said("scheme")),
    ...(port === undefined ? {} : { port: /^\d{1,9}$/u.test(port) ? Number(port) : port }),
    ...(environments === undefined
      ? {}
      : { environments: environments.split(",").map((name) => name.trim()) }),
  };
}

/** People have the whole reference at hand, and not its parts. */
function imageOf(
  reference: string | undefined,
  tag: string | undefined,
  digest: string | undefined,
): Pick<Answers, "image" | "tag" | "digest"> {
  if (tag !== undefined && digest !== undefined) {
    throw usageError("tag= and digest= both say which image it is.", "Keep one.");
  }
  const within = referenceOf(reference ?? "");
  const isSaid = tag !== undefined || digest !== undefined;
  const pinned = isSaid ? digest : within.digest;
  return {
    ...(reference === undefined ? {} : { image: within.repository }),
    ...(pinned === undefined ? member("tag", isSaid ? tag : within.tag) : { digest: pinned }),
  };
}

function member<Name extends string>(
  name: Name,
  value: string | undefined,
): { readonly [Key in Name]?: string } {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a computed key widens to string
  return (value === undefined ? {} : { [name]: value }) as { readonly [Key in Name]?: string };
}

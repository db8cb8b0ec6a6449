import { canonicalJson } from "../manifest/canonical.ts";
import type { ReleaseSpec } from "../release/release.ts";
import type { Asker } from "../release/request.ts";
import type { AskedWords } from "./request-words.ts";

/**
 * Whether a stored request is what these words asked for at another time: what they mean depends on what runs, and after
 * a success "back" would be somewhere else and "pause" nothing to do. Pure.
 * @param stored the request under the same key
 */
export function isRepeat(
  stored: ReleaseSpec,
  word: string,
  { args, words, environment }: AskedWords,
  { requester, tell }: Asker,
): boolean {
  const { reason, emergency } = args;
  const said = { reason, emergency, tell, requester, environment, kind: word };
  const means = meant(args, words);
  const { scale: _, ...others } = stored.words;
  return (
    canonicalJson(circumstances(stored)) === canonicalJson(said) &&
    canonicalJson(means.isScaled ? stored.words : others) === canonicalJson(means.words) &&
    comesFrom(stored, args)
  );
}

function circumstances({ reason, emergency, tell, requester, environment, kind }: ReleaseSpec) {
  return { reason, emergency, tell, requester, environment, kind };
}

/** The words that are stored with it; pausing and resuming choose the scale themselves. */
function meant(args: AskedWords["args"], words: AskedWords["words"]) {
  const { scale, state } = args;
  return {
    words: typeof scale === "string" ? { ...words, scale } : words,
    isScaled: state === undefined,
  };
}

function comesFrom(
  { source, words }: ReleaseSpec,
  { to, from, state }: AskedWords["args"],
): boolean {
  switch (source.type) {
    case "release":
      return to === undefined || to === source.revision;
    case "promotion":
      return from === source.from.environment;
    default:
      return (
        from === undefined &&
        (state === undefined || (state === "pause") === (words["scale"] === "0"))
      );
  }
}

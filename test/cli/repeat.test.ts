import { describe, expect, it } from "vitest";
import { isRepeat } from "../../src/cli/repeat.ts";
import type { AskedWords } from "../../src/cli/request-words.ts";
import type { ReleaseSpec } from "../../src/release/release.ts";
import { deleteRequest, rollbackRequest, updateRequest } from "../../src/release/request.ts";

const asker = {
  requester: { provider: "kubernetes", team: "", user: "ci" },
  tell: undefined,
} as const;
const wish = { environment: "staging" };
const rollback = rollbackRequest("web", wish, { release: "web-1", revision: 7 }, asker);
const pause = updateRequest("web", wish, { scale: "0" }, asker);
const scale = updateRequest("web", wish, { scale: "5" }, asker);

function again(
  stored: ReleaseSpec,
  word: string,
  args: AskedWords["args"],
  words: AskedWords["words"] = {},
): boolean {
  const asked: AskedWords = {
    place: { namespace: "docc", context: undefined },
    args: { app: "web", in: "staging", ...args },
    words,
    environment: "staging",
    tell: undefined,
    key: "run-1",
    waitMs: undefined,
    output: "table",
  };
  return isRepeat(stored, word, asked, asker);
}

describe("words under a key that is taken", () => {
  it.each([
    ["a rollback without a number", rollback, "rollback", {}, {}, true],
    ["a rollback to the same", rollback, "rollback", { to: 7 }, {}, true],
    ["a rollback elsewhere", rollback, "rollback", { to: 6 }, {}, false],
    ["a rollback at another scale", rollback, "rollback", { scale: "9" }, {}, false],
    ["a pause", pause, "update", { state: "pause" }, {}, true],
    ["a resume for a pause", pause, "update", { state: "resume" }, {}, false],
    ["a pause with another tag", pause, "update", { state: "pause" }, { tag: "1" }, false],
    ["the same change", scale, "update", {}, { scale: "5" }, true],
    ["another change", scale, "update", {}, { scale: "6" }, false],
    ["another reason", scale, "update", { reason: "why" }, { scale: "5" }, false],
    ["a deletion", deleteRequest("web", wish, asker), "delete", {}, {}, true],
    ["a deletion for an update", scale, "delete", {}, {}, false],
  ] as const)("%s", (_name, stored, word, args, words, isSame) => {
    expect(again(stored, word, args, words)).toBe(isSame);
  });

  it("are nobody else's", () => {
    const theirs = { ...pause, requester: { ...asker.requester, user: "dev" } };
    expect(again(theirs, "update", { state: "pause" })).toBe(false);
  });
});

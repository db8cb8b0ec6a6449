import { describe, expect, it } from "vitest";
import { againBy, optionsAgain } from "../../src/cli/again.ts";
import { list } from "../../src/commands/list.ts";

const lines = ["The next page: /docc list in=staging page=2", "Nothing else."];
const next = (
  given: Parameters<typeof optionsAgain>[0],
  place: Parameters<typeof optionsAgain>[1],
) => againBy({ command: list }, optionsAgain(given, place), lines)[0];
const home = { namespace: "docc", context: undefined };

describe("the words that show the next page", () => {
  it("are those of the declaration where nothing else was given", () => {
    expect(next({ args: {} }, home)).toBe(lines[0]);
    expect(againBy({ command: list }, [], lines)).toEqual(lines);
  });

  it("keep the options that were given", () => {
    const health = { appContext: "there" };
    const place = { namespace: "docc-2", context: "it's $1" };
    expect(next({ args: {}, health }, place)).toBe(
      String.raw`The next page: /docc list --health --app-context there -n docc-2 --context 'it'\''s $1' in=staging page=2`,
    );
    expect(next({ args: { health: "unhealthy" }, health }, home)).toBe(
      "The next page: /docc list --app-context there in=staging page=2",
    );
  });
});

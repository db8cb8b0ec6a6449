import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { enter, isTerminal } from "../../src/release/phases.ts";
import { type Phase, releasePhases } from "../../src/release/release.ts";

const page = readFileSync(new URL("../../docs/state-machine.md", import.meta.url), "utf8");
const arrows = [...page.matchAll(/^ {2}(\S+) --> (\S+)$/gm)].map(([, from = "", to = ""]) =>
  [from, to].map((each) => each.replaceAll("_", "-")).join(" "),
);

function mayFollow(from: Phase, to: Phase): boolean {
  try {
    enter({ phase: from, transitions: [] }, to, { now: 0, actor: "docc" });
    return true;
  } catch {
    return false;
  }
}

describe("the drawing of the state machine", () => {
  it("has the steps of the code, its begin and its ends", () => {
    const steps = releasePhases.flatMap((from) =>
      releasePhases.filter((to) => mayFollow(from, to)).map((to) => `${from} ${to}`),
    );
    const ends = releasePhases.filter(isTerminal).map((phase) => `${phase} [*]`);
    expect(arrows.toSorted()).toEqual(["[*] accepted", ...steps, ...ends].toSorted());
  });

  it("says of every phase who enters it, and when", () => {
    const rows = [...page.matchAll(/^\| `([a-z-]+)` \| (.+) \| (.+) \|$/gm)];
    expect(rows.map(([, phase]) => phase)).toEqual([...releasePhases]);
  });
});

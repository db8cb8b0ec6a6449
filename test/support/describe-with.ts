import { describe, expect, it } from "vitest";

/**
 * A `describe` for what needs something on this machine: without it the suite says in its name why it is skipped;
 * where CI demands the real thing it fails.
 * @param absence why it is not there; undefined when it is
 */
export function describeWith(absence: string | undefined, name: string, body: () => void): void {
  if (absence === undefined) {
    describe(name, { timeout: 60_000 }, body);
  } else if (process.env["DOCC_REQUIRE_REAL"] === "1") {
    it(name, () => expect.fail(`DOCC_REQUIRE_REAL=1, but ${absence}`));
  } else {
    describe.skip(`${name} (${absence})`, body);
  }
}

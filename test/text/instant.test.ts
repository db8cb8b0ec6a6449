import { describe, expect, it } from "vitest";
import { instantAt, parseInstant } from "../../src/text/instant.ts";

describe("an instant", () => {
  it.each([
    ["2017-12-06T10:00:00Z", "2017-12-06T10:00:00.000000000Z"],
    ["2017-12-06T10:00:00.1Z", "2017-12-06T10:00:00.100000000Z"],
    ["2017-12-06T10:00:00.123456789Z", "2017-12-06T10:00:00.123456789Z"],
    ["2017-12-06T01:30:00.5+02:00", "2017-12-05T23:30:00.500000000Z"],
  ])("is %s, comparable as a text", (text, expected) => {
    expect(parseInstant(text)).toBe(expected);
  });

  it.each([
    "",
    "10m",
    "2017-12-06",
    "2017-12-06T10:00:00",
    "2017-13-06T10:00:00Z",
    "2017-12-06T10:00:00.1234567890Z",
  ])("is not %s", (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });

  it("is made of milliseconds, too", () => {
    expect(instantAt(Date.UTC(2017, 11, 6, 10, 0, 0, 7))).toBe("2017-12-06T10:00:00.007000000Z");
  });
});

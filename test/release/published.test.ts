import { describe, expect, it } from "vitest";
import {
  type PublishedEnvironment,
  type PublishedEnvironments,
  publishedText,
  readPublished,
} from "../../src/release/published.ts";

const production: PublishedEnvironment = {
  namespace: "apps",
  domain: "corp.example.com",
  links: { grafana: "https://grafana.example.com/d/{app}" },
};

describe("what is published of the environments", () => {
  it("is read as it was written", () => {
    const environments: PublishedEnvironments = new Map([
      ["production", production],
      ["constructor", { ...production, links: {} }],
    ]);
    expect(readPublished(publishedText(environments))).toEqual(environments);
  });

  it.each([
    ["nothing", undefined],
    ["no JSON", "environments: {}"],
    ["a list", "[1]"],
  ])("is nothing where it is %s", (_what, text) => {
    expect(readPublished(text)).toEqual(new Map());
  });

  it("is what can be read of it, each environment by itself", () => {
    const text = JSON.stringify({ staging: { domain: 7 }, production });
    expect(readPublished(text)).toEqual(new Map([["production", production]]));
  });

  it("may say more than this docc knows", () => {
    const text = JSON.stringify({ production: { ...production, freezes: [] } });
    expect(readPublished(text)).toEqual(new Map([["production", production]]));
  });
});

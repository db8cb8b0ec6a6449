import { describe, expect, it } from "vitest";
import { decisionData } from "../../src/cli/decision-data.ts";
import { inItsPlace, openOne, planOf } from "../../src/cli/decide-target.ts";
import { asText } from "../../src/cli/output.ts";
import { release } from "../release/releases.ts";
import { refusalOf } from "./offline.ts";

const digest = `sha256:${"a".repeat(64)}`;

describe("which release is decided on", () => {
  const named = release();
  const { environment } = named.spec;

  it("is the one of that name, also where its environment is said", () => {
    expect(inItsPlace(named, undefined)).toBe(named);
    expect(inItsPlace(named, environment)).toBe(named);
  });

  it("is not one of another environment", () => {
    expect(() => inItsPlace(named, "elsewhere")).toThrow(
      `${named.metadata.name} is a release of ${environment}, not of elsewhere.`,
    );
  });

  it("is the only one of an app that is under way", () => {
    const app = named.spec.app ?? "";
    expect(openOne([named], { app, environment })).toBe(named);
    expect(() => openOne([named], { app, environment: "elsewhere" })).toThrow(
      `No release of ${app} in elsewhere is under way.`,
    );
    expect(() => openOne([named, named], { app, environment })).toThrow("Several releases of");
  });

  it("has the plan that was looked at", () => {
    expect(() => planOf(named, { digest: undefined })).toThrow("has no plan to decide on");
    const plan = { digest } as never;
    const planned = { ...named, status: { ...named.status, plan } as never };
    expect(planOf(planned, { digest })).toBe(plan);
    expect(planOf(planned, { digest: undefined })).toBe(plan);
    expect(() => planOf(planned, { digest: digest.replace("a", "b") })).toThrow(
      `has another plan now: ${digest}.`,
    );
  });
});

describe("docc's answer to a decision", () => {
  it("is data for programs, without what only the record needs", () => {
    const named = release();
    const answer = {
      outcome: "refused",
      code: "own-request",
      sentence: "You asked for this,\u202e so somebody else must approve it.",
      at: "2017-12-06T11:00:00Z",
    } as const;
    const data = decisionData(answer, named, { digest });
    expect(JSON.parse(asText(data, "json"))).toEqual({
      outcome: "refused",
      code: "own-request",
      sentence: "You asked for this, so somebody else must approve it.",
      release: named.metadata.name,
      plan: digest,
    });
  });
});

describe("how a decision is written", () => {
  it.each([
    [["approve", "shop-1", "in=production"]],
    [["reject", "shop", "in=production", "reason=not before the keynote"]],
    [["reject", "shop", "in=production", "--reason", "not before the keynote"]],
    [["cancel", "shop-1", `plan=${digest}`, "--yes"]],
    [["approve", "shop-1", "--yes", "-o", "json"]],
    [["reject", "shop-1", "--output=yaml"]],
  ])("is by its declaration: %j", async (argv) => {
    expect(await refusalOf(argv)).toMatch(/^docc: The kubeconfig cannot be read\./u);
  });

  it.each([
    [["reject", "shop", "reason=a", "--reason=b"], "reason= and --reason say the same."],
    [["reject", "shop", "--reason", "a".repeat(301)], "--reason has more than 300 characters."],
    [["reject", "shop", `reason=${"a".repeat(301)}`], "reason= has more than 300 characters."],
    [["approve"], "release is missing. Write docc approve RELEASE [key=value ...]"],
    [["approve", "Shop!"], "release is neither an application's name nor a release's"],
    [["approve", "a", "b"], '"b" is one word too many.'],
    [["approve", "a", "-o", "xml"], '--output takes table, json, yaml, not "xml".'],
    [["approve", "a", "in=", "production"], "docc: Write in=production without a space.\n"],
    [["approve", "a", "in:production"], "docc: Write in=production.\n"],
    [["approve", "a", "plan=1"], "plan= takes the digest of a plan."],
  ])("is refused in one sentence: %j", async (argv, sentence) => {
    expect(await refusalOf(argv)).toContain(sentence);
  });
});

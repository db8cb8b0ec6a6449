import { describe, expect, it } from "vitest";
import { argumentsOf } from "../../src/commands/usage.ts";
import { registry } from "../../src/commands/registry.ts";
import { paletteFields, paletteWords } from "../../src/commands/palette.ts";
import { suggestApps, suggestRevisions } from "../../src/commands/suggest.ts";
import type { Command } from "../../src/commands/define.ts";
import { releaseIn } from "../slack/releases.ts";
import { application } from "./ports.ts";

const apps = [
  application("kubecon-2017", "production"),
  application("kubecon-2018", "staging"),
  application("admin-kubecon", "production"),
  application("mykubecon", "production"),
  application("shop", "production"),
  application("shop", "staging"),
];

function named(name: string): Command {
  const found = registry.find((each) => each.name === name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}

describe("apps that are offered", () => {
  const texts = (typed: string, environment = "production") =>
    suggestApps(apps, typed, environment).map(({ text }) => text);

  it("are all of them, those of the environment first, when nothing was typed", () => {
    expect(texts("")).toEqual([
      "admin-kubecon",
      "kubecon-2017",
      "mykubecon",
      "shop",
      "kubecon-2018 (in staging)",
    ]);
  });

  it("are those that begin with it, then those that hold it", () => {
    expect(texts("kubecon")).toEqual([
      "kubecon-2017",
      "admin-kubecon",
      "mykubecon",
      "kubecon-2018 (in staging)",
      "kubecon (as typed)",
    ]);
    expect(texts("SHOP", "staging")).toEqual(["shop"]);
  });

  it("are those that may have been meant, where none fits", () => {
    expect(texts("kubcon")).toEqual([
      "kubecon-2017",
      "kubecon-2018 (in staging)",
      "kubcon (as typed)",
    ]);
  });

  it("are a new name as it was typed, when it can be one", () => {
    expect(suggestApps(apps, "brand-new", "production")).toEqual([
      { value: "brand-new", text: "brand-new (as typed)" },
    ]);
    expect(suggestApps(apps, "no name!", "production")).toEqual([]);
  });
});

describe("revisions that are offered", () => {
  const release = (revision: number, phase: "succeeded" | "failed") => {
    const made = releaseIn(phase);
    return {
      ...made,
      metadata: { ...made.metadata, name: `web-${revision}` },
      status: { ...made.status, phase, revision } as NonNullable<typeof made.status>,
    };
  };
  const known = {
    releases: [release(1, "succeeded"), release(2, "failed"), release(12, "succeeded")],
    head: undefined,
  };

  it("are those that a rollback may return to, or all", () => {
    const values = (offer: "success" | "revision", typed = "") =>
      suggestRevisions(offer, typed, known).map(({ value }) => value);
    expect(values("success").toSorted()).toEqual(["1", "12"]);
    expect(values("revision").toSorted()).toEqual(["1", "12", "2"]);
    expect(values("revision", "1").toSorted()).toEqual(expect.arrayContaining(["1", "12"]));
  });
});

describe("the fields of a palette", () => {
  const fieldsOf = (name: string) =>
    paletteFields(named(name)).fields.map(
      ({ name: field, offer }) => `${field} ${offer ?? "typed"}`,
    );

  it("are those that go by position or that docc can offer something for", () => {
    expect(fieldsOf("rollback")).toEqual(["in environment", "app app", "to success"]);
    expect(fieldsOf("show")).toEqual(["in environment", "app app", "revision revision"]);
    expect(fieldsOf("status")).toEqual(["in any-environment", "app app"]);
    expect(fieldsOf("approve")).toEqual(["in environment", "release release"]);
    expect(fieldsOf("help")).toEqual(["command typed"]);
  });

  it("leave no argument of any command out", () => {
    for (const command of registry) {
      const { fields, others } = paletteFields(command);
      const all = [...fields, ...others].map(({ name }) => name).toSorted();
      expect(all).toEqual(
        argumentsOf(command)
          .map(({ name }) => name)
          .toSorted(),
      );
    }
  });

  it("become the words that a person would have typed", () => {
    const words = (values: Record<string, string>, more = "") =>
      paletteWords(named("rollback"), values, more);
    expect(words({ app: "web", to: "3", in: "staging" }, " reason=“too slow” ")).toBe(
      "rollback in=staging app=web to=3 reason=“too slow”",
    );
    expect(words({ app: " ", to: "" })).toBe("rollback");
    expect(words({ app: "two words" })).toBe('rollback app="two words"');
    expect(words({ app: 'a" in="production' })).toEqual({
      field: "app",
      problem: "app takes no quotation marks.",
    });
  });
});

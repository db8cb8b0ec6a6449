import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { optionsAnswer } from "../../sandbox/slack/elements.ts";
import { refuseView } from "../../sandbox/slack/validate.ts";
import type { Command } from "../../src/commands/define.ts";
import { registry } from "../../src/commands/registry.ts";
import { suggestApps } from "../../src/commands/suggest.ts";
import { limits } from "../../src/slack/limits.ts";
import { isAboutEntry, paletteErrors, readPalette } from "../../src/slack/palette-state.ts";
import { aboutRelease } from "../../src/slack/views/about-release.ts";
import { mentionedWords } from "../../src/slack/mention.ts";
import { optionsOf, paletteView, type PaletteState } from "../../src/slack/views/palette.ts";
import { application } from "../commands/ports.ts";

const seed = Number(process.env["FC_SEED"] ?? Date.now() % 2 ** 31);
const base = {
  commands: registry,
  environments: ["staging", "production"],
  defaultEnvironment: "staging",
} as const;
const state = (more: Partial<PaletteState> = {}): PaletteState => ({
  context: { channel: "CDEPLOYS" },
  values: {},
  ...more,
});
const view = (more: Partial<PaletteState> = {}) => paletteView({ ...base, state: state(more) });
const blockIds = (more: Partial<PaletteState> = {}) =>
  view(more).blocks.flatMap(({ block_id: id }) => id ?? []);

/** A view as Slack hands it back, with these values by block id. */
function handedBack(more: Partial<PaletteState>, values: Readonly<Record<string, object>> = {}) {
  const { blocks, private_metadata: metadata = "" } = view(more);
  const given = Object.entries(values).map(([block, value]) => [block, { field: value }]);
  const entered = Object.fromEntries(given) as Parameters<typeof readPalette>[0]["state"]["values"];
  return { blocks, private_metadata: metadata, state: { values: entered } };
}
const picked = (value: string) => ({ type: "external_select", selected_option: { value } });

describe("the palette", () => {
  it("begins with the commands alone", () => {
    expect(blockIds()).toEqual(["command"]);
    expect(JSON.stringify(view())).toContain("Choose a command; its fields follow.");
  });

  it.each([
    ["rollback", ["command", "arg.in", "arg.app", "arg.to..", "words"]],
    ["show", ["command", "arg.in", "arg.app", "arg.revision..", "words"]],
    ["unlock", ["command", "arg.in", "arg.app"]],
    ["list", ["command", "arg.in", "words"]],
    ["help", ["command", "arg.command"]],
  ])("shows the fields of %s by its declaration", (command, ids) => {
    expect(blockIds({ command })).toEqual(ids);
  });

  it("asks where a release is told when it was opened from nowhere", () => {
    expect(blockIds({ command: "restart", context: {} })).toContain("channel");
    expect(blockIds({ command: "logs", context: {} })).not.toContain("channel");
  });

  it("chooses the operator's environment beforehand, but where none means all of them", () => {
    const initial = (command: string) =>
      /"initial_option":\{"text":[^}]*"(?:staging|production)"/.test(
        JSON.stringify(view({ command })),
      );
    expect(initial("rollback")).toBe(true);
    expect(initial("status")).toBe(false);
  });

  it("offers a revision anew for another app", () => {
    expect(blockIds({ command: "rollback", values: { in: "production", app: "web" } })).toContain(
      "arg.to.production.web",
    );
  });

  it("lets several apps be chosen where a command takes several", () => {
    const { blocks } = view({ command: "delete", values: { app: "shop web" } });
    expect(blocks.find(({ block_id: id }) => id === "arg.app")).toMatchObject({
      element: {
        type: "multi_external_select",
        initial_options: [{ value: "shop" }, { value: "web" }],
      },
    });
    expect(refuseView({ ...view({ command: "delete" }) }, "modal")).toBeUndefined();
    const both = { selected_options: [{ value: "web" }, { value: "shop" }] };
    const entered = handedBack({ command: "delete" }, { "arg.app": both });
    expect(readPalette(entered).values).toMatchObject({ app: "web shop" });
    const refusal = { text: "None is deleted.", lines: ["docc has no shop in staging."] };
    const command = registry.find(({ name }) => name === "delete");
    expect(Object.keys(paletteErrors(refusal, command, entered))).toEqual(["arg.app"]);
  });

  it("reads what was entered, and what it carried where Slack shows no field", () => {
    const opened = { command: "rollback", values: { app: "web", in: "staging" } };
    expect(readPalette(handedBack(opened))).toMatchObject(opened);
    const changed = handedBack(opened, {
      command: picked("show"),
      "arg.app": picked("shop"),
      "arg.in": { type: "static_select", selected_option: null },
      words: { type: "plain_text_input", value: "as=yaml" },
    });
    expect(readPalette(changed)).toEqual({
      context: { channel: "CDEPLOYS", respond: undefined },
      command: "show",
      values: { app: "shop" },
      words: "as=yaml",
    });
  });

  it("shows a refusal under the input that it is about", () => {
    const rollback = registry.find(({ name }) => name === "rollback") as Command;
    const back = handedBack({ command: "rollback", values: { app: "kubcon" } });
    const errors = (text: string) => paletteErrors({ text }, rollback, back);
    expect(errors("app is missing.")).toEqual({ "arg.app": "app is missing." });
    expect(errors("to= takes the number of a revision.")).toEqual({
      "arg.to..kubcon": "to= takes the number of a revision.",
    });
    expect(Object.keys(errors("docc has no kubcon in staging."))).toEqual(["arg.app"]);
    expect(Object.keys(errors("rollback knows no colour=."))).toEqual(["words"]);
    expect(isAboutEntry({ text: "", reason: "bad-input" })).toBe(true);
    expect(isAboutEntry({ text: "", reason: "conflict" })).toBe(false);
    const form = { command: "deploy", open: false } as const;
    expect(isAboutEntry({ text: "", reason: "not-found", form })).toBe(false);
  });
});

describe(`the palette and its offers, for 1,000 apps (seed ${seed})`, () => {
  const hostile = fc.oneof(
    fc.string({ unit: "binary", maxLength: 300 }),
    fc.constantFrom("", " ", "<!channel>", "\u202e", "\uD800", "a".repeat(50), "x".repeat(151)),
    fc.stringMatching(/^[a-z]([-a-z0-9]{0,48}[a-z0-9])?$/),
  );

  it("stay within Slack's limits, and an offer comes back whole", () => {
    const names = fc.array(hostile, { minLength: 1_000, maxLength: 1_000 });
    fc.assert(
      fc.property(names, hostile, (apps, typed) => {
        const known = apps.map((name, at) =>
          application(name, at % 2 === 0 ? "staging" : "production"),
        );
        const options = optionsOf(suggestApps(known, typed, "staging"));
        expect(optionsAnswer(JSON.parse(JSON.stringify({ options })), "")).toEqual([]);
        expect(options.length).toBeLessThanOrEqual(limits.options);
        const values = options.map(({ value }) => value);
        expect(new Set(values).size).toBe(values.length);
        for (const value of values) expect([...apps, typed.trim().toLowerCase()]).toContain(value);
      }),
      { numRuns: 30, seed },
    );
  });

  it("are views that Slack takes, whatever was chosen", () => {
    const command = fc.constantFrom(undefined, ...registry.map(({ name }) => name));
    const environments = fc.uniqueArray(hostile, { maxLength: 120 });
    const value = hostile.filter((text) => text.trim() !== "" && text.length <= limits.optionValue);
    const values = fc.dictionary(
      fc.constantFrom("app", "in", "to", "revision", "release", "from", "state", "link"),
      value,
    );
    const context = fc.record(
      { channel: fc.constant("C1"), respond: hostile },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(command, environments, values, context, (chosen, names, entered, around) => {
        const made = paletteView({
          commands: registry,
          environments: names,
          defaultEnvironment: names[0] ?? "",
          state: { context: around, command: chosen, values: entered },
        });
        expect(refuseView(JSON.parse(JSON.stringify(made)), "modal")).toBeUndefined();
        expect((made.private_metadata ?? "").length).toBeLessThanOrEqual(limits.privateMetadata);
      }),
      { numRuns: 150, seed },
    );
  });

  it("are answered within a few milliseconds", () => {
    const known = Array.from({ length: 1_000 }, (_, at) =>
      application(`${"some-longer-name-".repeat(2)}${at}`, "staging"),
    );
    const started = performance.now();
    for (const typed of ["", "some", "sone-longer", "zzzz", "z".repeat(64)]) {
      optionsOf(suggestApps(known, typed, "staging"));
    }
    // Five answers; a person waits for one of them, and Slack for three seconds.
    expect(performance.now() - started).toBeLessThan(1_500);
  });

  it("are a look closer that Slack takes", () => {
    fc.assert(
      fc.property(hostile, hostile, hostile, (name, app, environment) => {
        const made = aboutRelease({ name, app, environment });
        expect(refuseView(JSON.parse(JSON.stringify(made)), "modal")).toBeUndefined();
      }),
      { numRuns: 150, seed },
    );
  });
});

describe("the words behind a mention", () => {
  it.each([
    ["<@UDOCC> status web", "status web"],
    ["<@UDOCC|docc>: status web", "status web"],
    ["hey <@UDOCC>, /docc status web", "status web"],
    ["<@UDOCC> lock web reason=“for &lt;<@U1>&gt;”", "lock web reason=“for <U1>”"],
    ["<@UDOCC>", ""],
    ["<@UDOCC> ", ""],
    ["<@UDOCC> /docc", ""],
    ["<@UOTHER> status", ""],
  ])("of %j are %j", (text, words) => {
    expect(mentionedWords(text, "UDOCC")).toBe(words);
  });
});

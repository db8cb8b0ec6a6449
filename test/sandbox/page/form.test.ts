import { describe, expect, it } from "vitest";
import { drawView } from "../../../sandbox/page/form.ts";
import type { Markup } from "../../../sandbox/page/markup.ts";
import { textOf } from "../../../sandbox/page/markup.ts";
import type { JsonObject } from "../../../sandbox/slack/json.ts";
import type { View, ViewState } from "../../../sandbox/slack/types.ts";

const plain = (text: string): JsonObject => ({ type: "plain_text", text });
const option = (value: string): JsonObject => ({ text: plain(value), value });

function view(elements: readonly JsonObject[], state: ViewState = {}): View {
  return {
    id: "V1",
    type: "modal",
    user: "UDEVELOPER",
    hash: "h",
    callbackId: "form",
    externalId: "",
    privateMetadata: "",
    title: plain("Deploy"),
    submit: plain("Go"),
    close: plain("Cancel"),
    blocks: elements.map((element, at) => ({
      type: "input",
      block_id: `b${at}`,
      label: plain(`Label ${at}`),
      element: { action_id: `a${at}`, ...element },
    })),
    clearOnClose: false,
    notifyOnClose: false,
    rootId: "V1",
    state,
    errors: {},
  };
}

type Piece = Exclude<Markup, string>;

function all(markup: readonly Markup[]): readonly Piece[] {
  return markup.flatMap((piece) =>
    typeof piece === "string" ? [] : [piece, ...all(piece.children)],
  );
}

function draw(elements: readonly JsonObject[], state: ViewState = {}): readonly Piece[] {
  const users = [{ id: "U1", name: "developer", realName: "Developer", teamId: "T1" }];
  const channels = [{ id: "C1", name: "deploys", kind: "public", members: [] }] as const;
  const names = (): undefined => undefined;
  return all(drawView(view(elements, state), names, { users, channels, examples: ["4-tls.json"] }));
}

const field = (pieces: readonly Piece[]): Piece | undefined =>
  pieces.find(({ attributes }) => attributes["data-field"] === "b0");

describe("a modal on the page", () => {
  it("has its title, its buttons, and a place for the error of every input", () => {
    const pieces = draw([{ type: "plain_text_input" }, { type: "plain_text_input" }]);
    expect(textOf(pieces[0] ?? "")).toBe("Deploy");
    const buttons = pieces.filter(({ attributes }) => attributes["data-do"] !== undefined);
    expect(buttons.map((button) => [button.attributes["data-do"], textOf(button)])).toEqual([
      ["close", "Cancel"],
      ["submit", "Go"],
    ]);
    const places = pieces.flatMap(({ attributes }) => attributes["data-error-for"] ?? []);
    expect(places).toEqual(["b0", "b1", ""]);
  });

  it("marks the inputs whose choice is sent to the app at once", () => {
    const [first, second] = view([{ type: "external_select" }, { type: "external_select" }]).blocks;
    const blocks = [{ ...first, dispatch_action: true }, { ...second }];
    const offers = { users: [], channels: [], examples: [] };
    const drawn = all(drawView({ ...view([]), blocks }, () => undefined, offers));
    const fields = drawn.filter(({ tag }) => tag === "fieldset");
    expect(fields.map(({ attributes }) => attributes["data-dispatches"])).toEqual([
      "true",
      undefined,
    ]);
  });

  it.each([
    ["plain_text_input", {}, "input", "text"],
    ["plain_text_input", { multiline: true }, "textarea", "text"],
    ["number_input", {}, "input", "text"],
    ["static_select", { options: [option("x")] }, "select", "one"],
    ["multi_static_select", { options: [option("x")] }, "select", "many"],
    ["conversations_select", {}, "select", "one"],
    ["users_select", {}, "select", "one"],
    ["external_select", {}, "input", "typed"],
    ["radio_buttons", { options: [option("x")] }, "div", "tick"],
    ["checkboxes", { options: [option("x")] }, "div", "ticks"],
    ["file_input", {}, "div", "files"],
  ])("draws %s %j as %s read as %s", (type, more, tag, holds) => {
    const drawn = field(draw([{ type, ...more }]));
    expect([drawn?.tag, drawn?.attributes["data-holds"]]).toEqual([tag, holds]);
    expect(drawn?.attributes["aria-label"]).toBe("Label 0");
  });

  it("shows an input that it does not know by its type", () => {
    expect(draw([{ type: "rich_text_input" }]).map(textOf)).toContain("[rich_text_input]");
  });

  it("has entered and chosen what the person entered and chose before", () => {
    const text = { type: "plain_text_input", value: "tag=2017" };
    expect(
      field(draw([{ type: "plain_text_input" }], { b0: { a0: text } }))?.attributes,
    ).toMatchObject({
      value: "tag=2017",
    });
    const chosen = { type: "static_select", selected_option: option("production") };
    const options = [option("staging"), option("production")];
    const pieces = draw([{ type: "static_select", options }], { b0: { a0: chosen } });
    const selected = pieces.filter(({ attributes }) => attributes["selected"] === true);
    expect(selected.map(textOf)).toEqual(["production"]);
  });

  it("offers the examples beside a file from the disk, and the kinds of file that are taken", () => {
    const pieces = draw([{ type: "file_input", filetypes: ["json", "yaml"], max_files: 1 }]);
    const input = pieces.find(({ tag }) => tag === "input");
    expect(input?.attributes).toMatchObject({ type: "file", accept: ".json,.yaml" });
    expect(input?.attributes["multiple"]).toBeUndefined();
    expect(
      pieces.find(({ attributes }) => attributes["data-do"] === "example")?.attributes,
    ).toMatchObject({
      "data-name": "4-tls.json",
    });
  });
});

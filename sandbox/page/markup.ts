/**
 * What the page shows, as plain data. The browser makes one node of each piece: strings only ever
 * become text nodes, so nothing that people or apps write can become HTML.
 */
export type Markup = string | Element;

export interface Element {
  readonly tag: Tag;
  readonly attributes: Attributes;
  readonly children: readonly Markup[];
}

/** The tags that the browser builds; it refuses any other. */
export type Tag =
  | "a"
  | "b"
  | "blockquote"
  | "br"
  | "button"
  | "code"
  | "datalist"
  | "div"
  | "em"
  | "figcaption"
  | "figure"
  | "h2"
  | "h3"
  | "h4"
  | "hr"
  | "input"
  | "label"
  | "legend"
  | "li"
  | "ol"
  | "optgroup"
  | "option"
  | "p"
  | "pre"
  | "s"
  | "section"
  | "select"
  | "span"
  | "strong"
  | "summary"
  | "details"
  | "fieldset"
  | "table"
  | "tbody"
  | "td"
  | "textarea"
  | "th"
  | "thead"
  | "time"
  | "tr"
  | "u"
  | "ul";

export type Attributes = Readonly<Record<string, string | number | boolean>>;

type Child = Markup | undefined | readonly Markup[];

/** One element. `undefined` children and attributes are left out; lists of children are laid flat. */
export function element(
  tag: Tag,
  attributes: Readonly<Record<string, string | number | boolean | undefined>> = {},
  ...children: readonly Child[]
): Element {
  const given = Object.entries(attributes).filter(
    (entry): entry is [string, string | number | boolean] =>
      entry[1] !== undefined && entry[1] !== false,
  );
  return {
    tag,
    attributes: Object.fromEntries(given),
    children: children
      .flat()
      .filter((child): child is Markup => child !== undefined && child !== ""),
  };
}

/** The text of a piece without its elements: for tests and short labels. */
export function textOf(markup: Markup | readonly Markup[]): string {
  if (typeof markup === "string") return markup;
  return "tag" in markup ? textOf(markup.children) : markup.map(textOf).join("");
}

/** A link that leaves the page. Only https is followed; anything else stays text with its address. */
export function link(address: string, label: readonly Markup[]): Element {
  const url = URL.parse(address);
  return url?.protocol === "https:"
    ? element("a", { href: url.href, target: "_blank", rel: "noopener noreferrer" }, label)
    : element("span", { class: "address", title: address }, label);
}

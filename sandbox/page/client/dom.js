/** @import { Keyed } from "../entry.ts" */
/** @import { Markup } from "../markup.ts" */

/**
 * The nodes of a piece of markup. Strings become text nodes, whatever is in them; attributes that
 * run code are refused.
 * @param {Markup} markup
 * @returns {Node}
 */
export function build(markup) {
  if (typeof markup === "string") return document.createTextNode(markup);
  const node = document.createElement(markup.tag);
  for (const [name, value] of Object.entries(markup.attributes)) {
    if (name.startsWith("on") || name === "style") throw new Error(`attribute ${name} is refused`);
    node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...markup.children.map(build));
  return node;
}

/** What each list showed last, so that a node is built anew only when its markup changed. */
/** @type {WeakMap<Element, Map<string, { text: string, node: Node }>>} */
const shown = new WeakMap();

/**
 * Makes the children of `list` those of `entries`, keeping every node that is unchanged.
 * @param {Element} list
 * @param {readonly Keyed[]} entries
 */
export function show(list, entries) {
  const before = shown.get(list) ?? new Map();
  const after = new Map();
  for (const { key, markup } of entries) {
    const text = JSON.stringify(markup);
    const known = before.get(key);
    const isSame = known !== undefined && known.text === text;
    after.set(key, isSame ? known : { text, node: replacement(known?.node, markup) });
  }
  for (const [key, { node }] of before) {
    if (after.get(key)?.node !== node) node.parentNode?.removeChild(node);
  }
  let next = list.firstChild;
  for (const { node } of after.values()) {
    if (node === next) next = node.nextSibling;
    else list.insertBefore(node, next);
  }
  shown.set(list, after);
}

/**
 * A changed entry keeps what the person opened in it and where the focus was.
 * @param {Node | undefined} old
 * @param {Markup} markup
 */
function replacement(old, markup) {
  const node = build(markup);
  if (!(old instanceof Element) || !(node instanceof Element)) return node;
  const open = [...old.querySelectorAll("details")].map((one) => one.open);
  [...node.querySelectorAll("details")].forEach((one, at) => {
    one.open = open[at] ?? one.open;
  });
  const active = document.activeElement;
  const action = old.contains(active) ? active?.getAttribute("data-action") : null;
  if (action !== null && action !== undefined) {
    queueMicrotask(() => {
      const twin = node.querySelector(`[data-action="${CSS.escape(action)}"]`);
      if (twin instanceof HTMLElement) twin.focus();
    });
  }
  return node;
}

/**
 * The element with this id, which the page has.
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} type
 * @returns {T}
 */
export function byId(id, type) {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`the page has no ${type.name} called ${id}`);
  return found;
}

/**
 * The closest element around where an event happened that matches `selector`.
 * @param {Event} event
 * @param {string} selector
 * @returns {HTMLElement | undefined}
 */
export function around(event, selector) {
  const found = event.target instanceof Element ? event.target.closest(selector) : null;
  return found instanceof HTMLElement ? found : undefined;
}

/** @import { Markup } from "../markup.ts" */
/** @import { Named, Place, Snapshot } from "../snapshot.ts" */
import { around, byId, show } from "./dom.js";
import { go } from "./place.js";
import { act } from "./server.js";

/** The newest message each person has seen, by person and place. @type {Map<string, string>} */
const seen = new Map();

/** @param {Snapshot} snapshot */
export function showSidebar(snapshot) {
  const { me, people, places, place, isConnected } = snapshot;
  seen.set(`${me.id} ${place.id}`, place.latest);
  show(
    byId("people", HTMLElement),
    people.map((one) => personEntry(one, one.id === me.id)),
  );
  const entries = (/** @type {boolean} */ isDirect) =>
    places
      .filter((one) => one.isDirect === isDirect)
      .map((one) => placeEntry(one, one.id === place.id, isUnread(me, one)));
  show(byId("channels", HTMLElement), entries(false));
  show(byId("direct", HTMLElement), entries(true));
  byId("link", HTMLElement).textContent = isConnected
    ? "docc is connected"
    : "docc is not connected";
  byId("link", HTMLElement).classList.toggle("off", !isConnected);
}

/**
 * @param {Named} me
 * @param {Place} place
 */
function isUnread(me, place) {
  return place.latest > (seen.get(`${me.id} ${place.id}`) ?? "");
}

/**
 * @param {Named} person
 * @param {boolean} isMe
 */
function personEntry({ id, name, note }, isMe) {
  const initial = (name.at(0) ?? "?").toUpperCase();
  /** @type {readonly Markup[]} */
  const children = [
    tag("span", { class: `avatar small person-${name}`, "aria-hidden": "true" }, initial),
    tag("span", {}, name),
    ...(note === "" ? [] : [tag("span", { class: "badge" }, note)]),
  ];
  return entry(id, { "data-person": id, ...(isMe ? { "aria-current": "true" } : {}) }, children);
}

/**
 * @param {Place} place
 * @param {boolean} isHere
 * @param {boolean} isNew
 */
function placeEntry({ id, label }, isHere, isNew) {
  const mark = tag("span", { class: "unread", "aria-label": "unread" }, "•");
  const attributes = { "data-place": id, ...(isHere ? { "aria-current": "page" } : {}) };
  return entry(id, attributes, [tag("span", {}, label), ...(isNew ? [mark] : [])]);
}

/**
 * @param {string} key
 * @param {Readonly<Record<string, string>>} attributes
 * @param {readonly Markup[]} children
 */
function entry(key, attributes, children) {
  const button = {
    tag: /** @type {const} */ ("button"),
    attributes: { type: "button", ...attributes },
    children,
  };
  return { key, markup: { tag: /** @type {const} */ ("li"), attributes: {}, children: [button] } };
}

/**
 * @param {"span"} name
 * @param {Readonly<Record<string, string>>} attributes
 * @param {string} text
 * @returns {Markup}
 */
function tag(name, attributes, text) {
  return { tag: name, attributes, children: [text] };
}

/**
 * Switching person or place closes the thread, and on a phone the drawer.
 * @param {(error: unknown) => void} failed
 */
export function listenToSidebar(failed) {
  const sidebar = byId("sidebar", HTMLElement);
  const drawer = byId("open-sidebar", HTMLButtonElement);
  const open = (/** @type {boolean} */ isOpen) => {
    document.body.classList.toggle("drawer", isOpen);
    drawer.setAttribute("aria-expanded", String(isOpen));
  };
  drawer.addEventListener("click", () => open(!document.body.classList.contains("drawer")));
  sidebar.addEventListener("click", (event) => {
    const { person, place } = around(event, "[data-person], [data-place]")?.dataset ?? {};
    if (person !== undefined) go({ person, place: "", thread: "" });
    if (place !== undefined) go({ place, thread: "" });
    // The app is told, and makes the page; what comes of it is seen as any other change is.
    if (place === "home") void act("home", {}).catch(failed);
    if (person !== undefined || place !== undefined) open(false);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") open(false);
  });
}

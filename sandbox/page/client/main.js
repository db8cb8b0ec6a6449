/** @import { Snapshot } from "../snapshot.ts" */
import { Composer } from "./composer.js";
import { confirmed } from "./confirm.js";
import { around, byId, show } from "./dom.js";
import { Form } from "./form.js";
import { go, where } from "./place.js";
import { act, dismiss, follow, look } from "./server.js";
import { listenToSidebar, showSidebar } from "./sidebar.js";

const form = new Form(failed);
const composer = new Composer(byId("composer", HTMLFormElement), failed);
const threadComposer = new Composer(byId("thread-composer", HTMLFormElement), failed);

/** Whether the page is being brought up to date, and whether it must be once more. */
const refreshing = { now: false, again: false };

/** Shows the workspace as it is; changes on the way lead to one more look, never to a queue. */
async function refresh() {
  refreshing.again = true;
  if (refreshing.now) return;
  refreshing.now = true;
  try {
    while (refreshing.again) {
      refreshing.again = false;
      // Each look must see what the one before did not.
      // oxlint-disable-next-line no-await-in-loop
      draw(await look());
    }
  } catch (error) {
    failed(error);
  } finally {
    refreshing.now = false;
  }
}

/** @param {Snapshot} snapshot */
function draw(snapshot) {
  const { me, place, messages, thread, dialog, app, examples } = snapshot;
  if (where().person !== me.id || where().place !== place.id) {
    const here = [me.id, place.id, where().thread].map(encodeURIComponent).join("/");
    history.replaceState(null, "", `#${here}`);
  }
  document.title = `${place.label} as ${me.name}, docc sandbox`;
  showSidebar(snapshot);
  byId("place-name", HTMLElement).textContent = place.label;
  byId("place-about", HTMLElement).textContent = place.about;
  const list = byId("messages", HTMLElement);
  const stays = isAtEnd(list);
  show(list, messages);
  showStarters(messages.length === 0, app.command, examples);
  show(
    byId("shortcuts", HTMLElement),
    app.globalShortcuts.map(({ id, name }) => chip(id, name, { "data-callback": id })),
  );
  // Nobody types on a Home.
  byId("composer", HTMLFormElement).hidden = place.id === "home";
  composer.at({ channel: place.id, label: place.label, canWrite: place.canWrite }, app);
  drawThread(snapshot, thread);
  if (stays) list.scrollTop = list.scrollHeight;
  form.show(dialog);
}

/**
 * @param {Snapshot} snapshot
 * @param {Snapshot["thread"]} thread
 */
function drawThread({ place, app }, thread) {
  document.body.classList.toggle("with-thread", thread !== undefined);
  byId("thread", HTMLElement).hidden = thread === undefined;
  if (thread === undefined) return;
  const list = byId("replies", HTMLElement);
  const stays = isAtEnd(list);
  show(list, thread.messages);
  if (stays) list.scrollTop = list.scrollHeight;
  threadComposer.at(
    { channel: place.id, label: place.label, canWrite: place.canWrite, threadTs: thread.ts },
    app,
  );
}

/** Who reads further up is left alone when something new comes. @param {HTMLElement} list */
function isAtEnd(list) {
  return list.scrollHeight - list.scrollTop - list.clientHeight < 80;
}

/**
 * @param {boolean} isEmpty
 * @param {string} command
 * @param {readonly string[]} examples
 */
function showStarters(isEmpty, command, examples) {
  byId("empty", HTMLElement).hidden = !isEmpty;
  byId("messages", HTMLElement).hidden = isEmpty;
  const words = examples.length === 0 ? ["help"] : ["deploy", "list", "help"];
  const starters = words.map((word) =>
    chip(word, `${command} ${word}`, { "data-say": `${command} ${word}` }),
  );
  show(byId("starters", HTMLElement), starters);
}

/**
 * @param {string} key
 * @param {string} words
 * @param {Readonly<Record<string, string>>} data
 */
function chip(key, words, data) {
  const tag = /** @type {const} */ ("button");
  return {
    key,
    markup: { tag, attributes: { type: "button", class: "chip", ...data }, children: [words] },
  };
}

/**
 * What a click on a message asks for.
 * @param {Event} event
 */
async function clicked(event) {
  const control = around(event, "[data-do]");
  const { callback = "", id = "", ts = "" } = control?.dataset ?? {};
  switch (control?.dataset["do"]) {
    case "thread":
      go({ thread: ts });
      return;
    case "dismiss":
      await dismiss(id);
      return;
    case "shortcut":
      await act("message-shortcut", { ...target(event), callbackId: callback });
      return;
    case "act":
      if (event.type === "change" || control instanceof HTMLButtonElement)
        await press(event, control);
      return;
    default:
  }
}

/**
 * @param {Event} event
 * @param {HTMLElement} control
 */
async function press(event, control) {
  const { action, confirm } = control.dataset;
  if (confirm !== undefined && !(await confirmed(confirm))) return;
  const value = control instanceof HTMLSelectElement ? { value: control.value } : {};
  if (control instanceof HTMLButtonElement) control.disabled = true;
  try {
    const { block } = around(event, "[data-block]")?.dataset ?? {};
    await act("click", { ...target(event), action, block, ...value });
  } finally {
    if (control instanceof HTMLButtonElement) control.disabled = false;
  }
}

/** The message, or the view, that an event happened on. @param {Event} event */
function target(event) {
  const { channel, ts, ephemeral, view } = around(event, ".message")?.dataset ?? {};
  if (view !== undefined) return { view };
  return ephemeral === undefined ? { channel, ts } : { ephemeral };
}

/** Tells what went wrong, for a while. @param {unknown} error */
function failed(error) {
  const toast = byId("toast", HTMLElement);
  toast.textContent = error instanceof Error ? error.message : String(error);
  toast.hidden = false;
  setTimeout(() => (toast.hidden = true), 6_000);
}

function listen() {
  for (const id of ["messages", "replies"]) {
    const list = byId(id, HTMLElement);
    list.addEventListener("click", (event) => void clicked(event).catch(failed));
    list.addEventListener("change", (event) => void clicked(event).catch(failed));
  }
  byId("starters", HTMLElement).addEventListener("click", (event) => {
    composer.suggest(around(event, "[data-say]")?.dataset["say"] ?? "");
  });
  byId("shortcuts", HTMLElement).addEventListener("click", (event) => {
    const callbackId = around(event, "[data-callback]")?.dataset["callback"];
    if (callbackId !== undefined) void act("global-shortcut", { callbackId }).catch(failed);
  });
  byId("close-thread", HTMLButtonElement).addEventListener("click", () => go({ thread: "" }));
  addEventListener("hashchange", () => void refresh());
  document.addEventListener("keydown", (event) => {
    const isBusy = document.querySelector("dialog[open]") !== null;
    if (event.key === "Escape" && !isBusy) go({ thread: "" });
  });
  listenToSidebar(failed);
  follow({
    changed: () => void refresh(),
    lost: (isLost) => (byId("lost", HTMLElement).hidden = !isLost),
  });
}

listen();

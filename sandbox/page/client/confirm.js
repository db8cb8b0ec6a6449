import { build, byId } from "./dom.js";

/**
 * Asks before something happens, as the app's `confirm` object words it.
 * @param {string} words JSON of sandbox/page/elements.ts
 * @returns {Promise<boolean>}
 */
export async function confirmed(words) {
  const { title, text, confirm, deny, style } = JSON.parse(words);
  const dialog = byId("confirm", HTMLDialogElement);
  const button = (
    /** @type {string} */ value,
    /** @type {string} */ look,
    /** @type {string} */ label,
  ) =>
    build({
      tag: "button",
      attributes: { type: "button", value, class: `press ${look}` },
      children: [label],
    });
  const actions = build({ tag: "div", attributes: { class: "actions end" }, children: [] });
  actions.appendChild(button("no", "plain", deny));
  actions.appendChild(button("yes", style, confirm));
  dialog.replaceChildren(
    build({ tag: "h2", attributes: {}, children: [title] }),
    build({ tag: "p", attributes: {}, children: [text] }),
    actions,
  );
  dialog.returnValue = "";
  dialog.onclick = (event) => {
    if (event.target instanceof HTMLButtonElement) dialog.close(event.target.value);
  };
  dialog.showModal();
  await new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
  return dialog.returnValue === "yes";
}

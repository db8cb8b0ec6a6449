/** @import { Dialog } from "../snapshot.ts" */
import { around, build, byId } from "./dom.js";
import { act, draft, example } from "./server.js";

/** The modal of the app: shows it, keeps what the person enters, and submits it. */
export class Form {
  #dialog = byId("modal", HTMLDialogElement);
  #failed;
  /** @type {Dialog | undefined} */
  #shown;
  /** The files that were picked, by block id. @type {Map<string, readonly File[]>} */
  #files = new Map();

  /** @param {(error: unknown) => void} failed */
  constructor(failed) {
    this.#failed = failed;
    this.#dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      void this.#try(() => this.close());
    });
    this.#dialog.addEventListener("click", (event) => void this.#try(() => this.#clicked(event)));
    this.#dialog.addEventListener("change", (event) => this.#picked(event));
    this.#dialog.addEventListener("change", (event) => void this.#try(() => this.#chosen(event)));
    this.#dialog.addEventListener("input", (event) => void this.#try(() => this.#typed(event)));
    this.#dialog.addEventListener("keydown", (event) => {
      const isSingleLine = event.target instanceof HTMLInputElement && event.target.type !== "file";
      if (event.key === "Enter" && isSingleLine) void this.#try(() => this.submit());
    });
  }

  /** @param {Dialog | undefined} dialog */
  show(dialog) {
    if (dialog === undefined) {
      this.#shown = undefined;
      this.#files.clear();
      this.#dialog.close();
      return;
    }
    if (dialog.key !== this.#shown?.key) this.#rebuild(dialog);
    this.#shown = dialog;
    for (const place of this.#dialog.querySelectorAll("[data-error-for]")) {
      place.textContent = dialog.errors[place.getAttribute("data-error-for") ?? ""] ?? "";
    }
    if (this.#dialog.open) return;
    this.#dialog.showModal();
    const first = this.#dialog.querySelector("input, select, textarea");
    if (first instanceof HTMLElement) first.focus();
  }

  async submit() {
    const view = this.#shown?.view;
    if (view === undefined || this.#dialog.inert) return;
    this.#dialog.inert = true;
    try {
      const { error } = await act("submit", {
        view,
        values: this.#values(),
        files: await this.#drafts(),
      });
      if (typeof error === "string") this.#say(`docc did not take this: ${error}. Try again.`);
    } finally {
      this.#dialog.inert = false;
    }
  }

  async close() {
    if (this.#shown !== undefined) await act("close", { view: this.#shown.view });
  }

  /** A view that the app changed keeps what the person entered where the inputs stay. @param {Dialog} dialog */
  #rebuild(dialog) {
    const isSameView = dialog.view === this.#shown?.view;
    const entered = isSameView ? this.#values() : {};
    if (!isSameView) this.#files.clear();
    this.#dialog.replaceChildren(...dialog.markup.map(build));
    for (const field of this.#fields()) {
      const value = entered[field.dataset["field"] ?? ""];
      if (typeof value === "string" && "value" in field) field.value = value;
      this.#showFiles(field);
    }
  }

  /** @returns {readonly HTMLElement[]} */
  #fields() {
    return [...this.#dialog.querySelectorAll("[data-field]")].filter(
      (one) => one instanceof HTMLElement,
    );
  }

  /** What is entered, by block id. Menus without a choice are left out. */
  #values() {
    /** @type {Record<string, unknown>} */
    const values = {};
    for (const field of this.#fields()) {
      const value = valueOf(field);
      if (value !== undefined) values[field.dataset["field"] ?? ""] = value;
    }
    return values;
  }

  async #drafts() {
    const all = [...this.#files].map(async ([id, files]) => [
      id,
      await Promise.all(files.map(draft)),
    ]);
    return Object.fromEntries(await Promise.all(all));
  }

  /** @param {Event} event */
  async #clicked(event) {
    const button = around(event, "[data-do]");
    switch (button?.dataset["do"]) {
      case "submit":
        return this.submit();
      case "close":
        return this.close();
      case "example": {
        const field = around(event, "[data-field]");
        const file = await example(button.dataset["name"] ?? "");
        if (field !== undefined) this.#pick(field, [file]);
        this.#forgive(event);
        return undefined;
      }
      case "act":
        if (button instanceof HTMLButtonElement) {
          await act("click", { view: this.#shown?.view, action: button.dataset["action"] });
        }
        return undefined;
      default:
        return undefined;
    }
  }

  /** @param {Event} event */
  #picked(event) {
    this.#forgive(event);
    const field = around(event, "[data-holds=files]");
    if (field !== undefined && event.target instanceof HTMLInputElement) {
      this.#pick(field, [...(event.target.files ?? [])]);
    }
  }

  /** Tells the app of a choice at once, where the input asks for that. @param {Event} event */
  async #chosen(event) {
    const field = around(event, "[data-dispatches] [data-field]");
    const value = field === undefined ? undefined : valueOf(field);
    if (field === undefined || value === undefined) return;
    const { action } = field.dataset;
    await act("click", { view: this.#shown?.view, action, value });
  }

  /** Whoever corrects an input has read what was wrong with it. @param {Event} event */
  #forgive(event) {
    const notice = around(event, "fieldset")?.querySelector(".error");
    if (notice !== null && notice !== undefined) notice.textContent = "";
  }

  /**
   * @param {HTMLElement} field
   * @param {readonly File[]} files
   */
  #pick(field, files) {
    this.#files.set(field.dataset["field"] ?? "", files);
    this.#showFiles(field);
  }

  /** @param {HTMLElement} field */
  #showFiles(field) {
    const files = this.#files.get(field.dataset["field"] ?? "") ?? [];
    const place = field.querySelector(".picked");
    if (place !== null) place.textContent = files.map(({ name }) => name).join(", ");
  }

  /** Fetches the options of an external select while the person types. @param {Event} event */
  async #typed(event) {
    const field = around(event, "[data-holds=typed]");
    if (!(field instanceof HTMLInputElement)) return;
    const action = field.dataset["action"];
    const { options } = await act("options", {
      view: this.#shown?.view,
      action,
      typed: field.value,
    });
    const list = field.list;
    if (list === null || !Array.isArray(options)) return;
    list.replaceChildren(
      ...options.map(({ value, text }) => new Option(text?.text ?? value, value)),
    );
  }

  /** @param {string} words */
  #say(words) {
    const place = this.#dialog.querySelector('[data-error-for=""]');
    if (place !== null) place.textContent = words;
  }

  /** @param {() => Promise<void>} work */
  async #try(work) {
    try {
      await work();
    } catch (error) {
      this.#say(error instanceof Error ? error.message : "");
      this.#failed(error);
    }
  }
}

/** @param {HTMLElement} field */
function valueOf(field) {
  const ticked = [...field.querySelectorAll("input")].filter((one) => one.checked);
  switch (field.dataset["holds"]) {
    case "text":
      return "value" in field && field.value !== "" ? field.value : null;
    case "one":
    case "typed":
      return "value" in field && field.value !== "" ? field.value : undefined;
    case "many":
      return field instanceof HTMLSelectElement
        ? [...field.selectedOptions].map(({ value }) => value)
        : undefined;
    case "tick":
      return ticked[0]?.value;
    case "ticks":
      return ticked.map(({ value }) => value);
    default:
      return undefined;
  }
}

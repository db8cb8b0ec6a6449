/** @import { AppFeatures } from "../app.ts" */
import { build } from "./dom.js";
import { act, draft } from "./server.js";

/**
 * A box to write in. A slash command goes to the app; everything else becomes a message, with a
 * file when one is attached.
 */
export class Composer {
  #form;
  #failed;
  /** @type {{ channel: string, threadTs?: string } | undefined} */
  #place;
  #text = document.createElement("textarea");
  #file = document.createElement("input");
  #attached = document.createElement("button");
  #notice = document.createElement("p");
  #isBusy = false;

  /**
   * @param {HTMLFormElement} form
   * @param {(error: unknown) => void} failed
   */
  constructor(form, failed) {
    this.#form = form;
    this.#failed = failed;
    this.#build();
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#send();
    });
    this.#text.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      void this.#send();
    });
    this.#text.addEventListener("input", () => this.#resize());
    this.#file.addEventListener("change", () => this.#showFile());
    this.#attached.addEventListener("click", () => {
      this.#file.value = "";
      this.#showFile();
    });
  }

  /**
   * @param {{ channel: string, label: string, canWrite: boolean, threadTs?: string }} place
   * @param {AppFeatures} app
   */
  at({ channel, label, canWrite, threadTs }, app) {
    this.#place = { channel, ...(threadTs === undefined ? {} : { threadTs }) };
    const hint = threadTs === undefined ? `Message ${label} or ${app.command} …` : "Reply…";
    this.#text.placeholder = canWrite ? hint : `Commands only: ${app.command} …`;
    this.#text.setAttribute("aria-label", threadTs === undefined ? `Message ${label}` : "Reply");
    this.#form.classList.toggle("no-files", threadTs !== undefined || !canWrite);
  }

  /** @param {string} text */
  suggest(text) {
    this.#text.value = text;
    this.#resize();
    this.#text.focus();
  }

  #build() {
    const attach = document.createElement("label");
    attach.className = "icon attach";
    attach.title = "Attach a file";
    this.#file.type = "file";
    this.#file.setAttribute("aria-label", "Attach a file");
    attach.append("+", this.#file);
    this.#text.rows = 1;
    this.#text.spellcheck = false;
    const send = build({
      tag: "button",
      attributes: { type: "submit", class: "press primary", "aria-label": "Send" },
      children: ["Send"],
    });
    this.#attached.type = "button";
    this.#attached.className = "chip";
    this.#attached.hidden = true;
    this.#notice.className = "error";
    this.#notice.setAttribute("role", "alert");
    const row = document.createElement("div");
    row.className = "row";
    row.append(attach, this.#text, send);
    this.#form.append(this.#attached, this.#notice, row);
  }

  #resize() {
    this.#notice.textContent = "";
    this.#text.rows = Math.min(8, this.#text.value.split("\n").length);
  }

  #showFile() {
    const file = this.#file.files?.[0];
    this.#attached.hidden = file === undefined;
    this.#attached.textContent = file === undefined ? "" : `${file.name} ✕`;
    this.#attached.setAttribute("aria-label", `Remove ${file?.name ?? "the file"}`);
  }

  async #send() {
    const typed = this.#text.value.trim();
    const file = this.#file.files?.[0];
    const place = this.#place;
    if (this.#isBusy || place === undefined || (typed === "" && file === undefined)) return;
    if (typed.startsWith("/") && place.threadTs !== undefined) {
      this.#notice.textContent = "Slack does not run slash commands in threads. Use the channel.";
      return;
    }
    this.#isBusy = true;
    this.#text.value = "";
    this.#resize();
    try {
      await this.#deliver(typed, file, place);
      this.#file.value = "";
      this.#showFile();
    } catch (error) {
      this.#text.value = typed;
      this.#notice.textContent = error instanceof Error ? error.message : "";
      this.#failed(error);
    } finally {
      this.#isBusy = false;
    }
  }

  /**
   * @param {string} text
   * @param {File | undefined} file
   * @param {{ channel: string, threadTs?: string }} place
   */
  async #deliver(text, file, place) {
    if (text.startsWith("/")) await act("command", { channel: place.channel, text });
    else if (file === undefined) await act("say", { ...place, text });
    else await act("upload", { channel: place.channel, text, ...(await draft(file)) });
  }
}

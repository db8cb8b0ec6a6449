/** @import { Snapshot } from "../snapshot.ts" */
import { where } from "./place.js";

/**
 * @param {string} path
 * @param {RequestInit} [init]
 * @returns {Promise<unknown>}
 */
async function ask(path, init) {
  const response = await fetch(path, init);
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error ?? `HTTP ${response.status}`);
  return answer;
}

/** @returns {Promise<Snapshot>} */
export async function look() {
  const answer = await ask(`/state?${new URLSearchParams({ ...where() })}`);
  return /** @type {Snapshot} */ (answer);
}

/**
 * Does something as the present person; see sandbox/slack/control.ts.
 * @param {string} gesture
 * @param {Readonly<Record<string, unknown>>} input
 * @returns {Promise<Readonly<Record<string, unknown>>>}
 */
export async function act(gesture, input) {
  const body = JSON.stringify(input);
  const headers = { "content-type": "application/json" };
  const path = `/control/as/${encodeURIComponent(where().person)}/${gesture}`;
  const answer = await ask(path, { method: "POST", headers, body });
  return /** @type {Readonly<Record<string, unknown>>} */ (answer);
}

/** @param {string} id */
export async function dismiss(id) {
  await ask(`/dismiss?${new URLSearchParams({ id, person: where().person })}`, { method: "POST" });
}

/**
 * @param {string} name
 * @returns {Promise<File>}
 */
export async function example(name) {
  const response = await fetch(`/examples/${encodeURIComponent(name)}`);
  if (!response.ok) throw new Error(`${name} cannot be read`);
  return new File([await response.blob()], name);
}

/**
 * Calls `changed` after every change of the workspace, and `lost` when the sandbox went away.
 * @param {{ changed: () => void, lost: (isLost: boolean) => void }} listener
 */
export function follow({ changed, lost }) {
  const events = new EventSource("/control/events");
  events.addEventListener("message", changed);
  events.addEventListener("open", () => {
    lost(false);
    changed();
  });
  events.addEventListener("error", () => lost(true));
}

/**
 * A file as the control API takes it.
 * @param {File} file
 */
export async function draft(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return { name: file.name, base64: btoa(binary) };
}

/** A file that the page's server hands out. */
export interface Asset {
  readonly file: URL;
  readonly type: string;
}

const asset = (file: URL, type: string): Asset => ({ file, type: `${type}; charset=utf-8` });
const page = (file: URL): Asset => asset(file, "text/html");
const style = (file: URL): Asset => asset(file, "text/css");
const script = (file: URL): Asset => asset(file, "text/javascript");

/** Every path that has a file behind it: a request can name these and nothing else. */
export const assets: ReadonlyMap<string, Asset> = new Map([
  ["/", page(new URL("./client/index.html", import.meta.url))],
  ["/icon.svg", asset(new URL("./client/icon.svg", import.meta.url), "image/svg+xml")],
  ["/layout.css", style(new URL("./client/layout.css", import.meta.url))],
  ["/controls.css", style(new URL("./client/controls.css", import.meta.url))],
  ["/dialogs.css", style(new URL("./client/dialogs.css", import.meta.url))],
  ["/message.css", style(new URL("./client/message.css", import.meta.url))],
  ["/blocks.css", style(new URL("./client/blocks.css", import.meta.url))],
  ["/main.js", script(new URL("./client/main.js", import.meta.url))],
  ["/dom.js", script(new URL("./client/dom.js", import.meta.url))],
  ["/server.js", script(new URL("./client/server.js", import.meta.url))],
  ["/place.js", script(new URL("./client/place.js", import.meta.url))],
  ["/sidebar.js", script(new URL("./client/sidebar.js", import.meta.url))],
  ["/composer.js", script(new URL("./client/composer.js", import.meta.url))],
  ["/form.js", script(new URL("./client/form.js", import.meta.url))],
  ["/confirm.js", script(new URL("./client/confirm.js", import.meta.url))],
]);

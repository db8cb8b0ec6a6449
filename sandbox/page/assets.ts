/** A file that the page's server hands out. */
export interface Asset {
  readonly file: URL;
  readonly type: string;
}

const script = (file: URL): Asset => ({ file, type: "text/javascript; charset=utf-8" });

/** Every path that has a file behind it: a request can name these and nothing else. */
export const assets: ReadonlyMap<string, Asset> = new Map([
  [
    "/",
    { file: new URL("./client/index.html", import.meta.url), type: "text/html; charset=utf-8" },
  ],
  [
    "/style.css",
    { file: new URL("./client/style.css", import.meta.url), type: "text/css; charset=utf-8" },
  ],
  [
    "/message.css",
    { file: new URL("./client/message.css", import.meta.url), type: "text/css; charset=utf-8" },
  ],
  ["/icon.svg", { file: new URL("./client/icon.svg", import.meta.url), type: "image/svg+xml" }],
  ["/main.js", script(new URL("./client/main.js", import.meta.url))],
  ["/dom.js", script(new URL("./client/dom.js", import.meta.url))],
  ["/server.js", script(new URL("./client/server.js", import.meta.url))],
  ["/place.js", script(new URL("./client/place.js", import.meta.url))],
  ["/sidebar.js", script(new URL("./client/sidebar.js", import.meta.url))],
  ["/composer.js", script(new URL("./client/composer.js", import.meta.url))],
  ["/form.js", script(new URL("./client/form.js", import.meta.url))],
  ["/confirm.js", script(new URL("./client/confirm.js", import.meta.url))],
]);

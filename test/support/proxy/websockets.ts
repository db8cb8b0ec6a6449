import type { IncomingMessage, Server } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { WebSocket, WebSocketServer } from "ws";
import type { Shared } from "./exchange.ts";

/**
 * WebSockets through the proxy. The upgrade is a call like any other; every frame that docc sends
 * (each acknowledgement of Socket Mode) is one, too, in their order. `answer` passes as it is.
 */
export function serveSockets(server: Server, shared: Shared): { close(): void } {
  const acceptor = new WebSocketServer({ noServer: true });
  server.on("upgrade", (request, socket, head) => {
    socket.on("error", () => undefined);
    void (async () => {
      const { pathname, searchParams } = new URL(request.url ?? "/", "http://proxy");
      const call = shared.note({ method: "GET", path: pathname, query: searchParams, body: "" });
      const fate = await shared.decide(call);
      if (fate.type === "hold") return;
      if (fate.type === "refuse") return void socket.destroy();
      if (fate.type === "delay") await pause(fate.ms);
      const upstream = await open(shared, request).catch(() => undefined);
      if (upstream === undefined) return void socket.destroy();
      await shared.after(call, { status: 101, body: "" });
      acceptor.handleUpgrade(request, socket, head, (docc) =>
        join(docc, upstream, pathname, shared),
      );
    })();
  });
  return {
    close: () => {
      for (const client of acceptor.clients) client.terminate();
      acceptor.close();
    },
  };
}

/** A connection whose messages wait until somebody takes them. */
async function open({ upstream }: Shared, request: IncomingMessage): Promise<WebSocket> {
  const socket = new WebSocket(`${upstream.url.replace("http", "ws")}${request.url ?? ""}`);
  await new Promise<void>((resolve, reject) => {
    socket.once("open", () => {
      socket.pause();
      resolve();
    });
    socket.once("error", reject);
  });
  socket.on("error", () => socket.terminate());
  return socket;
}

function join(docc: WebSocket, upstream: WebSocket, path: string, shared: Shared): void {
  docc.on("error", () => docc.terminate());
  docc.on("close", () => upstream.terminate());
  upstream.on("close", () => docc.close());
  upstream.on("ping", (data: Buffer) => docc.ping(data));
  upstream.on("message", (data: Buffer) => docc.send(shared.rewrite(data.toString())));
  let turn = Promise.resolve();
  docc.on("message", (data: Buffer) => {
    turn = turn.then(() => passOn(data.toString())).catch(() => docc.terminate());
  });
  upstream.resume();

  const passOn = async (body: string): Promise<void> => {
    const call = shared.note({ method: "FRAME", path, query: new URLSearchParams(), body });
    const fate = await shared.decide(call);
    if (fate.type === "hold") return;
    if (fate.type === "refuse") return docc.terminate();
    if (fate.type === "delay") await pause(fate.ms);
    await new Promise<void>((resolve, reject) =>
      upstream.send(body, (error) => (error instanceof Error ? reject(error) : resolve())),
    );
    await shared.after(call, { status: 200, body: "" });
    if (fate.type === "lose" && fate.how === "reset") docc.terminate();
  };
}

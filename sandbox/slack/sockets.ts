import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocket, WebSocketServer } from "ws";
import type { Clock } from "../../src/clock.ts";
import type { Faults } from "./faults.ts";
import { isObject, parseJson, stringAt } from "./json.ts";
import type { JsonObject } from "./json.ts";
import { limits } from "./limits.ts";

export type DisconnectReason = "refresh_requested" | "warning" | "too_many_websockets";

/** How long Slack leaves a connection open after it asked the app to leave it. */
const graceMs = 10_000;

/**
 * Slack's pings are part of the transport: they follow real time even when the fake's clock is
 * stepped, because the client times them by its own clock.
 */
const pingMs = 10_000;

export interface SocketsOptions {
  readonly clock: Clock;
  /** From 0 up to, not including, 1: chooses the connection that gets a payload. */
  readonly random: () => number;
  readonly faults: Faults;
  readonly appId: string;
  /** Called with every acknowledgement. */
  readonly onAck: (envelopeId: string, payload: unknown) => void;
  /** Called when a connection opens or closes. */
  readonly onChange: () => void;
}

/** The Socket Mode side: single-use tickets, up to ten connections, one of them for each payload. */
export class Sockets {
  readonly #options: SocketsOptions;
  readonly #server = new WebSocketServer({ noServer: true });
  readonly #tickets = new Set<string>();
  readonly #connections = new Set<WebSocket>();
  readonly #pinger: NodeJS.Timeout;

  constructor(options: SocketsOptions) {
    this.#options = options;
    this.#pinger = setInterval(() => {
      for (const connection of this.#connections) {
        connection.ping("Ping from applink");
      }
    }, pingMs);
    this.#pinger.unref();
  }

  /** How many connections are open. */
  get count(): number {
    return this.#connections.size;
  }

  /** Issues a ticket for one connection. */
  ticket(): string {
    const ticket = randomUUID();
    this.#tickets.add(ticket);
    return ticket;
  }

  /** Answers an HTTP upgrade: a connection for a fresh ticket, else an HTTP error. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, ticket: string): void {
    const fault = this.#options.faults.take("socket");
    if (fault?.kind === "timeout") {
      return;
    }
    if (fault !== undefined || !this.#tickets.delete(ticket)) {
      const status = fault?.kind === "status500" ? "500 Internal Server Error" : "403 Forbidden";
      if (fault?.kind === "reset") {
        socket.destroy();
      } else {
        socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
      }
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (connection) => this.#welcome(connection));
  }

  #welcome(connection: WebSocket): void {
    if (this.#connections.size >= limits.connections) {
      send(connection, disconnectMessage("too_many_websockets"));
      connection.close();
      return;
    }
    this.#connections.add(connection);
    connection.on("close", () => {
      this.#connections.delete(connection);
      this.#options.onChange();
    });
    connection.on("error", () => connection.terminate());
    connection.on("message", (data: Buffer) => this.#receive(data.toString()));
    send(connection, {
      type: "hello",
      num_connections: this.#connections.size,
      connection_info: { app_id: this.#options.appId },
      debug_info: { host: "applink-fake", build_number: 1, approximate_connection_time: 18_060 },
    });
    this.#options.onChange();
  }

  #receive(text: string): void {
    const message = parseJson(text);
    const envelopeId = isObject(message) ? stringAt(message, "envelope_id") : undefined;
    if (isObject(message) && envelopeId !== undefined) {
      this.#options.onAck(envelopeId, message["payload"]);
    }
  }

  /** Sends a payload to exactly one connection, any of them; false when there is none. */
  send(envelope: JsonObject): boolean {
    const open = [...this.#connections].filter(({ readyState }) => readyState === WebSocket.OPEN);
    const chosen = open[Math.floor(this.#options.random() * open.length)];
    if (chosen === undefined) {
      return false;
    }
    send(chosen, envelope);
    return true;
  }

  /**
   * Asks every connection to leave, as Slack does now and then; one that stays is closed after
   * ten seconds on the clock.
   */
  disconnect(reason: DisconnectReason): void {
    for (const connection of this.#connections) {
      send(connection, disconnectMessage(reason));
      if (reason !== "warning") {
        this.#options.clock.after(graceMs, () => connection.close());
      }
    }
  }

  /** Cuts every connection without a word, as a broken network does. */
  cut(): void {
    for (const connection of this.#connections) {
      connection.terminate();
    }
  }

  close(): void {
    clearInterval(this.#pinger);
    this.cut();
    this.#server.close();
  }
}

const disconnectMessage = (reason: DisconnectReason): JsonObject => ({
  type: "disconnect",
  reason,
  debug_info: { host: "applink-fake" },
});

function send(connection: WebSocket, message: JsonObject): void {
  connection.send(JSON.stringify(message));
}

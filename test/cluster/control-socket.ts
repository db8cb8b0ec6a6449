import { once } from "node:events";
import { rm } from "node:fs/promises";
import { createConnection, createServer, type Server } from "node:net";
import { text } from "node:stream/consumers";

/** What a running development cluster says of itself. */
export interface ClusterState {
  readonly pid: number;
  readonly server: string;
  readonly kubeconfigPath: string;
  readonly kubectlPath: string;
  readonly folder: string;
}

export type Question = "status" | "stop";

/**
 * Answers `status` and `stop` on a Unix socket. The socket is also the lock: whoever listens is the
 * one cluster, and unlike a file with a process id it cannot name a process that has died.
 * Nothing is returned when another process listens already.
 */
export async function listenForControl(
  socketPath: string,
  answer: (question: Question) => Promise<ClusterState | "starting" | "stopped">,
): Promise<Server | undefined> {
  if ((await ask(socketPath, "status")) !== undefined) return undefined;
  await rm(socketPath, { force: true });
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on("error", () => undefined);
    void text(socket)
      .then(async (question) => answer(question === "stop" ? "stop" : "status"))
      .then((reply) => socket.end(JSON.stringify(reply)));
  });
  server.listen(socketPath);
  await once(server, "listening");
  return server;
}

/** Asks the running cluster; nothing is returned when there is none. */
export async function ask(
  socketPath: string,
  question: Question,
): Promise<ClusterState | "starting" | "stopped" | undefined> {
  const socket = createConnection({ path: socketPath, allowHalfOpen: true });
  try {
    await once(socket, "connect");
  } catch {
    return undefined;
  }
  socket.end(question);
  const reply = await text(socket);
  // A process that ends in the middle of an answer is a cluster that is gone.
  return reply === "" ? undefined : (JSON.parse(reply) as ClusterState | "starting" | "stopped");
}

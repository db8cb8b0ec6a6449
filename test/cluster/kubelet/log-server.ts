import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import { portOf } from "../ports.ts";

/** PEM texts of a server's certificate and its key. */
export interface ServingCertificate {
  readonly cert: string;
  readonly key: string;
}

/** One container's output: a text now, and a promise that resolves when its run has ended. */
export type LogAnswer =
  | { readonly text: string; readonly ended: Promise<void> | undefined }
  | { readonly status: number; readonly refused: string };

export type ReadLog = (
  namespace: string,
  pod: string,
  container: string,
  query: URLSearchParams,
) => LogAnswer;

export interface LogServer {
  readonly port: number;
  stop(): Promise<void>;
}

/** The part of a kubelet's HTTPS API that the API server proxies `kubectl logs` to. */
export async function startLogServer(
  certificate: ServingCertificate,
  readLog: ReadLog,
): Promise<LogServer> {
  const server = createServer(certificate, (request, response) => {
    const url = new URL(request.url ?? "/", "https://kubelet");
    const [, root, ...names] = url.pathname.split("/").map((part) => decodeURIComponent(part));
    const [namespace, pod, container] = names;
    if (root === "healthz") {
      response.end("ok");
    } else if (root !== "containerLogs" || !namespace || !pod || !container) {
      response.writeHead(501).end(`the fake kubelet serves no ${url.pathname}\n`);
    } else {
      void send(response, readLog(namespace, pod, container, url.searchParams));
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { port: portOf(server), stop: async () => close(server) };
}

async function send(response: ServerResponse, answer: LogAnswer): Promise<void> {
  if ("refused" in answer) {
    response.writeHead(answer.status, { "content-type": "text/plain" }).end(answer.refused);
    return;
  }
  response.writeHead(200, { "content-type": "text/plain" });
  response.flushHeaders();
  response.write(answer.text);
  if (answer.ended !== undefined) {
    await Promise.race([answer.ended, once(response, "close")]);
  }
  response.end();
}

async function close(server: Server): Promise<void> {
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
}

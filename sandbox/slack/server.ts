import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { ApiError } from "./api-error.ts";
import { Control } from "./control.ts";
import type { Core } from "./core.ts";
import { Dispatch } from "./dispatch.ts";
import { FakeSlack } from "./fake-slack.ts";
import type { FakeSlackOptions, Settings } from "./fake-slack.ts";
import { Faults } from "./faults.ts";
import { FileServer, faultReply } from "./file-server.ts";
import type { Reply } from "./http.ts";
import { decodeArguments, json, readBody, send, text } from "./http.ts";
import { parseJson } from "./json.ts";
import { ResponseUrls } from "./response-urls.ts";
import { defaultSeed } from "./seed.ts";
import { Sockets } from "./sockets.ts";
import { Triggers } from "./triggers.ts";
import { Uploads } from "./uploads.ts";
import { WebApi } from "./web-api.ts";
import { Workspace } from "./workspace.ts";

/** Every scope that a modelled method asks for, save those that docc must live without. */
export const allScopes: readonly string[] = [
  "app_mentions:read",
  "channels:history",
  "channels:read",
  "chat:write",
  "commands",
  "files:read",
  "files:write",
  "groups:history",
  "groups:read",
  "im:history",
  "im:write",
  "usergroups:read",
  "users:read",
  "users:read.email",
];

/** Every event that is modelled. */
const allEvents: readonly string[] = [
  "app_home_opened",
  "app_mention",
  "file_shared",
  "message.channels",
  "message.im",
];

const credentials = {
  botToken: "xoxb-fake-bot-token",
  appToken: "xapp-fake-app-token",
  signingSecret: "fake-signing-secret",
};

/** Starts an emulated Slack workspace on 127.0.0.1. */
export async function startFakeSlack(options: FakeSlackOptions): Promise<FakeSlack> {
  const server = createServer();
  const origin = await listen(server, options.port ?? 0);
  const { core, sockets, dispatch, settings } = assemble(options, origin);
  const { rateLimits = options.clock } = options;
  const limited = rateLimits === "off" ? undefined : rateLimits;
  const api = new WebApi({ core, ...credentials, rateLimits: limited });
  const slack: FakeSlack = new FakeSlack({
    core,
    sockets,
    dispatch,
    api,
    credentials,
    settings,
    commands: options.commands ?? ["/docc"],
    stop: async () => {
      control.close();
      sockets.close();
      await close(server);
    },
  });
  const control = new Control(slack);
  const router = new Router({ core, api, files: new FileServer(core, credentials.botToken) });
  server.on("request", (request, response) => {
    void answer(request, response, origin, router, control);
  });
  server.on("upgrade", (request, socket, head) => {
    const ticket = new URL(request.url ?? "/", origin).searchParams.get("ticket") ?? "";
    sockets.upgrade(request, socket, head, ticket);
  });
  return slack;
}

function assemble(
  options: FakeSlackOptions,
  origin: string,
): { core: Core; sockets: Sockets; dispatch: Dispatch; settings: Settings } {
  const { clock } = options;
  const workspace = new Workspace(clock, options.workspace ?? defaultSeed);
  const faults = new Faults();
  const settings: Settings = { requestUrl: undefined };
  const sockets: Sockets = new Sockets({
    clock,
    faults,
    random: options.random ?? Math.random,
    appId: workspace.seed.app.id,
    onAck: (id, payload) => dispatch.acknowledge(id, payload),
    onChange: () => workspace.announce("connection", ""),
  });
  const dispatch: Dispatch = new Dispatch({
    clock,
    faults,
    sockets,
    signingSecret: credentials.signingSecret,
    requestUrl: () => settings.requestUrl,
    onChange: (id) => workspace.announce("delivery", id),
  });
  const core: Core = {
    clock,
    workspace,
    faults,
    origin,
    triggers: new Triggers(clock, workspace.ids),
    responseUrls: new ResponseUrls(clock, workspace),
    uploads: new Uploads(clock, workspace),
    scopes: options.scopes ?? allScopes,
    events: options.events ?? allEvents,
    homeTab: options.homeTab ?? true,
    socketUrl: () => `${origin.replace("http", "ws")}/link/?ticket=${sockets.ticket()}`,
  };
  return { core, sockets, dispatch, settings };
}

async function listen(server: Server, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") {
    throw new Error("the fake Slack listens on no port");
  }
  return `http://127.0.0.1:${address.port}`;
}

async function close(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  origin: string,
  router: Router,
  control: Control,
): Promise<void> {
  try {
    const url = new URL(request.url ?? "/", origin);
    const body = await readBody(request);
    if (url.pathname.startsWith("/control/")) {
      await control.serve(request, response, url, body);
    } else {
      send(await router.route(request, url, body), response);
    }
  } catch (error) {
    // Either the caller went away in the middle of a request, or the fake itself is broken.
    if (response.headersSent) {
      response.destroy();
    } else {
      const reason = error instanceof Error ? error.message : String(error);
      send(text(`the fake Slack failed: ${reason}`, 500), response);
    }
  }
}

interface Routes {
  readonly core: Core;
  readonly api: WebApi;
  readonly files: FileServer;
}

/** The HTTP side that the app sees: Web API, response URLs, downloads and uploads. */
class Router {
  readonly #routes: Routes;

  constructor(routes: Routes) {
    this.#routes = routes;
  }

  async route(request: IncomingMessage, url: URL, body: Buffer): Promise<Reply> {
    const contentType = request.headers["content-type"] ?? "";
    const bearer = /^Bearer (\S+)$/.exec(request.headers.authorization ?? "")?.[1];
    const { api, files } = this.#routes;
    const [, area = "", name = ""] = url.pathname.split("/");
    switch (area) {
      case "api": {
        const query = Object.fromEntries(url.searchParams);
        return api.serve(name, { ...query, ...decodeArguments(body, contentType) }, bearer);
      }
      case "respond":
        return this.#respond(name, parseJson(body.toString()));
      case "files-pri":
        return files.download(url.pathname, bearer);
      case "upload":
        return files.upload(url.pathname, body, contentType);
      default:
        return text("not found", 404);
    }
  }

  #respond(id: string, body: unknown): Reply {
    const { faults, responseUrls } = this.#routes.core;
    const fault = faults.take("response_url");
    const broken = faultReply(fault);
    if (broken !== undefined) {
      return broken;
    }
    try {
      responseUrls.use(id, body);
      return fault === undefined ? text("ok") : { kind: "reset" };
    } catch (error) {
      if (error instanceof ApiError) {
        return json(error.body, error.code.endsWith("_url") ? 404 : 400);
      }
      throw error;
    }
  }
}

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { webApi } from "@slack/bolt";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Clock } from "../../src/clock.ts";
import { createManifestFiles } from "../../src/slack/files.ts";

const token = "xoxb-secret";
const size = 256 * 1024;

/** Back-off passes at once; only the download's deadline is real time, and no test waits for it. */
const clock: Clock = {
  now: () => 0,
  after: (ms, task) => {
    if (ms >= 5_000) return () => undefined;
    const timer = setImmediate(task);
    return () => clearImmediate(timer);
  },
};

type Serve = (request: IncomingMessage, response: ServerResponse) => void;

/** One HTTP server that answers files.info and downloads, and remembers who showed the token. */
class Host {
  readonly tokens: string[] = [];
  readonly downloads: string[] = [];
  info: object = {};
  infoFailures = 0;
  serve: Serve = (_request, response) => response.end('{"application": "web"}');
  readonly #server = createServer((request, response) => this.#answer(request, response));

  async start(): Promise<void> {
    await new Promise<void>((resolve) => void this.#server.listen(0, "127.0.0.1", resolve));
  }
  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }
  #answer(request: IncomingMessage, response: ServerResponse): void {
    if (request.headers.authorization !== undefined)
      this.tokens.push(request.headers.authorization);
    if (request.url === "/api/files.info") {
      this.infoFailures -= 1;
      response.statusCode = this.infoFailures >= 0 ? 500 : 200;
      response.end(JSON.stringify({ ok: true, file: this.info }));
      return;
    }
    this.downloads.push(request.url ?? "");
    this.serve(request, response);
  }
}

describe("reading a file that a person gave to Slack", () => {
  let slack: Host;
  let elsewhere: Host;
  const read = (trustedOrigin: string | undefined = slack.origin) =>
    createManifestFiles({
      client: new webApi.WebClient(token, {
        slackApiUrl: `${slack.origin}/api/`,
        retryConfig: { retries: 0 },
        logLevel: webApi.LogLevel?.ERROR,
      }),
      botToken: token,
      clock,
      random: () => 0,
      ...(trustedOrigin === "" ? {} : { trustedOrigin }),
    }).read("F1");
  const stored = (more: object = {}) => ({
    id: "F1",
    name: "web.json",
    mode: "snippet",
    is_external: false,
    size: 22,
    url_private_download: `${slack.origin}/files-pri/web.json`,
    ...more,
  });

  beforeEach(async () => {
    slack = new Host();
    elsewhere = new Host();
    await Promise.all([slack.start(), elsewhere.start()]);
    slack.info = stored();
  });
  afterEach(async () => {
    await Promise.all([slack.stop(), elsewhere.stop()]);
  });

  it("gives its name and its bytes, with the bot's token", async () => {
    const { name, text } = await read();
    expect([name, Buffer.from(text).toString()]).toEqual(["web.json", '{"application": "web"}']);
    expect(slack.tokens.every((shown) => shown === `Bearer ${token}`)).toBe(true);
  });

  it.each([
    ["a linked file", { is_external: true, mode: "external" }, "bad-input"],
    ["a post", { mode: "space" }, "bad-input"],
    ["a big file", { size: size + 1 }, "too-big"],
    ["no address", { url_private_download: undefined }, "slack-refused"],
    [
      "a stub without an address",
      { url_private_download: "", file_access: "check_file_info" },
      "slack-refused",
    ],
  ])("refuses %s before it asks anywhere for it", async (_what, more, reason) => {
    slack.info = stored(more);
    await expect(read()).rejects.toMatchObject({ reason });
    expect(slack.downloads).toEqual([]);
  });

  it.each([
    (origin: string) => origin,
    () => "http://files.slack.com/x",
    () => "https://files.slack.com:8443/x",
    () => "https://user@files.slack.com/x",
    () => "https://files.slack.com.evil.example/x",
    () => "https://files_slack.com/x",
    () => "https://evil.example/files.slack.com",
    () => "javascript:alert(1)",
    () => "file:///etc/passwd",
  ])("never shows the token to another host (%#)", async (address) => {
    slack.info = stored({ url_private_download: address(elsewhere.origin) });
    await expect(read()).rejects.toMatchObject({ reason: "slack-refused" });
    expect(elsewhere.tokens).toEqual([]);
  });

  it("trusts the emulated Slack's address only when it is told to", async () => {
    await expect(read("")).rejects.toMatchObject({ reason: "slack-refused" });
    expect(slack.downloads).toEqual([]);
  });

  it("follows no redirect", async () => {
    slack.serve = (_request, response) =>
      response.writeHead(302, { location: elsewhere.origin }).end();
    await expect(read()).rejects.toMatchObject({ reason: "slack-refused" });
    expect(elsewhere.tokens).toEqual([]);
  });

  it("stops reading where the file is longer than it said", async () => {
    slack.serve = (_request, response) => {
      const chunk = Buffer.alloc(64 * 1024, "x");
      const more = (): void => {
        while (!response.destroyed && response.write(chunk)) void 0;
      };
      response.on("drain", more);
      more();
    };
    await expect(read()).rejects.toMatchObject({ reason: "too-big" });
  });

  it.each([
    ["text/html; charset=utf-8", "<p>Sign in</p>"],
    ["text/plain", "\n <!DOCTYPE html><html>"],
  ])("knows a sign-in page for what it is (%s)", async (type, body) => {
    slack.serve = (_request, response) =>
      response.writeHead(200, { "content-type": type }).end(body);
    await expect(read()).rejects.toMatchObject({
      reason: "slack-refused",
      message: "Slack showed docc a sign-in page instead of the file.",
    });
  });

  it("tries again after a passing failure, twice", async () => {
    let failures = 2;
    slack.infoFailures = 2;
    slack.serve = (_request, response) => {
      failures -= 1;
      if (failures >= 0) response.destroy();
      else response.end("{}");
    };
    await expect(read()).resolves.toMatchObject({ name: "web.json" });
    slack.serve = (_request, response) => response.writeHead(503).end("secret body");
    await expect(read()).rejects.toMatchObject({
      reason: "unavailable",
      message: "Slack did not serve the file.",
    });
    expect(slack.downloads).toHaveLength(6);
  });

  it("cleans the name", async () => {
    slack.info = stored({ name: "web\u202e\u0000.json\n" });
    expect((await read()).name).toBe("web.json");
  });
});

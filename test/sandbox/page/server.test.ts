import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { assets } from "../../../sandbox/page/assets.ts";
import { startPage } from "../../../sandbox/page/server.ts";
import type { Page } from "../../../sandbox/page/server.ts";
import type { FakeSlack } from "../../../sandbox/slack/fake-slack.ts";
import { startFakeSlack } from "../../../sandbox/slack/server.ts";
import { systemClock } from "../../../src/clock.ts";

const manifest = new URL("../../../app-manifest.yml", import.meta.url);

let folder: string;
let slack: FakeSlack;
let page: Page;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "docc-page-"));
  await writeFile(join(folder, "1-application.json"), '{"application":"x"}');
  await writeFile(join(folder, "secret.txt"), "not an example");
  slack = await startFakeSlack({ clock: systemClock });
  page = await startPage({ slack, port: 0, examples: pathToFileURL(`${folder}/`), manifest });
});

afterEach(async () => {
  await page.stop();
  await slack.stop();
  await rm(folder, { recursive: true });
});

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** A request whose path and headers go out as they are: fetch would tidy them. */
async function ask(
  path: string,
  method = "GET",
  headers: Record<string, string> = {},
): Promise<Answer> {
  const { hostname, port } = new URL(page.origin);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, method, headers }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (body += chunk));
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
    });
    sent.on("error", reject);
    sent.end();
  });
}

describe("the server of the page", () => {
  it("hands out every file of the page with its type", async () => {
    for (const [path, { file, type }] of assets) {
      const { status, headers, body } = await ask(path);
      expect([path, status, headers["content-type"]]).toEqual([path, 200, type]);
      expect(body).toBe(await readFile(file, "utf8"));
    }
  });

  it("hands out every file that the page itself asks for", async () => {
    const { body: html } = await ask("/");
    const named = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map((match) => match[1] ?? "");
    const scripts = [...assets.keys()].filter((path) => path.endsWith(".js"));
    const imported = await Promise.all(
      scripts.map(async (path) => [...(await ask(path)).body.matchAll(/from "\.(\/[^"]+)"/g)]),
    );
    const wanted = [...named, ...imported.flat().map((match) => match[1] ?? "")];
    expect(wanted.length).toBeGreaterThan(10);
    expect(wanted.filter((path) => !assets.has(path))).toEqual([]);
  });

  it("lets only its own scripts and styles run, everywhere", async () => {
    for (const path of ["/", "/main.js", "/state", "/nothing"]) {
      const { headers } = await ask(path);
      const policy = String(headers["content-security-policy"]);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self'");
      expect(policy).toContain("require-trusted-types-for 'script'");
      expect(policy).not.toContain("unsafe");
      expect(headers["x-content-type-options"]).toBe("nosniff");
    }
  });

  it("has no inline script or style, and no script that makes HTML of text", async () => {
    const { body: html } = await ask("/");
    expect(html).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?![^>]* src=)/);
    for (const path of [...assets.keys()].filter((name) => name.endsWith(".js"))) {
      const { body } = await ask(path);
      expect(body).not.toMatch(
        /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function/,
      );
    }
  });

  it.each([
    "/../package.json",
    "/..%2f..%2fpackage.json",
    "/examples/../secret.txt",
    "/examples/..%2f..%2fetc%2fpasswd",
    "/examples/secret.txt",
    "/examples/",
    "/client/main.js",
    "//etc/passwd",
  ])("does not serve %s", async (path) => {
    const { status, body } = await ask(path);
    expect([400, 404]).toContain(status);
    expect(body).not.toContain("not an example");
  });

  it("serves the examples by their names", async () => {
    const { status, body } = await ask("/examples/1-application.json");
    expect([status, body]).toEqual([200, '{"application":"x"}']);
  });

  it("answers neither another host name nor the page of another origin", async () => {
    const { port } = new URL(page.origin);
    const refused = [
      { host: `evil.example:${port}` },
      { host: "127.0.0.1:1" },
      { origin: "https://evil.example" },
      { origin: "null" },
    ];
    for (const headers of refused) {
      expect((await ask("/state", "GET", headers)).status).toBe(403);
      expect((await ask("/control/as/UDEVELOPER/say", "POST", headers)).status).toBe(403);
    }
    expect((await ask("/state", "GET", { origin: page.origin })).status).toBe(200);
  });

  it("takes the next port when the first is taken, and fails when it may not", async () => {
    const taken = Number(new URL(page.origin).port);
    const options = { slack, examples: pathToFileURL(`${folder}/`), manifest };
    await expect(startPage({ ...options, port: taken })).rejects.toThrow("EADDRINUSE");
    const second = await startPage({ ...options, port: taken, ports: 20 });
    expect(Number(new URL(second.origin).port)).toBeGreaterThan(taken);
    await second.stop();
  });
});

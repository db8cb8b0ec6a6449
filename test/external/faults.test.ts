import type { ServerResponse } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openRegistry, type Settings } from "./setup.ts";
import { digestOf, json, manifest, StandIn } from "./stand-in.ts";

/** Nothing of what a registry says may end in more than "it could not be asked". */
describe("a registry that misbehaves", () => {
  let registry: StandIn;
  let edge: ReturnType<typeof openRegistry>;
  const open = (settings: Settings = {}): void => {
    edge = openRegistry({ insecure: [registry.host], ...settings });
  };
  beforeEach(async () => {
    registry = await new StandIn().start();
    open();
  });
  afterEach(async () => {
    await edge.close();
    await registry.stop();
  });
  const look = (tag = "2017") => edge.tag(`${registry.host}/demo/app`, tag);
  const unavailable = (why: string) => ({ state: "unknown", code: "registry-unavailable", why });
  const found = { state: "found", digest: digestOf(manifest) };

  it.each([
    [429, "asks docc to come back later", 1],
    [500, "answers with HTTP 500", 1],
    [503, "answers with HTTP 503", 2],
    [418, "answers with HTTP 418", 2],
  ])("is unavailable when it answers with %i", async (status, why, requests) => {
    registry.faults.set("", (_request, response) => response.writeHead(status).end("secret"));
    expect(await look()).toEqual(unavailable(why));
    expect(registry.seen).toHaveLength(requests);
  });

  it("is asked again when it stumbles once", async () => {
    registry.faults.set("HEAD", (_request, response) => {
      registry.faults.clear();
      response.destroy();
    });
    expect(await look()).toEqual(found);
  });

  it("is unavailable when nothing listens there", async () => {
    const { host } = registry;
    await registry.stop();
    const answer = await edge.tag(`${host}/demo/app`, "2017");
    registry = await new StandIn().start();
    expect(answer).toEqual(unavailable("cannot be reached"));
  });

  it("is unavailable when its name is none, or leads nowhere", async () => {
    expect(await edge.tag("registry.example.com:99999/app", "1")).toEqual(
      unavailable("is no host that docc can ask"),
    );
    await edge.close();
    open({ resolve: (_name, _options, callback) => callback(new Error("ENOTFOUND"), []) });
    expect(await edge.tag("registry.example.com/app", "1")).toEqual(
      unavailable("cannot be reached"),
    );
  });

  it("is not asked at a private address that its name leads to", async () => {
    await edge.close();
    const port = registry.host.split(":")[1] ?? "";
    open({
      insecure: [],
      resolve: (_name, _options, callback) => callback(null, [{ address: "127.0.0.1", family: 4 }]),
    });
    expect(await edge.tag(`registry.example.com:${port}/demo/app`, "2017")).toEqual(
      unavailable("is at a private address, and not among the operator's registries"),
    );
    expect(registry.seen).toEqual([]);
  });

  it.each<[name: string, hang: (response: ServerResponse) => void]>([
    ["never answers", () => undefined],
    ["stops in the middle of its headers", (response) => response.socket?.write("HTTP/1.1 200 OK")],
    [
      "stops in the middle of its body",
      (response) => void response.writeHead(200, { "content-length": "100" }).write("{"),
    ],
  ])("is given up in time when it %s", async (_name, hang) => {
    await edge.close();
    open({ timeoutMs: 150 });
    registry.faults.set("HEAD", (_request, response) => response.writeHead(405).end());
    registry.faults.set("GET", (_request, response) => hang(response));
    const start = performance.now();
    expect(await look()).toEqual(unavailable("does not answer in time"));
    expect(performance.now() - start).toBeLessThan(1_000);
  });

  it("is given up in time when the pull secrets are not read in time", async () => {
    await edge.close();
    open({ timeoutMs: 150, pullSecrets: () => new Promise(() => undefined) });
    registry.faults.set("HEAD", (_request, response) =>
      response.writeHead(401, { "www-authenticate": "Basic" }).end(),
    );
    expect(await look()).toEqual(unavailable("does not answer in time"));
  });

  it("is asked for the manifest when it has no HEAD, and the bytes tell the digest", async () => {
    registry.faults.set("HEAD", (_request, response) => response.writeHead(405).end());
    registry.faults.set("GET", (_request, response) => response.end(manifest));
    expect(await look()).toEqual(found);
  });

  it.each<[name: string, digest: string]>([
    ["no digest", ""],
    ["two digests", `${digestOf("a")}, ${digestOf("b")}`],
    ["a digest of another kind", "md5:00"],
  ])("is asked for the manifest when HEAD tells %s", async (_name, digest) => {
    registry.faults.set("HEAD", (_request, response) =>
      response.writeHead(200, { "docker-content-digest": digest }).end(),
    );
    expect(await look()).toEqual(found);
  });

  it("is not believed when digest and content differ", async () => {
    registry.faults.set("HEAD", (_request, response) => response.writeHead(405).end());
    registry.faults.set("GET", (_request, response) =>
      response.writeHead(200, { "docker-content-digest": digestOf("other") }).end(manifest),
    );
    expect(await look()).toEqual(unavailable("answers with another digest than its content has"));
  });

  it("is not believed when it has another image under a digest", async () => {
    registry.faults.set("HEAD", (_request, response) =>
      response.writeHead(200, { "docker-content-digest": digestOf(manifest) }).end(),
    );
    const answer = await edge.digest(`${registry.host}/demo/app`, digestOf("other"));
    expect(answer).toEqual(unavailable("answers with another digest than its content has"));
  });

  it.each(["<html>Sign in</html>", "[]", "null", '{"schemaVersion":1}', ""])(
    "is not believed when its manifest is %j",
    async (body) => {
      registry.faults.set("HEAD", (_request, response) => response.writeHead(200).end());
      registry.faults.set("GET", (_request, response) => response.end(body));
      expect(await look()).toEqual(unavailable("answers with something that is no image manifest"));
    },
  );

  it("is not read beyond 4 MiB", async () => {
    registry.faults.set("HEAD", (_request, response) => response.writeHead(405).end());
    registry.faults.set("GET", (_request, response) =>
      response.end(Buffer.alloc(5 * 1024 * 1024, " ")),
    );
    expect(await look()).toEqual(unavailable("sends more than docc reads"));
  });

  it("is not read when its headers are too large", async () => {
    registry.faults.set("HEAD", (_request, response) => {
      response.writeHead(200, { "x-large": "x".repeat(20_000) }).end();
    });
    expect(await look()).toEqual(unavailable("cannot be reached"));
  });

  describe("with redirects", () => {
    const redirect = (location: string, status = 307): void => {
      registry.faults.set("HEAD", (_request, response) =>
        response.writeHead(status, { location }).end(),
      );
    };

    it("is followed to a place that the operator named", async () => {
      const other = await new StandIn().start();
      await edge.close();
      open({ insecure: [registry.host, other.host] });
      redirect(`${other.origin}/v2/demo/app/manifests/2017`);
      expect(await look()).toEqual(found);
      await other.stop();
    });

    it("is not followed to plain HTTP, nor to another scheme", async () => {
      const other = await new StandIn().start();
      for (const location of [`${other.origin}/v2/`, "file:///etc/passwd", "http://[", ""]) {
        redirect(location);
        const answer = await look();
        expect([location, answer]).toEqual([location, unavailable(placeRefused(location))]);
      }
      expect(other.seen).toEqual([]);
      await other.stop();
    });
    const placeRefused = (location: string): string =>
      location === "" ? "redirects too often" : "redirects to a place where docc does not go";

    it.each([
      "https://127.0.0.1/",
      "https://[::1]/",
      "https://169.254.169.254/latest/meta-data",
      "https://0x7f.1/",
      "https://[::ffff:10.0.0.1]/",
    ])("is not followed to %s", async (location) => {
      redirect(location);
      expect(await look()).toEqual(
        unavailable("is at a private address, and not among the operator's registries"),
      );
    });

    it("is not followed to a name that leads to a private address", async () => {
      const other = await new StandIn().start();
      await edge.close();
      open({
        resolve: (_name, _options, callback) =>
          callback(null, [
            { address: "93.184.216.34", family: 4 },
            { address: "127.0.0.1", family: 4 },
          ]),
      });
      redirect(`https://public.example.com:${other.host.split(":")[1]}/`);
      expect(await look()).toMatchObject({ state: "unknown", why: /private address/ });
      expect(other.seen).toEqual([]);
      await other.stop();
    });

    it("is not followed for ever", async () => {
      redirect("/v2/demo/app/manifests/2017");
      expect(await look()).toEqual(unavailable("redirects too often"));
      expect(registry.seen).toHaveLength(4);
    });
  });

  describe("with tags", () => {
    it("is read page by page", async () => {
      registry.faults.set("GET /v2/demo/app/tags/list?n=1000", (_request, response) => {
        response.setHeader("link", '</v2/demo/app/tags/list?last=2016>; rel="next"');
        json(response, { tags: ["2016"] });
      });
      expect(await look("2081")).toMatchObject({ nearest: ["2018", "2017", "2016"] });
    });

    it.each([
      ["another host", "http://127.0.0.2/v2/demo/app/tags/list"],
      ["another list", "/v2/demo/other/tags/list"],
      ["nowhere", "http://["],
    ])("is not followed to %s for the next page", async (_name, next) => {
      registry.faults.set("GET /v2/demo/app/tags/list", (_request, response) => {
        response.setHeader("link", `<${next}>; rel="next"`);
        json(response, { tags: ["2017"] });
      });
      expect(await look("2081")).toMatchObject({ state: "missing", nearest: ["2017"] });
      expect(registry.lines.filter((line) => line.startsWith("GET"))).toHaveLength(1);
    });

    it("is read for ten pages, and never the same page twice", async () => {
      let page = 0;
      const start = "GET /v2/demo/app/tags/list";
      registry.faults.set(start, (_request, response) => {
        page += 1;
        response.setHeader("link", `</v2/demo/app/tags/list?page=${page}>; rel="next"`);
        json(response, { tags: [`tag-${Math.min(page, 12)}`] });
      });
      expect(await look("tag-5x")).toMatchObject({ state: "missing" });
      expect(page).toBe(10);
      page = 20;
      expect(await look("tag-5x")).toMatchObject({ state: "missing", nearest: ["tag-12"] });
      expect(page).toBe(22);
    });

    it.each<[name: string, tags: unknown]>([
      ["that are none", ["<!channel>", "a b", "\u202e2081", "x".repeat(129), 2017, null]],
      ["that are no list", { 2017: true }],
      ["that are null, as when all were deleted", null],
    ])("%s names none of them", async (_name, tags) => {
      registry.faults.set("GET", (_request, response) => json(response, { tags }));
      expect(await look("2081")).toEqual({
        state: "missing",
        repositoryExists: true,
        nearest: [],
      });
    });

    it("has not the tag even when it does not list the others in time", async () => {
      await edge.close();
      open({ timeoutMs: 200 });
      registry.faults.set("GET", () => undefined);
      expect(await look("2081")).toEqual({
        state: "missing",
        repositoryExists: true,
        nearest: [],
      });
    });
  });
});

import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SteppedClock } from "../../sandbox/clock.ts";
import { createApi } from "../../src/k8s/api.ts";
import { connect } from "../../src/k8s/connection.ts";
import { configMaps } from "../../src/k8s/kinds.ts";
import { sendJson, startServer } from "../support/http-server.ts";
import { until } from "../support/until.ts";
import { kubeconfigFor, startTarget, statusBody, stepUntilSettled, stored } from "./target.ts";

const clock = new SteppedClock();
const ref = { namespace: "web", name: "a" };
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "docc-connection-"));
});
afterAll(async () => rm(folder, { recursive: true }));

/** A program that an exec plugin can be; node itself runs it. */
async function plugin(name: string, script: string): Promise<object> {
  const file = path.join(folder, `${name}.mjs`);
  await writeFile(file, script);
  const apiVersion = "client.authentication.k8s.io/v1";
  return {
    exec: { apiVersion, command: process.execPath, args: [file], interactiveMode: "Never" },
  };
}

describe("connect", () => {
  const kubeconfig = (change: (config: Record<string, unknown>) => void): string => {
    const config = JSON.parse(kubeconfigFor("http://127.0.0.1:1")) as Record<string, unknown>;
    change(config);
    return JSON.stringify(config);
  };

  it.each([
    ["is no kubeconfig", "users: [{ token: hunter2 ]", /cannot be read/],
    ["has no such context", kubeconfig((c) => (c["current-context"] = "other")), /no such context/],
    ["names no user", kubeconfig((c) => (c["users"] = [])), /names no user/],
    [
      "impersonates nobody, which the API server takes for docc itself",
      kubeconfigFor("http://127.0.0.1:1", { token: "t", as: "" }),
      /without a name/,
    ],
    [
      "would send credentials readable",
      kubeconfigFor("http://127.0.0.1:1").replace("true", "false"),
      /http: credentials/,
    ],
    ["has no usable address", kubeconfigFor("ftp://x"), /no usable address/],
  ])("refuses a kubeconfig that %s", (_what, kubeconfigText, message) => {
    expect(() => connect({ kubeconfigText, clock })).toThrow(message);
    expect(() => connect({ kubeconfigText, clock })).toThrow(
      expect.objectContaining({ name: "DoccError", reason: "bad-config" }),
    );
  });

  it("does not quote a kubeconfig that it cannot read", () => {
    const kubeconfigText = 'users: [{ token: "hunter2" ]';
    expect(() => connect({ kubeconfigText, clock })).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining("hunter2") as string }),
    );
  });

  it("refuses a file that is not there", () => {
    expect(() => connect({ kubeconfigPath: path.join(folder, "none"), clock })).toThrow(
      /cannot be read/,
    );
  });

  it("says outside a cluster that it needs a kubeconfig", () => {
    expect(() => connect({ clock })).toThrow(/no usable address/);
  });

  it("takes another context than the current one", () => {
    const config = JSON.parse(kubeconfigFor("http://127.0.0.1:1")) as Record<string, object[]>;
    config["clusters"]?.push({
      name: "two",
      cluster: { server: "http://127.0.0.1:2/", "insecure-skip-tls-verify": true },
    });
    config["contexts"]?.push({ name: "two", context: { cluster: "two", user: "test" } });
    const kubeconfigText = JSON.stringify(config);
    expect(connect({ kubeconfigText, clock }).server).toBe("http://127.0.0.1:1");
    expect(connect({ kubeconfigText, clock, context: "two" })).toMatchObject({
      server: "http://127.0.0.1:2",
      namespace: undefined,
    });
  });
});

describe("a connection", () => {
  it("makes 500 calls over few sockets", async () => {
    await using target = await startTarget((_request, response) =>
      sendJson(response, stored("a", "1")),
    );
    const calls = Array.from({ length: 500 }, async () => target.api.get(configMaps, ref));
    await Promise.all(calls);
    expect(target.server.requests).toHaveLength(500);
    // Twelve reads run at a time; a socket is free again a moment after its last byte.
    expect(target.server.connections()).toBeLessThanOrEqual(2 * 12);
  });

  it("keeps its dispatcher until the CA changes on disk", async () => {
    const ca = path.join(folder, "ca.crt");
    await writeFile(ca, "first");
    const config = kubeconfigFor("https://127.0.0.1:1").replace(
      '"insecure-skip-tls-verify":true',
      `"certificate-authority":${JSON.stringify(ca)}`,
    );
    const connection = connect({ kubeconfigText: config, clock });
    const before = await connection.credentials();
    expect((await connection.credentials()).dispatcher).toBe(before.dispatcher);
    await writeFile(ca, "second");
    expect((await connection.credentials()).dispatcher).not.toBe(before.dispatcher);
    await connection.close();
  });

  it("runs an exec plugin once for requests that start together", async () => {
    const runs = path.join(folder, "runs");
    const user = await plugin(
      "counting",
      `import { appendFileSync } from "node:fs";
       appendFileSync(${JSON.stringify(runs)}, "x");
       console.log(JSON.stringify({ kind: "ExecCredential", status: { token: "from-plugin" } }));`,
    );
    const server = await startServer((_request, response) => sendJson(response, stored("a", "1")));
    const connection = connect({ kubeconfigText: kubeconfigFor(server.url, user), clock });
    const api = createApi(connection);
    await Promise.all([1, 2, 3].map(async () => api.get(configMaps, ref)));
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(
      Array(3).fill("Bearer from-plugin"),
    );
    expect(await readFile(runs, "utf8")).toBe("x");
    await connection.close();
    await server.close();
  });

  it("does not wait for ever for an exec plugin that hangs", async () => {
    const marker = path.join(folder, "hung");
    const user = await plugin(
      "hanging",
      `import { existsSync, writeFileSync } from "node:fs";
       if (existsSync(${JSON.stringify(marker)})) {
         console.log(JSON.stringify({ kind: "ExecCredential", status: { token: "late" } }));
       } else {
         writeFileSync(${JSON.stringify(marker)}, "");
         process.stdin.resume();
         setTimeout(() => undefined, 5_000);
       }`,
    );
    const server = await startServer((_request, response) => sendJson(response, stored("a", "1")));
    const stepped = new SteppedClock();
    const kubeconfigText = kubeconfigFor(server.url, user);
    const connection = connect({ kubeconfigText, clock: stepped });
    const api = createApi(connection);
    const first = api.get(configMaps, ref, { timeoutMs: 10_000 });
    await until("the plugin hangs", () => existsSync(marker));
    await expect(stepUntilSettled(stepped, first)).rejects.toMatchObject({ kind: "timeout" });
    await expect(api.get(configMaps, ref)).resolves.toBeDefined();
    expect(server.requests[0]?.headers.authorization).toBe("Bearer late");
    await connection.close();
    await server.close();
  });

  it("goes through the kubeconfig's proxy", async () => {
    const proxy = await startServer((_request, response) => sendJson(response, stored("a", "1")));
    const kubeconfigText = kubeconfigFor("http://cluster.invalid").replace(
      '"insecure-skip-tls-verify":true',
      `"insecure-skip-tls-verify":true,"proxy-url":"${proxy.url}"`,
    );
    const connection = connect({ kubeconfigText, clock });
    await expect(createApi(connection).get(configMaps, ref)).resolves.toBeDefined();
    expect(proxy.requests[0]?.url.href).toBe(
      "http://cluster.invalid/api/v1/namespaces/web/configmaps/a",
    );
    await connection.close();
    await proxy.close();
  });

  it("refuses a SOCKS proxy in words", async () => {
    const kubeconfigText = kubeconfigFor("http://cluster.invalid").replace(
      '"insecure-skip-tls-verify":true',
      '"insecure-skip-tls-verify":true,"proxy-url":"socks5://127.0.0.1:1"',
    );
    const connection = connect({ kubeconfigText, clock });
    await expect(createApi(connection).get(configMaps, ref)).rejects.toThrow("not SOCKS");
  });

  it("never quotes what a failing exec plugin wrote", async () => {
    const user = await plugin("failing", `console.error("token hunter2"); process.exit(1);`);
    const connection = connect({
      kubeconfigText: kubeconfigFor("http://127.0.0.1:1", user),
      clock,
    });
    const api = createApi(connection);
    const error: unknown = await api.get(configMaps, ref).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: "unauthorized", notSent: true, cause: undefined });
    expect(JSON.stringify([error, String(error)])).not.toContain("hunter2");
    await connection.close();
  });

  it("reads a rewritten kubeconfig after a 401, and not again at once", async () => {
    let accepted = "new";
    const server = await startServer(({ headers }, response) =>
      headers.authorization === `Bearer ${accepted}`
        ? sendJson(response, stored("a", "1"))
        : sendJson(response, statusBody(401, "Unauthorized", "Unauthorized"), 401),
    );
    const kubeconfigPath = path.join(folder, "rotating");
    await writeFile(kubeconfigPath, kubeconfigFor(server.url, { token: "old" }));
    const connection = connect({ kubeconfigPath, clock });
    const api = createApi(connection);
    await writeFile(kubeconfigPath, kubeconfigFor(server.url, { token: "new" }));
    await expect(api.get(configMaps, ref)).resolves.toMatchObject({ metadata: { name: "a" } });
    accepted = "another";
    clock.step(60_000);
    await expect(api.get(configMaps, ref)).rejects.toMatchObject({ kind: "unauthorized" });
    expect(server.requests).toHaveLength(2 + 2);
    await connection.close();
    await server.close();
  });

  it("does not take credentials for another cluster to this one", async () => {
    const server = await startServer((_request, response) =>
      sendJson(response, statusBody(401, "Unauthorized", "Unauthorized"), 401),
    );
    const kubeconfigPath = path.join(folder, "moving");
    await writeFile(kubeconfigPath, kubeconfigFor(server.url, { token: "old" }));
    const connection = connect({ kubeconfigPath, clock });
    await writeFile(kubeconfigPath, kubeconfigFor("http://127.0.0.1:1", { token: "elsewhere" }));
    await expect(createApi(connection).get(configMaps, ref)).rejects.toMatchObject({
      kind: "unauthorized",
    });
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(["Bearer old"]);
    await connection.close();
    await server.close();
  });

  it("refuses calls after it was closed", async () => {
    await using target = await startTarget((_request, response) =>
      sendJson(response, stored("a", "1")),
    );
    await target.connection.close();
    await expect(target.api.get(configMaps, ref)).rejects.toThrow(
      "connection to the cluster is closed",
    );
  });
});

import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { selfSigned } from "../support/self-signed.ts";
import { openRegistry, pullSecret } from "./setup.ts";
import { digestOf, manifest } from "./stand-in.ts";

const identity = selfSigned("DNS:localhost");
const why = identity === undefined ? " (openssl is not installed)" : "";
const mayLack = process.env["DOCC_REQUIRE_REAL"] !== "1";

describe.skipIf(identity === undefined && mayLack)(`a registry with HTTPS${why}`, () => {
  const basic = `Basic ${Buffer.from("puller:secret").toString("base64")}`;
  let server: Server;
  let host: string;
  beforeAll(async () => {
    server = createServer(identity ?? {}, (request, response) => {
      const isToken = request.url?.startsWith("/token") === true;
      const { authorization } = request.headers;
      if (isToken && authorization === basic) response.end('{"token":"t"}');
      else if (authorization === "Bearer t") {
        response.writeHead(200, { "docker-content-digest": digestOf(manifest) }).end();
      } else {
        const challenge = `Bearer realm="https://${host}/token",service="registry"`;
        response.writeHead(401, { "www-authenticate": challenge }).end();
      }
    });
    await new Promise<void>((resolve) => void server.listen(0, "localhost", resolve));
    host = `localhost:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const look = async (registries: readonly string[] | undefined) => {
    const edge = openRegistry({
      registries,
      pullSecrets: () => Promise.resolve([pullSecret(host, "puller", "secret")]),
    });
    try {
      return await edge.tag(`${host}/demo/app`, "2017");
    } finally {
      await edge.close();
    }
  };

  it("is not trusted with a certificate of an unknown authority", async () => {
    expect(await look([host])).toEqual({
      state: "unknown",
      code: "registry-unavailable",
      why: "shows a certificate that docc does not trust",
    });
  });

  it("is trusted once its authority is known, and issues tokens itself", async () => {
    const known = getCACertificates("default");
    setDefaultCACertificates([...known, identity?.cert ?? ""]);
    try {
      expect(await look([host])).toEqual({ state: "found", digest: digestOf(manifest) });
      expect(await look(undefined)).toMatchObject({
        why: "is at a private address, and not among the operator's registries",
      });
    } finally {
      setDefaultCACertificates(known);
    }
  });
});

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { describeWith } from "../support/describe-with.ts";

/** Why there is no docker-registry (Debian's package of that name) on this machine, or undefined. */
const absence: string | undefined =
  spawnSync("docker-registry", ["--version"]).status === 0
    ? undefined
    : "docker-registry is not installed: apt-get install docker-registry";

/** A suite that needs the registry; see {@link describeWith}. */
export function describeWithRegistry(name: string, body: () => void): void {
  describeWith(absence, name, body);
}

/** The one login of a registry that wants one. */
export const login = { user: "puller", password: "opensesame" };
/** Its bcrypt hash, the only kind that the registry takes. */
const htpasswd = `${login.user}:$2y$05$abcdefghijklmnopqrstuuQbLfdQZSxZ9gjhA5V9o8Tyc6aQRO0Qi\n`;

export interface DockerRegistry {
  /** `127.0.0.1:port`, as images name it. */
  readonly host: string;
  /** Puts a tiny image there under a tag; images of other contents have other digests. */
  push(name: string, tag: string, content: string): Promise<string>;
  stop(): Promise<void>;
}

/** Debian's registry on loopback, with configuration and data of its own. */
export async function startDockerRegistry(
  options: { readonly wantsLogin?: boolean } = {},
): Promise<DockerRegistry> {
  const folder = await mkdtemp(join(tmpdir(), "docc-registry-"));
  const host = `127.0.0.1:${await freePort()}`;
  const { wantsLogin = false } = options;
  const settings = {
    version: 0.1,
    log: { level: "error", accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: join(folder, "data") } },
    http: { addr: host },
    ...(wantsLogin
      ? { auth: { htpasswd: { realm: "docc's tests", path: join(folder, "htpasswd") } } }
      : {}),
  };
  await writeFile(join(folder, "htpasswd"), htpasswd);
  // JSON is YAML, too.
  await writeFile(join(folder, "config.yml"), JSON.stringify(settings));
  const child = spawn("docker-registry", ["serve", join(folder, "config.yml")], {
    stdio: "ignore",
  });
  const ask = askerOf(host, wantsLogin);
  await isUp(ask, child);
  return {
    host,
    push: async (name, tag, content) => pushImage(ask, { name, tag, content }),
    stop: async () => {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      if (child.exitCode === null && child.kill()) await gone;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

type Asker = (method: string, path: string, body?: string, type?: string) => Promise<Response>;

function askerOf(host: string, wantsLogin: boolean): Asker {
  const basic = Buffer.from(`${login.user}:${login.password}`).toString("base64");
  return (method, path, body, type) =>
    fetch(new URL(path, `http://${host}`), {
      method,
      headers: {
        ...(wantsLogin ? { authorization: `Basic ${basic}` } : {}),
        ...(type === undefined ? {} : { "content-type": type }),
      },
      ...(body === undefined ? {} : { body }),
    });
}

async function isUp(ask: Asker, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 200 && child.exitCode === null; tries += 1) {
    const answer = await ask("GET", "/v2/").catch(() => undefined);
    if (answer?.status === 200) return;
    await pause(50);
  }
  child.kill();
  throw new Error("docker-registry does not start");
}

const digestOf = (text: string): string =>
  `sha256:${createHash("sha256").update(text).digest("hex")}`;

async function pushImage(
  ask: Asker,
  { name, tag, content }: { readonly name: string; readonly tag: string; readonly content: string },
): Promise<string> {
  const config = JSON.stringify({ architecture: "amd64", os: "linux", author: content });
  const started = await ask("POST", `/v2/${name}/blobs/uploads/`);
  const upload = new URL(started.headers.get("location") ?? "", started.url);
  upload.searchParams.set("digest", digestOf(config));
  await ask("PUT", upload.href, config, "application/octet-stream");
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: "application/vnd.docker.distribution.manifest.v2+json",
    config: {
      mediaType: "application/vnd.docker.container.image.v1+json",
      size: Buffer.byteLength(config),
      digest: digestOf(config),
    },
    layers: [],
  });
  const type = "application/vnd.docker.distribution.manifest.v2+json";
  const stored = await ask("PUT", `/v2/${name}/manifests/${tag}`, manifest, type);
  if (stored.status !== 201) throw new Error(`the push of ${tag} ended with ${stored.status}`);
  return digestOf(manifest);
}

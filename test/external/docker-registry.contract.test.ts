import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  describeWithRegistry,
  type DockerRegistry,
  login,
  startDockerRegistry,
} from "./docker-registry.ts";
import { openRegistry, pullSecret } from "./setup.ts";

/** What a registry really answers: the stand-in (stand-in.ts) is held to the same. */
describeWithRegistry("Debian's docker-registry", () => {
  let registry: DockerRegistry;
  let edge: ReturnType<typeof openRegistry>;
  const digests = new Map<string, string>();
  beforeAll(async () => {
    registry = await startDockerRegistry();
    edge = openRegistry({ insecure: [registry.host] });
    for (const tag of ["2016", "2017", "2018", "v1.2.0"]) {
      digests.set(tag, await registry.push("demo/kubecon", tag, tag));
    }
  });
  afterAll(async () => {
    await edge.close();
    await registry.stop();
  });
  const repository = (): string => `${registry.host}/demo/kubecon`;

  it("tells the digest of a tag", async () => {
    const digest = digests.get("2017");
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(await edge.tag(repository(), "2017")).toEqual({ state: "found", digest });
  });

  it("has the digest that a manifest names", async () => {
    const digest = digests.get("2016") ?? "";
    expect(await edge.digest(repository(), digest)).toEqual({ state: "found", digest });
  });

  it("names the nearest tags of one that does not exist", async () => {
    expect(await edge.tag(repository(), "2081")).toEqual({
      state: "missing",
      repositoryExists: true,
      nearest: ["2018", "2017", "2016"],
    });
  });

  it("has not a digest that nobody pushed", async () => {
    const answer = await edge.digest(repository(), `sha256:${"0".repeat(64)}`);
    expect(answer).toEqual({ state: "missing", repositoryExists: true, nearest: [] });
  });

  it("has not a repository that nobody pushed to", async () => {
    const answer = await edge.tag(`${registry.host}/demo/kubekon`, "2017");
    expect(answer).toEqual({ state: "missing", repositoryExists: false, nearest: [] });
  });

  it("sees a moved tag once what was read is five seconds old", async () => {
    let now = 0;
    const later = openRegistry({
      insecure: [registry.host],
      clock: { now: () => now, after: () => () => undefined },
    });
    const before = await registry.push("demo/kubecon", "moving", "one");
    expect(await later.tag(repository(), "moving")).toEqual({ state: "found", digest: before });
    const after = await registry.push("demo/kubecon", "moving", "two");
    now = 4_999;
    expect(await later.tag(repository(), "moving")).toEqual({ state: "found", digest: before });
    now = 5_000;
    expect(await later.tag(repository(), "moving")).toEqual({ state: "found", digest: after });
    await later.close();
  });

  it("looks ten images up side by side", async () => {
    const images = Array.from({ length: 10 }, () => ({
      repository: repository(),
      tag: "2018",
      digest: undefined,
    }));
    const answers = await edge.edge.resolve(images);
    expect(new Set(answers.map(({ state }) => state))).toEqual(new Set(["found"]));
    expect(answers).toHaveLength(10);
  });

  it("is not asked at its private address unless the operator named it", async () => {
    const stranger = openRegistry({});
    expect(await stranger.tag(repository(), "2017")).toMatchObject({
      state: "unknown",
      code: "registry-unavailable",
      why: expect.stringContaining("private address") as string,
    });
    await stranger.close();
  });
});

describeWithRegistry("Debian's docker-registry with a login", () => {
  let registry: DockerRegistry;
  let digest = "";
  beforeAll(async () => {
    registry = await startDockerRegistry({ wantsLogin: true });
    digest = await registry.push("team/app", "1", "one");
  });
  afterAll(() => registry.stop());
  const { user, password } = login;

  describe.each<[name: string, key: (host: string) => string]>([
    ["its host", (host) => host],
    ["a URL", (host) => `http://${host}/v2/`],
    ["the start of the repository's path", (host) => `${host}/team`],
  ])("and a pull secret for %s", (_name, key) => {
    it("tells digests, and what is missing", async () => {
      const edge = openRegistry({
        insecure: [registry.host],
        pullSecrets: () => Promise.resolve([pullSecret(key(registry.host), user, password)]),
      });
      const repository = `${registry.host}/team/app`;
      expect(await edge.tag(repository, "1")).toEqual({ state: "found", digest });
      expect(await edge.tag(repository, "2")).toMatchObject({ nearest: ["1"] });
      await edge.close();
    });
  });

  it.each<[name: string, secrets: (host: string) => readonly string[]]>([
    ["no pull secret", () => []],
    ["a wrong password", (host) => [pullSecret(host, user, "wrong")]],
    ["a pull secret of another registry", () => [pullSecret("example.com", user, password)]],
    ["a pull secret that is no JSON", () => ["{"]],
  ])("does not let docc see the image with %s", async (_name, secrets) => {
    const edge = openRegistry({
      insecure: [registry.host],
      pullSecrets: () => Promise.resolve(secrets(registry.host)),
    });
    expect(await edge.tag(`${registry.host}/team/app`, "1")).toEqual({
      state: "unknown",
      code: "image-unauthorized",
      why: "does not let docc see the image",
    });
    await edge.close();
  });

  it("lets docc in with the second of two pull secrets", async () => {
    const edge = openRegistry({
      insecure: [registry.host],
      pullSecrets: () =>
        Promise.resolve([
          pullSecret(registry.host, user, "old"),
          pullSecret(registry.host, user, password),
        ]),
    });
    expect(await edge.tag(`${registry.host}/team/app`, "1")).toEqual({ state: "found", digest });
    await edge.close();
  });

  it("is asked without a login, and the operator told, when the pull secret cannot be read", async () => {
    const problem = new Error("forbidden");
    const edge = openRegistry({
      insecure: [registry.host],
      pullSecrets: () => Promise.reject(problem),
    });
    expect(await edge.tag(`${registry.host}/team/app`, "1")).toMatchObject({ state: "unknown" });
    expect(edge.errors).toEqual([problem]);
    await edge.close();
  });
});

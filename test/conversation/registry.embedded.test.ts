import { afterAll, beforeAll, expect, it } from "vitest";
import type { SandboxImage } from "../../sandbox/images.ts";
import { deployments, secrets } from "../../src/k8s/kinds.ts";
import {
  describeWithRegistry,
  type DockerRegistry,
  login,
  startDockerRegistry,
} from "../external/docker-registry.ts";
import { pullSecret } from "../external/setup.ts";
import { command, rootSays, say, threadSays, uploadFile } from "./main-job.ts";
import { embeddedWith, openStage, type Stage } from "./stage.ts";

const name = "demo/kubecon";

function manifest(registry: DockerRegistry): string {
  return JSON.stringify({
    application: "kubecon-2017",
    scale: 3,
    maintainer: ["kubecon-team@corp.example.com"],
    containers: {
      kubecon: { image: `${registry.host}/${name}`, image_tag: "2017", ports: [8080] },
    },
  });
}

/** A stage whose registry is Debian's, with the tags 2017 and 2018; the cluster runs what is there. */
async function openRegistryStage(resolve: "require" | "prefer", wantsLogin = false) {
  const registry = await startDockerRegistry({ wantsLogin });
  const digests = new Map<string, string>();
  for (const tag of ["2017", "2018"]) digests.set(tag, await registry.push(name, tag, tag));
  const moved = await registry.push(name, "elsewhere", "moved");
  const repository = `${registry.host}/${name}`;
  const image = (reference: string): SandboxImage => ({
    reference: `${repository}:${reference}`,
    behaviour: { kind: "serves", readyAfterMs: 1_000 },
    logs: [],
  });
  const images = [
    ...[...digests].map(([tag, digest]) => image(`${tag}@${digest}`)),
    image(`2017@${moved}`),
    image("2018"),
  ];
  const settings = {
    registry: { resolve, timeout: "2s" },
    insecure_registries: [registry.host],
    pull_secrets: ["registry-login"],
  };
  const stage = await openStage({ ...embeddedWith(images), settings }, "socket");
  return {
    stage,
    registry,
    digests,
    moved,
    repository,
    close: async () => {
      await stage.close();
      await registry.stop();
    },
  };
}

/** The image that the Deployment asks for; undefined when there is none. */
async function imageOf({ world, apps }: Stage): Promise<string | undefined> {
  const ref = { namespace: apps, name: "kubecon-2017" };
  const found = await world.api.find(deployments, ref);
  return found?.spec?.template.spec?.containers[0]?.image;
}

describeWithRegistry("releases with a registry that is preferred", () => {
  let open: Awaited<ReturnType<typeof openRegistryStage>>;
  beforeAll(async () => {
    open = await openRegistryStage("prefer", true);
    const { stage, registry } = open;
    const text = pullSecret(registry.host, login.user, login.password);
    await stage.world.api.create(secrets, {
      metadata: { name: "registry-login", namespace: stage.apps },
      type: "kubernetes.io/dockerconfigjson",
      data: { ".dockerconfigjson": Buffer.from(text).toString("base64") },
    });
  }, 60_000);
  afterAll(() => open.close(), 60_000);

  it("refuses a tag that does not exist before anything moves, with the nearest ones", async () => {
    const { stage, registry } = open;
    const missing = manifest(registry).replace('"2017"', '"2081"');
    await uploadFile(stage, { name: "kubecon.json", content: missing });
    const release = await stage.ended(1);
    expect(say(release)).toBe("refused: image-not-found");
    const text = await rootSays(stage, 1, /Not deployed/);
    expect(text).toContain("Not deployed: tag 2081 does not exist. Nearest: 2018, 2017.");
    expect(release.status?.plan).toBeUndefined();
    expect(await imageOf(stage)).toBeUndefined();
  });

  it("deploys the digest of a tag, seen with the pull secret", async () => {
    const { stage, registry, repository, digests } = open;
    await uploadFile(stage, { name: "kubecon.json", content: manifest(registry) });
    const release = await stage.ended(2);
    expect(say(release)).toBe("succeeded");
    const image = `${repository}:2017@${digests.get("2017") ?? ""}`;
    expect(await imageOf(stage)).toBe(image);
    expect(release.status?.plan?.objects, "what a rollback applies again").toContain(image);
    expect(release.status?.plan).toMatchObject({ from: "", to: "2017", warnings: [] });
    await rootSays(stage, 2, /2017 is live in production\. 3 of 3 ready and stable/);
  });

  it("leaves what runs untouched when a command names a tag that does not exist", async () => {
    const { stage } = open;
    const before = await imageOf(stage);
    await command(stage, "/docc deploy kubecon-2017 tag=2019");
    expect(say(await stage.ended(3))).toBe("refused: image-not-found");
    await rootSays(stage, 3, /Not deployed: tag 2019 does not exist\. Nearest: 2018, 2017\./);
    expect(await imageOf(stage)).toBe(before);
  });

  it("says that a tag is another image than the one that runs", async () => {
    const { stage, registry, repository, moved } = open;
    // The tag moves, and what docc read of it is older than it may be.
    expect(await registry.push(name, "2017", "moved")).toBe(moved);
    await new Promise((resolve) => setTimeout(resolve, 5_100));
    await command(stage, "/docc deploy kubecon-2017 tag=2017");
    const release = await stage.ended(4);
    expect(say(release)).toBe("succeeded");
    expect(await imageOf(stage)).toBe(`${repository}:2017@${moved}`);
    expect(release.status?.plan).toMatchObject({
      from: "2017",
      to: "2017",
      risks: ["tag 2017 is another image than the one that runs"],
    });
    await threadSays(stage, 4, /^Known risk: tag 2017 is another image than the one that runs\.$/m);
  });

  it("keeps the image that runs while the registry is down and only the scale changes", async () => {
    const { stage, registry, repository, moved } = open;
    await registry.stop();
    await new Promise((resolve) => setTimeout(resolve, 5_100));
    await command(stage, "/docc deploy kubecon-2017 scale=2");
    const release = await stage.ended(5);
    expect(say(release)).toBe("succeeded");
    expect(await imageOf(stage)).toBe(`${repository}:2017@${moved}`);
    await threadSays(
      stage,
      5,
      /Warning: 127\.0\.0\.1:\d+ cannot be reached; tag 2017 stays the image that runs\./,
    );
  });

  it("deploys another tag as it is while the registry is down, and warns", async () => {
    const { stage, repository } = open;
    await command(stage, "/docc deploy kubecon-2017 tag=2018");
    const release = await stage.ended(6);
    expect(say(release)).toBe("succeeded");
    expect(await imageOf(stage)).toBe(`${repository}:2018`);
    await threadSays(
      stage,
      6,
      /Warning: 127\.0\.0\.1:\d+ cannot be reached; tag 2018 is deployed without a look at it\./,
    );
  });
});

describeWithRegistry("releases with a registry that is required", () => {
  let open: Awaited<ReturnType<typeof openRegistryStage>>;
  beforeAll(async () => {
    open = await openRegistryStage("require");
  }, 60_000);
  afterAll(() => open.close(), 60_000);

  it("deploys by digest while it answers", async () => {
    const { stage, registry, repository, digests } = open;
    await uploadFile(stage, { name: "kubecon.json", content: manifest(registry) });
    expect(say(await stage.ended(1))).toBe("succeeded");
    expect(await imageOf(stage)).toBe(`${repository}:2017@${digests.get("2017") ?? ""}`);
  });

  it("refuses a deploy while it is down, and nothing moves", async () => {
    const { stage, registry } = open;
    const before = await imageOf(stage);
    await registry.stop();
    await command(stage, "/docc deploy kubecon-2017 tag=2018");
    expect(say(await stage.ended(2))).toBe("refused: registry-unavailable");
    const text = await rootSays(stage, 2, /Not deployed/);
    expect(text).toMatch(
      /Not deployed: 127\.0\.0\.1:\d+ cannot be reached, and tag 2018 must be looked up here\./,
    );
    expect(text).toContain("Next: deploy again when the registry answers.");
    expect(await imageOf(stage)).toBe(before);
  });
});

import { expect } from "vitest";
import type { SandboxImage } from "../../sandbox/images.ts";
import { describeWithRegistry, startDockerRegistry } from "../external/docker-registry.ts";
import { promotionJob } from "./promotion.ts";
import { embeddedWith } from "./stage.ts";

const name = "demo/kubecon";

describeWithRegistry("with a registry that is required", () => {
  promotionJob("embedded cluster", async () => {
    const registry = await startDockerRegistry();
    const repository = `${registry.host}/${name}`;
    const digests = new Map<string, string>();
    for (const tag of ["2016", "2017"]) digests.set(tag, await registry.push(name, tag, tag));
    const moved = await registry.push(name, "elsewhere", "moved");
    const imageOf = (tag: string): string => `${repository}:${tag}@${digests.get(tag) ?? ""}`;
    // What the moved tag means is not there to run: bringing it along would fail.
    const images = [...digests.keys()].map((tag): SandboxImage => ({
      reference: imageOf(tag),
      behaviour: { kind: "serves", readyAfterMs: 1_000 },
      logs: [],
    }));
    const settings = {
      registry: { resolve: "require", timeout: "2s" },
      insecure_registries: [registry.host],
    };
    return {
      target: { ...embeddedWith(images), settings },
      repository,
      imageOf,
      moveTag: async () => {
        expect(await registry.push(name, "2016", "moved")).toBe(moved);
      },
      close: () => registry.stop(),
    };
  });
});

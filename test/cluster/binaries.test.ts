import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { buildArguments, cacheFolder, findBinaries, programs } from "./binaries.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "docc-binaries-"));
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

async function install(names: readonly string[]): Promise<void> {
  for (const name of names) {
    await writeFile(path.join(folder, name), "");
    await chmod(path.join(folder, name), 0o755);
  }
}

it("KUBEBUILDER_ASSETS comes before the cache", async () => {
  await install(programs);
  const { program } = await findBinaries({ KUBEBUILDER_ASSETS: folder, XDG_CACHE_HOME: "/none" });
  expect(program["kube-apiserver"]).toBe(path.join(folder, "kube-apiserver"));
});

it("an incomplete KUBEBUILDER_ASSETS is named with what it lacks", async () => {
  await install(programs.filter((name) => name !== "etcd" && name !== "kubectl"));
  await expect(findBinaries({ KUBEBUILDER_ASSETS: folder })).rejects.toThrow(
    "KUBEBUILDER_ASSETS lacks etcd, kubectl",
  );
});

it("an empty cache says how to fill it", async () => {
  await expect(findBinaries({ XDG_CACHE_HOME: folder })).rejects.toThrow(
    "not built; run `npm run cluster -- build`",
  );
});

it("the cache folder is under XDG_CACHE_HOME, by a hash of the sources", async () => {
  const cache = await cacheFolder({ XDG_CACHE_HOME: folder });
  expect(path.dirname(cache)).toBe(path.join(folder, "docc", "control-plane"));
  expect(path.basename(cache)).toMatch(/^[0-9a-f]{16}$/);
});

it("the programs are built to know their version", () => {
  const [, , , flags] = buildArguments("1.35.4");
  expect(flags).toContain("-X k8s.io/component-base/version.gitVersion=v1.35.4");
  expect(flags).toContain("-X k8s.io/component-base/version.gitMinor=35");
});

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { buildArguments, crdsFolder, findBinaries, programs, programsFolder } from "./binaries.ts";
import { crdFiles } from "./third-party.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "docc-binaries-"));
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

async function install(names: readonly string[], place = folder): Promise<void> {
  await mkdir(place, { recursive: true });
  for (const name of names) await writeFile(path.join(place, name), "", { mode: 0o755 });
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

it("programs and CRDs are cached apart, each by a hash of what pins them", async () => {
  const env = { XDG_CACHE_HOME: folder };
  const caches = [await programsFolder(env), await crdsFolder(env)];
  expect(caches.map((cache) => path.dirname(cache))).toEqual([
    path.join(folder, "docc", "control-plane"),
    path.join(folder, "docc", "crds"),
  ]);
  for (const cache of caches) expect(path.basename(cache)).toMatch(/^[0-9a-f]{16}$/);
});

it("programs without the CRDs of today are as good as not built", async () => {
  const env = { XDG_CACHE_HOME: folder };
  await install(programs, await programsFolder(env));
  await expect(findBinaries(env)).rejects.toThrow("run `npm run cluster -- build`");
  await install(crdFiles, await crdsFolder(env));
  expect((await findBinaries(env)).crds).toHaveLength(crdFiles.length);
});

it("the programs are built to know their version", () => {
  const [, , , flags] = buildArguments("1.35.4");
  expect(flags).toContain("-X k8s.io/component-base/version.gitVersion=v1.35.4");
  expect(flags).toContain("-X k8s.io/component-base/version.gitMinor=35");
});

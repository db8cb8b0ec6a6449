import { access, constants, readFile } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { certManager, crdFiles, crdModules, keyOf, pinsOf } from "./third-party.ts";

/** The Go module that pins every program the rig runs. */
export const controlPlaneModule = path.join(import.meta.dirname, "control-plane");

/** Programs that a control plane needs, by the names that controller-runtime's envtest uses too. */
export const programs = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kubectl",
] as const;
export type Program = (typeof programs)[number];

export interface Binaries {
  /** Absolute path of each program. */
  readonly program: Readonly<Record<Program, string>>;
  /** Absolute paths of third parties' CRD files. */
  readonly crds: readonly string[];
}

/** Thrown when no folder holds the programs; `message` tells what to run. */
export class BinariesMissing extends Error {
  override readonly name = "BinariesMissing";
}

/**
 * Finds the programs: the folder `KUBEBUILDER_ASSETS` when it is set (envtest's own convention),
 * else docc's build cache. The third parties' CRDs are in docc's cache alone, so with
 * `KUBEBUILDER_ASSETS` they may be absent.
 */
export async function findBinaries(env: NodeJS.ProcessEnv = process.env): Promise<Binaries> {
  const assets = env["KUBEBUILDER_ASSETS"];
  const program = programPaths(assets ?? (await programsFolder(env)));
  const missing = await unreadable(Object.values(program), constants.X_OK);
  if (missing.length > 0 && assets !== undefined) {
    const names = missing.map((file) => path.basename(file));
    throw new BinariesMissing(`KUBEBUILDER_ASSETS lacks ${names.join(", ")}`);
  }
  const folder = await crdsFolder(env);
  const crds = crdFiles.map((name) => path.join(folder, name));
  const absent = await unreadable(crds, constants.R_OK);
  if (assets === undefined && missing.length + absent.length > 0) {
    throw new BinariesMissing("not built; run `npm run cluster -- build`");
  }
  return { program, crds: crds.filter((file) => !absent.includes(file)) };
}

/** `${XDG_CACHE_HOME:-~/.cache}/docc`: what the rig may throw away at any time. */
export function cacheRoot(env: NodeJS.ProcessEnv = process.env): string {
  return path.join(env["XDG_CACHE_HOME"] ?? path.join(homedir(), ".cache"), "docc");
}

/** The programs' cache folder, of exactly these sources: a new pin or flag gets a new folder. */
export async function programsFolder(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const key = keyOf([
    await pinsOf(controlPlaneModule),
    // Its CRDs once lay beside the programs. Without it every machine would build for minutes to
    // get the same programs; leave it out when the next Kubernetes has to be built anyway.
    await pinsOf(certManager.pin),
    buildArguments(await kubernetesVersion()).join("\0"),
  ]);
  return path.join(cacheRoot(env), "control-plane", key);
}

/** The cache folder of the third parties' CRDs, apart from the programs: a new pin builds nothing. */
export async function crdsFolder(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const pins = await Promise.all(crdModules.map(({ pin }) => pinsOf(pin)));
  return path.join(cacheRoot(env), "crds", keyOf([...pins, ...crdFiles]));
}

/** The pinned version without its `v`, for example `1.35.4`. */
export async function kubernetesVersion(): Promise<string> {
  const goMod = await readFile(path.join(controlPlaneModule, "go.mod"), "utf8");
  const version = /^\s*k8s\.io\/kubernetes v(\S+)/m.exec(goMod)?.[1];
  if (version === undefined)
    throw new Error("go.mod of the control plane pins no k8s.io/kubernetes");
  return version;
}

/**
 * Arguments of `go` that build every tool of the module, less the output folder. A plain build says
 * "v0.0.0-master", and clients then refuse features by version, so the linker sets it as upstream does.
 */
export function buildArguments(version: string): string[] {
  const [major = "", minor = ""] = version.split(".");
  const settings = [
    `k8s.io/component-base/version.gitVersion=v${version}`,
    `k8s.io/component-base/version.gitMajor=${major}`,
    `k8s.io/component-base/version.gitMinor=${minor}`,
    `k8s.io/client-go/pkg/version.gitVersion=v${version}`,
  ];
  const ldflags = ["-s", "-w", ...settings.flatMap((setting) => ["-X", setting])];
  return ["build", "-trimpath", "-ldflags", ldflags.join(" ")];
}

function programPaths(folder: string): Record<Program, string> {
  const at = (name: Program): string => path.join(folder, name);
  return {
    etcd: at("etcd"),
    "kube-apiserver": at("kube-apiserver"),
    "kube-controller-manager": at("kube-controller-manager"),
    "kube-scheduler": at("kube-scheduler"),
    kubectl: at("kubectl"),
  };
}

async function unreadable(files: readonly string[], mode: number): Promise<string[]> {
  const checks = files.map(async (file) => {
    const ok = await access(file, mode).then(
      () => true,
      () => false,
    );
    return ok ? [] : [file];
  });
  return (await Promise.all(checks)).flat();
}

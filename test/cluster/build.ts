import { spawn } from "node:child_process";
import { access, copyFile, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import path from "node:path";
import {
  type Binaries,
  buildArguments,
  controlPlaneModule,
  crdsFolder,
  findBinaries,
  kubernetesVersion,
  programsFolder,
} from "./binaries.ts";
import { crdModules } from "./third-party.ts";

type Say = (line: string) => void;

/**
 * Fills the cache with what it lacks: third parties' CRDs out of their Go modules, and the control
 * plane built from its own. Programs that `KUBEBUILDER_ASSETS` names are taken as they are.
 */
export async function buildBinaries(say: Say): Promise<Binaries> {
  if (process.env["KUBEBUILDER_ASSETS"] === undefined) {
    await fill(await crdsFolder(), say, fetchCrds);
    await fill(await programsFolder(), say, compile);
  }
  return findBinaries();
}

/**
 * Makes a folder of the cache unless it is there. It appears whole or not at all, so a broken or
 * concurrent build leaves nothing half made.
 */
async function fill(
  target: string,
  say: Say,
  make: (folder: string, say: Say) => Promise<void>,
): Promise<void> {
  if (await exists(target)) return;
  await mkdir(path.dirname(target), { recursive: true });
  const scratch = await mkdtemp(`${target}.building-`);
  try {
    await make(scratch, say);
    await rename(scratch, target);
  } catch (error) {
    await rm(scratch, { recursive: true, force: true });
    if (!isErrorWithCode(error, "ENOTEMPTY", "EEXIST")) throw error;
    say("another build finished first; using its result");
  }
}

async function exists(folder: string): Promise<boolean> {
  return access(folder).then(
    () => true,
    () => false,
  );
}

async function compile(folder: string, say: Say): Promise<void> {
  const version = await kubernetesVersion();
  say(`building Kubernetes ${version} and etcd from source (minutes the first time)`);
  const started = performance.now();
  const pulse = setInterval(() => say(`  still building, ${seconds(started)} s`), 30_000);
  try {
    await go([...buildArguments(version), "-o", `${folder}/`, "tool"], controlPlaneModule);
  } finally {
    clearInterval(pulse);
  }
  // Go names a program after its package's folder, which for etcd is "server".
  await rename(path.join(folder, "server"), path.join(folder, "etcd"));
  say(`built in ${seconds(started)} s`);
}

async function fetchCrds(folder: string, say: Say): Promise<void> {
  for (const { pin, source, files } of crdModules) {
    say(`fetching the CRDs of ${path.basename(pin)}`);
    const { Dir } = JSON.parse(await go(["mod", "download", "-json"], pin)) as { Dir: string };
    for (const name of files) await copyFile(path.join(Dir, source, name), path.join(folder, name));
  }
}

/** Runs `go` without C and returns what it prints; its complaints go to our standard error. */
async function go(args: readonly string[], cwd: string): Promise<string> {
  const child = spawn("go", args, {
    cwd,
    env: { ...process.env, CGO_ENABLED: "0" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", (error) => {
      reject(isErrorWithCode(error, "ENOENT") ? new Error(goMissing, { cause: error }) : error);
    });
    child.once("close", resolve);
  });
  if (code !== 0) throw new Error(`go ${args[0] ?? ""} ended with code ${code ?? "none"}`);
  return output;
}

const goMissing =
  "The real control plane is built from source, and `go` is not on the PATH. Install Go 1.25 or " +
  "newer (https://go.dev/dl), or point KUBEBUILDER_ASSETS at a folder with the programs.";

const seconds = (since: number): string => ((performance.now() - since) / 1_000).toFixed(0);

function isErrorWithCode(error: unknown, ...codes: readonly string[]): boolean {
  return (
    error instanceof Error &&
    "code" in error &&
    typeof error.code === "string" &&
    codes.includes(error.code)
  );
}

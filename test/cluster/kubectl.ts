import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";

interface KubectlResult {
  /** The exit code; 128 + 9 when it was killed by the signal of the caller. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface KubectlOptions {
  /** What it reads from standard input, for `-f -`. */
  readonly input?: string;
  readonly signal?: AbortSignal;
  /** Told of what it prints, as it comes: for commands that go on, such as `logs --follow`. */
  readonly onOutput?: (text: string) => void;
}

/** Runs kubectl; a failure is an exit code, never a throw. */
export type Kubectl = (args: readonly string[], options?: KubectlOptions) => Promise<KubectlResult>;

/** `program` against one kubeconfig, its discovery cache in `cacheFolder`. */
export function kubectlFor(program: string, kubeconfigPath: string, cacheFolder: string): Kubectl {
  return async (args, options = {}) => {
    const child = spawn(program, [`--cache-dir=${cacheFolder}`, ...args], {
      env: { PATH: process.env["PATH"] ?? "", KUBECONFIG: kubeconfigPath },
      stdio: ["pipe", "pipe", "pipe"],
    });
    const kill = (): void => void child.kill("SIGKILL");
    options.signal?.addEventListener("abort", kill, { once: true });
    if (options.signal?.aborted === true) kill();
    // It may end before it has read everything; its exit code then says why.
    child.stdin.on("error", () => undefined).end(options.input ?? "");
    const code = new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (status) => resolve(status ?? 137));
    });
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => options.onOutput?.(chunk));
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    options.signal?.removeEventListener("abort", kill);
    return { code: await code, stdout, stderr };
  };
}

import { spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import type { FakeSlack } from "../sandbox/slack/fake-slack.ts";

/** As `npm start` and docs/install.md start docc: it idles most of its life, so memory counts most. */
export const lean = {
  flags: ["--max-semi-space-size=1", "--heap-growing-percent=20"],
  env: { MALLOC_ARENA_MAX: "1" },
} as const;

export interface BenchedDocc {
  /** From the start of the process to "docc is ready" (Slack connected, records synced). */
  readonly readyMs: number;
  /** Megabytes (10^6 bytes) that the kernel counts as resident now: VmRSS of proc(5). */
  rssMb(): Promise<number>;
  /** The most that was resident at once since the start, or since the peak was forgotten: VmHWM of proc(5). */
  peakMb(): Promise<number>;
  forgetPeak(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * docc as it is installed, in a process of its own; resolves when it is ready.
 * @param program a file that Node runs
 * @param config path of a docc.yaml
 */
export async function startProcess(
  program: string,
  config: string,
  kubeconfigPath: string,
  { credentials, apiUrl }: FakeSlack,
): Promise<BenchedDocc> {
  const started = performance.now();
  const child = spawn(process.execPath, [...lean.flags, program], {
    env: {
      ...lean.env,
      PATH: process.env["PATH"],
      DOCC_CONFIG: config,
      KUBECONFIG: kubeconfigPath,
      SLACK_API_URL: apiUrl,
      SLACK_BOT_TOKEN: credentials.botToken,
      SLACK_APP_TOKEN: credentials.appToken,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = new Promise((resolve) => child.once("exit", resolve));
  const ready = new Promise<void>((resolve, reject) => {
    // Read to its end: a full pipe would hold the process up.
    child.stdout.on("data", (chunk: Buffer) => {
      if (chunk.toString().includes("docc is ready")) resolve();
    });
    child.once("exit", () => reject(new Error("docc ended before it was ready")));
  });
  await ready;
  const proc = `/proc/${child.pid ?? 0}`;
  const megabytes = async (field: RegExp): Promise<number> =>
    (Number(field.exec(await readFile(`${proc}/status`, "utf8"))?.[1]) * 1_024) / 1_000_000;
  return {
    readyMs: performance.now() - started,
    rssMb: () => megabytes(/VmRSS:\s+(\d+)/),
    peakMb: () => megabytes(/VmHWM:\s+(\d+)/),
    forgetPeak: () => writeFile(`${proc}/clear_refs`, "5"),
    stop: async () => {
      child.kill("SIGTERM");
      await exited;
    },
  };
}

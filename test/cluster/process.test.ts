import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Service, startService, waitUntil } from "./process.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "docc-process-"));
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

const shell = async (script: string): Promise<Service> =>
  startService({
    name: "sh",
    command: "/bin/sh",
    args: ["-c", script],
    cwd: folder,
    logPath: path.join(folder, "log"),
  });

async function untilLogHas(text: string): Promise<string> {
  const file = path.join(folder, "log");
  const read = async (): Promise<string> => readFile(file, "utf8").catch(() => "");
  await waitUntil(`"${text}" in the log`, async () => (await read()).includes(text), [], 10_000);
  return read();
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe("a service", () => {
  it("ends with its program's own code", async () => {
    const service = await shell("exit 7");
    expect(await service.ended).toBe(7);
  });

  it("lets its program end in its own way when it is stopped", async () => {
    const service = await shell(
      'trap "echo bye; exit 3" TERM; echo up; while :; do sleep 0.05; done',
    );
    await untilLogHas("up");
    await service.stop(5_000);
    expect(await service.ended).toBe(3);
    await untilLogHas("bye");
  });

  it("is killed when its program does not heed SIGTERM", async () => {
    const service = await shell('trap "" TERM; echo "pid $$"; while :; do sleep 0.05; done');
    const pid = Number(/pid (\d+)/.exec(await untilLogHas("pid"))?.[1]);
    await service.stop(200);
    await waitUntil("the program's end", async () => !isAlive(pid), [], 5_000);
  });

  it("does not outlive the process that started it, even when that is killed", async () => {
    const module = path.join(import.meta.dirname, "process.ts");
    const args = ["-c", 'echo "pid $$"; exec sleep 600'];
    const options = { name: "sh", command: "/bin/sh", args, cwd: folder };
    const script = `
      const { startService } = await import(${JSON.stringify(module)});
      await startService({ ...${JSON.stringify(options)}, logPath: "log" });
      setInterval(() => undefined, 1_000);
    `;
    const parent = spawn(process.execPath, ["--input-type=module", "-e", script], {
      cwd: folder,
      stdio: "inherit",
    });
    const pid = Number(/pid (\d+)/.exec(await untilLogHas("pid"))?.[1]);
    expect(isAlive(pid)).toBe(true);
    parent.kill("SIGKILL");
    await once(parent, "exit");
    await waitUntil("the program's end", async () => !isAlive(pid), [], 5_000);
  });
});

describe("waiting for services", () => {
  it("fails at once when one of them ends, and quotes its last lines", async () => {
    const service = await shell("echo first; echo 'bind: address already in use' >&2; exit 2");
    const waiting = waitUntil("readiness", async () => false, [service], 5_000);
    await expect(waiting).rejects.toThrow(
      /^sh ended with code 2\. Its last lines:\nfirst\nbind: address already in use$/,
    );
  });

  it("says what did not come about in time", async () => {
    const waiting = waitUntil("the moon's fall", async () => false, [], 100);
    await expect(waiting).rejects.toThrow("the moon's fall was not so after 0.1 s");
  });
});

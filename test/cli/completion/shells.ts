import { execFile, spawnSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { expect } from "vitest";
import { main } from "../../../src/cli/main.ts";
import { describeWith } from "../../support/describe-with.ts";
import { speakingIo } from "../io.ts";

const run = promisify(execFile);

/** A shell that completes for somebody. */
export interface Shell {
  readonly name: "bash" | "zsh" | "fish";
  /** A script of the shell's own that types the lines one after another. */
  readonly typing: string;
  /** Its options, so that nobody's configuration counts. */
  readonly options: readonly string[];
}

const here = (name: string): string => new URL(name, import.meta.url).pathname;

export const bash: Shell = { name: "bash", typing: here("type.bash"), options: ["--norc"] };
export const zsh: Shell = { name: "zsh", typing: here("type.zsh"), options: ["-f"] };
export const fish: Shell = { name: "fish", typing: here("type.fish"), options: ["--no-config"] };
export const shells: readonly Shell[] = [bash, zsh, fish];

/** A suite that needs a shell; see {@link describeWith}. */
export function describeWithShell(name: string, { name: shell }: Shell, body: () => void): void {
  const isThere = spawnSync(shell, ["-c", "true"]).status === 0;
  describeWith(
    isThere ? undefined : `${shell} is not installed: apt-get install ${shell}`,
    name,
    body,
  );
}

/** Somebody at a shell that has docc's completion, and a `docc` of the test's own. */
export interface Desk {
  /** The folder that is the shell's home, and where it works. */
  readonly home: string;
  /** What the shell makes of each line when Tab is pressed at its end: see the typing scripts. */
  press(...lines: readonly string[]): Promise<readonly string[]>;
  /** How the `docc` on the PATH was called since the desk was opened. */
  calls(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** @param program a shell script's lines that stand in for docc, or call it */
export async function openDesk({ name, typing, options }: Shell, program: string): Promise<Desk> {
  const folder = await mkdtemp(path.join(tmpdir(), `docc-${name}-`));
  const script = path.join(folder, "completion");
  await writeFile(script, await scriptOf(name));
  const bin = path.join(folder, "bin");
  await mkdir(bin);
  const calls = path.join(folder, "calls");
  await writeFile(path.join(bin, "docc"), `#!/bin/sh\necho "$*" >> ${calls}\n${program}\n`);
  await chmod(path.join(bin, "docc"), 0o755);
  await writeFile(calls, "");
  const home = path.join(folder, "home");
  await mkdir(home);
  return {
    home,
    press: async (...lines) => {
      const { stdout } = await run(name, [...options, typing, script, ...lines], {
        cwd: home,
        env: {
          ...process.env,
          HOME: home,
          XDG_CONFIG_HOME: home,
          XDG_DATA_HOME: home,
          TERM: "xterm",
          PATH: `${bin}:${process.env["PATH"] ?? ""}`,
        },
        timeout: 50_000,
      });
      return stdout.split("\n").slice(0, -1);
    },
    calls: async () => (await readFile(calls, "utf8")).split("\n").slice(0, -1),
    close: () => rm(folder, { recursive: true }),
  };
}

/** What `docc completion` prints. */
export async function scriptOf(shell: string): Promise<string> {
  let script = "";
  const io = speakingIo({
    stdout: (text) => {
      script += text;
    },
    stderr: (text) => expect.fail(text),
  });
  const status = await main(["completion", shell], io);
  expect(status).toBe(0);
  return script;
}

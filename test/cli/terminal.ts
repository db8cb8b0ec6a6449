import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Io } from "../../src/cli/io.ts";
import { main } from "../../src/cli/main.ts";
import type { Stage } from "../conversation/stage.ts";
import { speakingIo } from "./io.ts";

/** How one run of `docc` ended. */
interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A run that may still go on. */
interface Run {
  readonly ended: () => Ended | undefined;
  readonly interrupt: () => void;
  readonly so: () => string;
}

/** Who types `docc` with the stage's kubeconfig. */
export interface Terminal {
  readonly folder: string;
  start(isTerminal: boolean, argv: readonly string[], typed?: string): Run;
  end(run: Run): Promise<Ended>;
  docc(...argv: readonly string[]): Promise<Ended>;
  close(): Promise<void>;
}

/**
 * A terminal on a stage; its kubeconfig is KUBECONFIG until it is closed.
 * @param kubeconfig of who types, where that is not the stage's own
 */
export async function openTerminal(
  stage: Stage,
  kubeconfig: Stage["cluster"]["kubeconfig"] = stage.cluster.kubeconfig,
): Promise<Terminal> {
  const folder = await mkdtemp(path.join(tmpdir(), "docc-terminal-"));
  const before = process.env["KUBECONFIG"];
  const { path: file = path.join(folder, "config"), text } = kubeconfig;
  if (text !== undefined) await writeFile(file, text);
  process.env["KUBECONFIG"] = file;
  const end: Terminal["end"] = (run) => stage.until("docc ends", run.ended);
  const start: Terminal["start"] = (isTerminal, argv, typed) => {
    const said = { stdout: "", stderr: "" };
    let stop = (): void => undefined;
    let ended: Ended | undefined;
    let failure: unknown;
    const io = ioOf(said, { isTerminal, typed, onStop: (hook) => void (stop = hook) });
    main([...argv, "-n", stage.home], io).then(
      (status) => {
        ended = { status, ...said };
      },
      (error: unknown) => {
        failure = error;
      },
    );
    return {
      ended: () => {
        if (failure !== undefined) throw new Error("docc broke", { cause: failure });
        return ended;
      },
      interrupt: () => stop(),
      so: () => said.stdout,
    };
  };
  return {
    folder,
    start,
    end,
    docc: (...argv) => end(start(false, argv)),
    close: async () => {
      if (before === undefined) delete process.env["KUBECONFIG"];
      else process.env["KUBECONFIG"] = before;
      await rm(folder, { recursive: true });
    },
  };
}

function ioOf(
  said: { stdout: string; stderr: string },
  rest: {
    readonly isTerminal: boolean;
    readonly typed: string | undefined;
    readonly onStop: (hook: () => void) => void;
  },
): Io {
  const { isTerminal, typed, onStop } = rest;
  return speakingIo({
    stdout: (text) => {
      said.stdout += text;
    },
    stderr: (text) => {
      said.stderr += text;
    },
    readFile: (file) => readFile(file),
    ...(typed === undefined ? {} : { line: () => Promise.resolve(typed) }),
    isTerminal,
    hasColours: isTerminal,
    onInterrupt: (hook) => {
      onStop(hook);
      return () => undefined;
    },
  });
}

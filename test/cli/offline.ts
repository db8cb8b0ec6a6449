import { main } from "../../src/cli/main.ts";
import { speakingIo } from "./io.ts";

/** How one run of docc ended without a cluster: there is no kubeconfig, and no file but those given. */
export async function offline(
  argv: readonly string[],
  files: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number; readonly stdout: string; readonly stderr: string }> {
  const said = { stdout: "", stderr: "" };
  const io = speakingIo({
    stdout: (text) => void (said.stdout += text),
    stderr: (text) => void (said.stderr += text),
    readFile: (name) => {
      const text = files[name];
      return text === undefined
        ? Promise.reject(Object.assign(new Error("secret"), { code: "ENOENT" }))
        : Promise.resolve(new TextEncoder().encode(text));
    },
    folder: () => "shop",
  });
  const before = process.env["KUBECONFIG"];
  process.env["KUBECONFIG"] = "/nowhere/config";
  try {
    return { status: await main(argv, io), ...said };
  } finally {
    if (before === undefined) delete process.env["KUBECONFIG"];
    else process.env["KUBECONFIG"] = before;
  }
}

/** What docc says on standard error, with 2 and nothing else. */
export async function refusalOf(argv: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await offline(argv);
  if (status !== 2 || stdout !== "") throw new Error(`${status}: ${stdout}`);
  return stderr;
}

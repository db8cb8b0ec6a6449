import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import type { CliCommand } from "../../../src/cli/command.ts";
import { complete, offered, placeIn } from "../../../src/cli/complete.ts";
import { factsOf } from "../../../src/cli/completion/facts.ts";
import { scriptOf } from "./shells.ts";

const run = promisify(execFile);
const nothing = () => Promise.reject(new Error("unused"));

async function ask(...words: readonly string[]) {
  const said = { stdout: "", stderr: "" };
  const status = await complete(words, {
    stdout: (text) => {
      said.stdout += text;
    },
    stderr: (text) => {
      said.stderr += text;
    },
    readFile: nothing,
    stdin: nothing,
    line: nothing,
    writeFile: nothing,
    folder: () => "",
    isTerminal: false,
    onInterrupt: () => () => undefined,
  });
  return { status, ...said };
}

describe("docc __complete", () => {
  it("knows where the half-written line would go", () => {
    expect(placeIn(["deploy", "-n", "docc-2", "--context=there", "in=staging"])).toEqual({
      namespace: "docc-2",
      context: "there",
      environment: "staging",
    });
    expect(placeIn(["deploy", "in=", "-n"])).toEqual({ namespace: "docc", context: undefined });
  });

  it("offers names that a shell takes as they are, once each", () => {
    const names = ["shop", "a b", "$(x)", "`x`", "shop", "web.2", "-x", "", "\u001b[2J", "api"];
    expect(offered(names)).toEqual(["api", "shop", "web.2"]);
  });

  it("says nothing at all where there is no cluster, or none that answers", async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "docc-complete-"));
    const before = process.env["KUBECONFIG"];
    // Takes connections, and says nothing on them.
    const server = createServer();
    await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    try {
      process.env["KUBECONFIG"] = path.join(folder, "config");
      expect(await ask("@apps", "deploy")).toEqual({ status: 0, stdout: "", stderr: "" });
      await writeFile(path.join(folder, "config"), kubeconfig(`https://127.0.0.1:${port}`));
      const start = performance.now();
      const argv = ["src/cli/bin.ts", "__complete", "@apps", "deploy"];
      const { stdout, stderr } = await run(process.execPath, argv);
      expect({ stdout, stderr }).toEqual({ stdout: "", stderr: "" });
      expect(performance.now() - start).toBeLessThan(6_000);
    } finally {
      server.close();
      if (before === undefined) delete process.env["KUBECONFIG"];
      else process.env["KUBECONFIG"] = before;
      await rm(folder, { recursive: true });
    }
  });

  it("answers nothing that it is not made for", async () => {
    expect(await ask()).toEqual({ status: 0, stdout: "", stderr: "" });
    expect(await ask("@secrets", "deploy")).toEqual({ status: 0, stdout: "", stderr: "" });
  });
});

function kubeconfig(server: string): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "c", cluster: { server } }],
    users: [{ name: "u", user: { token: "t" } }],
    contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
    "current-context": "x",
  });
}

const tidy: CliCommand = {
  name: "tidy",
  usage: "[APP]",
  summary: "Tidy it's all",
  details: [],
  examples: [],
  options: {
    output: { values: ["table", "json"], short: "o", about: "how" },
    wait: { values: "DURATION", isOptional: true, about: "how long" },
    file: { values: "FILE", about: "which" },
    yes: { values: [], about: "sure" },
  },
  takes: {
    words: ["apps", ["now", "later"]],
    rest: "files",
    keys: { in: { values: "environments", about: "where" }, "env.": { values: "text" } },
  },
  run: () => Promise.resolve(0),
};

describe("the facts of a completion", () => {
  it("are those of the declarations", () => {
    const { known, explained } = factsOf([tidy], ["codes"]);
    const lines = known.map(({ about, words }) => `${about}: ${words.join(" ")}`);
    expect(lines).toMatchInlineSnapshot(`
      [
        "commands: tidy help",
        "options: --help --version",
        "help 1: tidy codes",
        "tidy options: --output -o --wait --file --yes --help -h",
        "tidy valued: --output -o --file",
        "tidy --output: table json",
        "tidy -o: table json",
        "tidy --file: @files",
        "tidy 1: @apps",
        "tidy 2: now later",
        "tidy rest: @files",
        "tidy keys: in= env.",
        "tidy in=: @environments",
      ]
    `);
    expect(Object.fromEntries(explained)).toEqual({
      help: "Show all commands, or how to use one",
      tidy: "Tidy it's all",
      "tidy in=": "where",
    });
  });

  it("hold no word that a shell would not take as it is", () => {
    const odd = { ...tidy, takes: { words: [["$(x)"]] } };
    expect(() => factsOf([odd], [])).toThrow(RangeError);
  });

  it("stand in every script, with every command", async () => {
    for (const shell of ["bash", "zsh", "fish"]) {
      const script = await scriptOf(shell);
      for (const word of ["update", "completion", "json yaml", "@environments", "emergency="]) {
        expect(script, shell).toContain(word);
      }
      expect(script).not.toContain("undefined");
    }
  });
});

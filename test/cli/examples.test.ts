import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Io } from "../../src/cli/io.ts";
import { commands, main } from "../../src/cli/main.ts";
import { terminalExamples, wordsOf } from "./examples.ts";

const examples = await terminalExamples();
const kubecon = { image: "r.example.com/kubecon", image_tag: "2017", memory: "512Mi" };
const manifest = JSON.stringify({
  application: "kubecon-2017",
  maintainer: "dev@example.com",
  containers: { kubecon },
});

async function docc(argv: readonly string[]) {
  const said = { stdout: "", stderr: "" };
  const read = () => Promise.resolve(new TextEncoder().encode(manifest));
  const io: Io = {
    stdout: (text) => {
      said.stdout += text;
    },
    stderr: (text) => {
      said.stderr += text;
    },
    readFile: read,
    stdin: read,
    line: () => Promise.resolve(""),
    writeFile: () => Promise.resolve(),
    folder: () => "shop",
    isTerminal: false,
    onInterrupt: () => () => undefined,
  };
  return { status: await main(argv, io), ...said };
}

describe("the examples of the terminal", () => {
  const before = process.env["KUBECONFIG"];
  beforeAll(() => {
    process.env["KUBECONFIG"] = "/nowhere/config";
  });
  afterAll(() => {
    if (before === undefined) delete process.env["KUBECONFIG"];
    else process.env["KUBECONFIG"] = before;
  });

  it("are those of help and of the pages", () => {
    expect(examples).toContain("validate manifest.json");
    expect(examples).toContain("open kubecon-2017 dashboard");
    expect(examples).toContain(
      'deploy -f manifest.json "tag=$SHA" in=staging --for "$MAIL" --key "$RUN" --wait',
    );
    expect(examples).toContain("completion zsh");
    for (const { name, examples: own } of commands) {
      expect(own.length, name).toBeGreaterThan(0);
      expect(own.length, name).toBeLessThan(4);
      const bare = own.map((each) => each.replace(/ [|>].*$/u, ""));
      expect(examples).toEqual(expect.arrayContaining(bare));
      expect(bare.filter((each) => !each.startsWith(name))).toEqual([]);
    }
    expect(examples).toContain("logs kubecon-2017 since=1h -o json");
  });

  it.each(examples)("docc %s is understood, up to the cluster", async (example) => {
    const { status, stderr } = await docc(wordsOf(example));
    if (status === 0) expect(stderr).toBe("");
    else expect(stderr).toMatch(/^docc: The kubeconfig cannot be read\./u);
  });

  it.each(examples)("docc %s takes no option that it does not know", async (example) => {
    const words = wordsOf(example);
    expect(commands.map(({ name }) => name)).toContain(words[0]);
    expect(await docc([...words, "--no-such-option"])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('There is no option "--no-such-option"') as unknown,
    });
  });
});

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { init } from "../../src/cli/init.ts";
import type { Io } from "../../src/cli/io.ts";
import { main } from "../../src/cli/main.ts";
import { starterJson, starterManifest } from "../../src/manifest/init.ts";
import { say, worldOf } from "../commands/ports.ts";

const { usage } = init;

const root = mkdtempSync(path.join(tmpdir(), "docc-init-"));
afterAll(() => rmSync(root, { recursive: true }));

/** The command line as a process of its own, in a folder. */
function docc(folder: string, ...argv: readonly string[]) {
  const program = path.resolve("src/cli/bin.ts");
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...argv], {
    cwd: folder,
    encoding: "utf8",
    env: { PATH: process.env["PATH"], HOME: root },
  });
  return { status, stdout, stderr };
}

function folderOf(name: string): string {
  const folder = path.join(root, name);
  mkdirSync(folder);
  return folder;
}

const wrote = (file: string) => ({
  status: 0,
  stdout: `Wrote ${file}. Fill in what is still a placeholder, then: docc validate ${file}\n`,
  stderr: "",
});

describe("docc init in a folder", () => {
  it("writes a manifest named after the folder that docc validate takes", () => {
    const folder = folderOf("My Café 2");
    expect(docc(folder, "init")).toEqual(wrote("manifest.yaml"));
    expect(readFileSync(path.join(folder, "manifest.yaml"), "utf8")).toBe(
      starterManifest({ application: "my-cafe-2" }),
    );
    expect(docc(folder, "validate", "manifest.yaml").stdout).toBe("manifest.yaml is valid.\n");
  });

  it("replaces no file unless it is told to, not even a link to nowhere", () => {
    const folder = folderOf("taken");
    const file = path.join(folder, "manifest.yaml");
    writeFileSync(file, "mine");
    const stderr = 'docc: "manifest.yaml" exists already. Add --force to replace it.\n';
    expect(docc(folder, "init")).toEqual({ status: 2, stdout: "", stderr });
    expect(readFileSync(file, "utf8")).toBe("mine");
    expect(docc(folder, "init", "--force")).toEqual(wrote("manifest.yaml"));
    expect(readFileSync(file, "utf8")).toBe(starterManifest({ application: "taken" }));

    symlinkSync("nowhere", path.join(folder, "manifest.json"));
    expect(docc(folder, "init", "--json").status).toBe(2);
  });

  it("says why a file cannot be written", () => {
    const folder = folderOf("strange");
    expect(docc(folder, "init", "-f", "no/such.yaml").stderr).toBe(
      'docc: There is no directory for "no/such.yaml". Make it first.\n',
    );
    expect(docc(folder, "init", "-f", ".", "--force").stderr).toBe(
      'docc: "." is a directory. Name a file in it.\n',
    );
  });

  it("loads the client of Kubernetes for from= alone", () => {
    const folder = folderOf("light");
    const listing = `import { registerHooks } from "node:module";
      registerHooks({ resolve: (name, context, next) => {
        const found = next(name, context);
        process.stderr.write(found.url + "\\n");
        return found;
      } });`;
    const hook = `data:text/javascript,${encodeURIComponent(listing)}`;
    const loaded = (...words: readonly string[]): string => {
      const argv = ["--import", hook, path.resolve("src/cli/bin.ts"), "init", ...words];
      return spawnSync(process.execPath, argv, { cwd: folder, encoding: "utf8" }).stderr;
    };
    expect(loaded()).not.toMatch(/@kubernetes|undici/u);
    expect(loaded("from=web", "--context", "nowhere")).toMatch(/@kubernetes/u);
  });

  it("has no cluster without a kubeconfig", () => {
    const folder = folderOf("alone");
    expect(docc(folder, "init", "from=deployment/web")).toEqual({
      status: 2,
      stdout: "",
      stderr:
        "docc: There is no kubeconfig, so docc knows no cluster. Set KUBECONFIG, or log in to the cluster so that ~/.kube/config is written.\n",
    });
  });
});

/** The command line without a process. */
async function inProcess(argv: readonly string[], refusal?: string, config?: Uint8Array) {
  const said = { stdout: "", stderr: "", file: "", text: "", replaces: false };
  const io: Io = {
    stdout: (text) => {
      said.stdout += text;
    },
    stderr: (text) => {
      said.stderr += text;
    },
    readFile: () =>
      config === undefined ? Promise.reject(new Error("unused")) : Promise.resolve(config),
    stdin: () => Promise.reject(new Error("unused")),
    line: () => Promise.reject(new Error("unused")),
    writeFile: (file, text, replaces) => {
      Object.assign(said, { file, text, replaces });
      return refusal === undefined
        ? Promise.resolve()
        : Promise.reject(Object.assign(new Error("secret"), { code: refusal }));
    },
    folder: () => "shop",
    isTerminal: false,
    onInterrupt: () => () => undefined,
  };
  return { status: await main(argv, io), ...said };
}

describe("docc init", () => {
  const written = async (...words: readonly string[]) => (await inProcess(["init", ...words])).text;
  const image = "registry.example.com:5000/team/a";

  it("fills in what is said", async () => {
    const digest = `sha256:${"a".repeat(64)}`;
    expect(await written("a", `image=${image}:2017`, "port=80", "scheme=tls", "team=x")).toBe(
      starterManifest({ application: "a", image, tag: "2017", port: 80, scheme: "tls", team: "x" }),
    );
    expect(await written(`image=${image}:1@${digest}`, "maintainer=U0123456789", "scale=3")).toBe(
      starterManifest({
        application: "shop",
        image,
        digest,
        maintainer: "U0123456789",
        scale: 3,
        port: null,
      }),
    );
    expect(
      await written("app=web", "port=80", "scheme=http", "hosts=a.example.com, b.example.com"),
    ).toBe(
      starterManifest({
        application: "web",
        port: 80,
        scheme: "http",
        hosts: ["a.example.com", "b.example.com"],
      }),
    );
    expect(await written("memory=", "scale=", "in=staging")).toBe(
      starterManifest({ application: "shop" }),
    );
  });

  it.each([
    `init web image=${image}:1`,
    `init web image=${image}:1 scheme=none`,
    `init web image=${image}:1 port=80 scheme=https hosts=a.example.com,b.example.com`,
    `init web image=${image}@sha256:${"a".repeat(64)} port=80 scheme=http scale=0 memory=1Gi`,
    `init app=web image=${image}:1.10 port=8443 scheme=tls team=payments`,
    `init Web image=${image} port=http scheme=htps hosts=nobody scale=0.5 memory=lots team=-`,
    `init web image=UPPER:1 scheme=https`,
    `init web image=${image}:1 hosts=a.example.com`,
  ])("means by %j what Slack means", async (typed) => {
    const text = `${typed} maintainer=shop@example.com`;
    const { answer } = await say(`${text} write=true`, worldOf());
    const terminal = await inProcess([...text.split(" "), "--json"]);
    const file = answer.snippet?.file?.text;
    const refused = [answer.text, ...(answer.lines ?? [])].join("\n");
    expect({ text: terminal.text, stderr: terminal.stderr }).toEqual(
      file === undefined ? { text: "", stderr: `docc: ${refused}\n` } : { text: file, stderr: "" },
    );
    expect(terminal.status).toBe(file === undefined ? 2 : 0);
  });

  it("judges by the operator's rules where it is given them, but no placeholder", async () => {
    const config = new TextEncoder().encode(
      "environments: { production: { registries: [registry.corp.example.com] } }",
    );
    const judged = (...words: readonly string[]) =>
      inProcess(["init", ...words, "--config", "docc.yaml"], undefined, config);
    expect(await judged("image=docker.io/shop:1")).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^docc: Not written: 1 answer .*\nimage=: /u) as string,
    });
    expect(await judged("scale=3", "in=production")).toMatchObject({ status: 0, stderr: "" });
    expect(await judged("in=nowhere")).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('docc.yaml has no environment "nowhere".') as string,
    });
  });

  it("writes JSON when it is asked to, or the file is called so, and to standard output", async () => {
    const json = starterJson({ application: "shop" });
    expect(await inProcess(["init", "--json"])).toMatchObject({
      file: "manifest.json",
      text: json,
    });
    expect(await inProcess(["init", "-f", "a.JSON"])).toMatchObject({ file: "a.JSON", text: json });
    expect(await inProcess(["init", "--json", "--file=-"])).toMatchObject({
      status: 0,
      file: "",
      stdout: json,
    });
  });

  it.each([
    [["imgae=x"], `init knows no imgae=. Did you mean image=?`],
    [
      ["application=x"],
      `init knows no application=. Write docc init [APP] [key=value ...]; docc init --help explains it.`,
    ],
    [["--from", "web"], 'There is no option "--from". Write from=deployment/NAME.'],
    [
      ["shop", "web"],
      `"web" is one word too many. Write docc init [APP] [key=value ...]; docc init --help explains it.`,
    ],
    [
      ["port=1", "port=2"],
      `port= is given twice. Write docc init [APP] [key=value ...]; docc init --help explains it.`,
    ],
    [
      ["write=true", "shop"],
      "write= stands for the form of Slack, and a terminal writes the file without one.",
    ],
    [
      ["shop", "write"],
      "write= stands for the form of Slack, and a terminal writes the file without one.",
    ],
    [
      ["from=web", "adopt=0123456789ab"],
      "adopt= is of the button Adopt, and taking over is for Slack alone.",
    ],
    [
      ["My Shop"],
      'Not written: 1 answer will not do.\napp=: "My Shop" cannot name an application. Use lower-case letters, digits and hyphens, at most 50, with a letter first and no hyphen last.',
    ],
    [
      ["port=0"],
      "Not written: 1 answer will not do.\nport=: 0 is not a port number. A port is a whole number from 1 to 65535.",
    ],
    [["scheme=htps", "port=1"], "Not written: 1 answer will not do.\nscheme=: Did you mean https?"],
    [
      ["image=UPPER:1"],
      'Not written: 1 answer will not do.\nimage=: "UPPER" is not a repository. Repository names are lower case.',
    ],
    [["-n", "web"], "--namespace belongs to from=. Write docc init from=deployment/NAME."],
    [["--context", "x"], "--context belongs to from=. Write docc init from=deployment/NAME."],
    [
      ["from="],
      `from= is empty. Write docc init [APP] [key=value ...]; docc init --help explains it.`,
    ],
    [
      ["from=statefulset/db"],
      '"statefulset/db" is no Deployment, and docc runs nothing else. Write from=deployment/NAME.',
    ],
    [
      ["from=web", "scale=1"],
      "from= reads that from the cluster: scale= has no place. Write docc init from=deployment/NAME, with maintainer= at most.",
    ],
    [["from=web", "maintainer=@ana"], '"@ana" is no e-mail address and no Slack id.'],
    [["--fiel", "x"], 'There is no option "--fiel". Did you mean --file?'],
    [
      ["--output=json"],
      'There is no option "--output". Write --json for JSON, and -f FILE for where it goes.',
    ],
  ])("refuses %j with 2, and writes nothing", async (words, sentence) => {
    expect(await inProcess(["init", ...words])).toMatchObject({
      status: 2,
      stdout: "",
      stderr: `docc: ${sentence}\n`,
      file: "",
    });
  });

  it.each([
    ["EACCES", '"manifest.yaml" may not be written. Choose another --file.'],
    ["EROFS", '"manifest.yaml" may not be written. Choose another --file.'],
    ["EIO", '"manifest.yaml" cannot be written (EIO).'],
  ])("tells of %s without the system's words", async (code, sentence) => {
    const { status, stderr } = await inProcess(["init"], code);
    expect({ status, stderr }).toEqual({ status: 2, stderr: `docc: ${sentence}\n` });
  });

  it("helps", async () => {
    const { stdout } = await inProcess(["init", "--help"]);
    expect(usage).toMatchInlineSnapshot(
      `"[APP] [image=IMAGE] [port=N] [scheme=none|http|https|tls] [hosts=HOSTS] [scale=N] [memory=SIZE] [maintainer=WHO] [team=TEAM] [in=ENVIRONMENT] | from=deployment/NAME [maintainer=WHO] [in=ENVIRONMENT] [-n NAMESPACE] [--context CONTEXT]; [--json] [-f FILE] [--force] [--config docc.yaml]"`,
    );
    expect(stdout).toContain("\nUsage: docc init [APP] [key=value ...] [options]\n");
    expect((await inProcess(["--help"])).stdout).toContain("  init        Write a first manifest");
  });
});

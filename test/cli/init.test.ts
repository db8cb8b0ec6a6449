import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Io } from "../../src/cli/io.ts";
import { main } from "../../src/cli/main.ts";
import { starterJson, starterManifest } from "../../src/manifest/init.ts";

const root = mkdtempSync(path.join(tmpdir(), "docc-init-"));
afterAll(() => rmSync(root, { recursive: true }));

/** The command line as a process of its own, in a folder. */
function docc(folder: string, ...argv: readonly string[]) {
  const program = path.resolve("src/cli/main.ts");
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
    expect(docc(folder, "init", "-o", "no/such.yaml").stderr).toBe(
      'docc: There is no directory for "no/such.yaml". Make it first.\n',
    );
    expect(docc(folder, "init", "-o", ".", "--force").stderr).toBe(
      'docc: "." is a directory. Name a file in it.\n',
    );
  });

  it("loads the client of Kubernetes for --from alone", () => {
    const folder = folderOf("light");
    const listing = `import { registerHooks } from "node:module";
      registerHooks({ resolve: (name, context, next) => {
        const found = next(name, context);
        process.stderr.write(found.url + "\\n");
        return found;
      } });`;
    const hook = `data:text/javascript,${encodeURIComponent(listing)}`;
    const loaded = (...words: readonly string[]): string => {
      const argv = ["--import", hook, path.resolve("src/cli/main.ts"), "init", ...words];
      return spawnSync(process.execPath, argv, { cwd: folder, encoding: "utf8" }).stderr;
    };
    expect(loaded()).not.toMatch(/@kubernetes|undici|\/manifest\/adopt\/adopt\.ts/u);
    expect(loaded("--from", "web", "--context", "nowhere")).toMatch(/@kubernetes/u);
  });

  it("has no cluster without a kubeconfig", () => {
    const folder = folderOf("alone");
    expect(docc(folder, "init", "--from", "deployment/web")).toEqual({
      status: 2,
      stdout: "",
      stderr:
        "docc: There is no kubeconfig, so docc knows no cluster. Set KUBECONFIG, or log in to the cluster so that ~/.kube/config is written.\n",
    });
  });
});

/** The command line without a process. */
async function inProcess(argv: readonly string[], refusal?: string) {
  const said = { stdout: "", stderr: "", file: "", text: "", replaces: false };
  const io: Io = {
    stdout: (text) => {
      said.stdout += text;
    },
    stderr: (text) => {
      said.stderr += text;
    },
    readFile: () => Promise.reject(new Error("unused")),
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
  it("fills in what is answered", async () => {
    const digest = `sha256:${"a".repeat(64)}`;
    const written = async (...words: readonly string[]) =>
      (await inProcess(["init", ...words])).text;
    const image = "registry.example.com:5000/team/a";
    expect(
      await written("application=a", `image=${image}:2017`, "port=80", "scheme=tls", "team=x"),
    ).toBe(
      starterManifest({ application: "a", image, tag: "2017", port: 80, scheme: "tls", team: "x" }),
    );
    expect(await written(`image=${image}:1@${digest}`, "maintainer=U0123456789")).toBe(
      starterManifest({ application: "shop", image, digest, maintainer: "U0123456789" }),
    );
    expect(await written(`image=${image}@${digest}`, "tag=2")).toBe(
      starterManifest({ application: "shop", image, tag: "2" }),
    );
    expect(await written("--maintainer", "U0123456789", "environments=staging, production")).toBe(
      starterManifest({
        application: "shop",
        maintainer: "U0123456789",
        environments: ["staging", "production"],
      }),
    );
  });

  it("writes JSON when it is asked to, or the file is called so, and to standard output", async () => {
    const json = starterJson({ application: "shop" });
    expect(await inProcess(["init", "--json"])).toMatchObject({
      file: "manifest.json",
      text: json,
    });
    expect(await inProcess(["init", "-o", "a.JSON"])).toMatchObject({ file: "a.JSON", text: json });
    expect(await inProcess(["init", "--json", "--output=-"])).toMatchObject({
      status: 0,
      file: "",
      stdout: json,
    });
  });

  it.each([
    [
      ["aplication=x"],
      '"aplication=" is nothing that docc init asks for. Did you mean application=?',
    ],
    [
      ["colour=x"],
      '"colour=" is nothing that docc init asks for. It takes application=, image=, tag=, digest=, maintainer=, team=, port=, scheme=, environments=.',
    ],
    [["shop"], 'The word "shop" is one too many. Write docc init [key=value...].'],
    [["tag=1", "tag=2"], '"tag=" is given twice.'],
    [["tag=1", "digest=2"], "tag= and digest= both say which image it is. Keep one."],
    [
      ["application=My Shop"],
      '"My Shop" cannot name an application. Use lower-case letters, digits and hyphens, at most 50, with a letter first and no hyphen last.',
    ],
    [["port=0"], "0 is not a port number. A port is a whole number from 1 to 65535."],
    [["scheme=htps"], '"htps" is not a scheme. Did you mean "https"?'],
    [["image=UPPER"], '"UPPER" is not a repository. Repository names are lower case.'],
    [["-n", "web"], "--namespace belongs to --from. Write docc init --from deployment/NAME."],
    [["--config", "x"], "--config belongs to --from. Write docc init --from deployment/NAME."],
    [["--from"], "--from takes a value. Write --from deployment/NAME."],
    [
      ["--from", "statefulset/db"],
      '"statefulset/db" is no Deployment, and docc runs nothing else. Write docc init --from deployment/NAME.',
    ],
    [
      ["--from", "web", "tag=1"],
      'The word "tag=1" is one too many. Write docc init --from deployment/NAME.',
    ],
    [["--from", "web", "--maintainer", "@ana"], '"@ana" is no e-mail address and no Slack id.'],
    [["--outptu", "x"], 'There is no option "--outptu". Did you mean --output?'],
  ])("refuses %j in one sentence, with 2, and writes nothing", async (words, sentence) => {
    expect(await inProcess(["init", ...words])).toMatchObject({
      status: 2,
      stdout: "",
      stderr: `docc: ${sentence}\n`,
      file: "",
    });
  });

  it.each([
    ["EACCES", '"manifest.yaml" may not be written. Choose another --output.'],
    ["EROFS", '"manifest.yaml" may not be written. Choose another --output.'],
    ["EIO", '"manifest.yaml" cannot be written (EIO).'],
  ])("tells of %s without the system's words", async (code, sentence) => {
    const { status, stderr } = await inProcess(["init"], code);
    expect({ status, stderr }).toEqual({ status: 2, stderr: `docc: ${sentence}\n` });
  });

  it("helps", async () => {
    const { stdout } = await inProcess(["init", "--help"]);
    expect(stdout).toMatch(/^docc init \[key=value\.\.\. \| --from deployment\/NAME\]/u);
    for (const line of stdout.split("\n")) {
      expect(line.length).toBeLessThanOrEqual(100);
    }
    expect((await inProcess(["--help"])).stdout).toContain("  init        Write a first manifest");
  });
});

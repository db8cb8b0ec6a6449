import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parseManifest } from "../../src/manifest/parse.ts";
import { defaultPlatform as platform } from "../../src/manifest/platform.ts";
import { renderYaml } from "../../src/manifest/render.ts";
import { translate } from "../../src/manifest/translate.ts";

const folder = mkdtempSync(join(tmpdir(), "docc-cli-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** The command line as a process of its own. */
function docc(argv: readonly string[], input = "") {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["src/cli/bin.ts", ...argv], {
    input,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** The talk's last manifest, saying also what docc would warn of. */
const valid = file(
  "valid.json",
  readFileSync("examples/4-tls.json", "utf8").replace(
    '"image":',
    '"memory": "512Mi", "health": {"path": "/healthz"}, "image":',
  ),
);
const slide = "test/manifest/slides/slide-1-application.txt";

describe("docc validate", () => {
  it("accepts every example", () => {
    const files = readdirSync("examples").map((name) => `examples/${name}`);
    const { status, stdout, stderr } = docc(["validate", ...files]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const verdicts = stdout
      .split("\n")
      .filter((line) => line.startsWith("examples/") && line.includes(" is valid"));
    expect(verdicts).toEqual([
      "examples/1-application.json is valid: 1 warning.",
      "examples/2-service.json is valid: 2 warnings.",
      "examples/3-ingress.json is valid: 2 warnings.",
      "examples/4-tls.json is valid: 2 warnings.",
      "examples/environments.yaml is valid.",
      "examples/tls.yaml is valid.",
      "examples/two-containers.yaml is valid.",
      "examples/web.yaml is valid.",
      "examples/worker.yaml is valid.",
    ]);
  });

  it("shows the missing comma of the slide with a caret, and exits with 1", () => {
    const { status, stdout, stderr } = docc(["validate", slide]);
    expect({ status, stderr }).toEqual({ status: 1, stderr: "" });
    expect(stdout).toContain(`${slide}:3:50: error not-parsable: A comma is missing`);
    expect(stdout.split("\n")[2]).toBe(`    | ${" ".repeat(49)}^`);
    expect(stdout).toContain(`${slide} is not valid: 2 errors.\n`);
  });

  it("reads standard input for -", () => {
    expect(docc(["validate", "-"], readFileSync(valid, "utf8"))).toEqual({
      status: 0,
      stdout: "<stdin> is valid.\n",
      stderr: "",
    });
  });

  it("does not let a file that cannot be read hide the others", () => {
    const { status, stdout, stderr } = docc(["validate", "nowhere.json", slide, "src", valid]);
    expect(status).toBe(2);
    expect(stderr).toBe('docc: There is no file "nowhere.json".\ndocc: "src" is a directory.\n');
    expect(stdout).toContain("A comma is missing");
    expect(stdout).toContain(`${valid} is valid.`);
  });

  it("ends on an endless file, and on one that is too big", () => {
    expect(docc(["validate", "/dev/zero"]).stdout).toContain("error too-big");
    const big = file("big.json", " ".repeat(5_000_000));
    expect(docc(["validate", big]).stdout).toContain("error too-big");
  });
});

describe("docc render", () => {
  it("gives the objects of the manifest as YAML, byte for byte", () => {
    const { manifest } = parseManifest(readFileSync(valid), { platform });
    const stdout = manifest === undefined ? "" : renderYaml(translate(manifest, platform));
    expect(stdout).toContain("\nkind: Deployment\n");
    expect(docc(["render", valid])).toEqual({ status: 0, stdout, stderr: "" });
  });

  it("changes the manifest by words first", () => {
    const { status, stdout, stderr } = docc(["render", valid, "tag=2018", "scale=5"]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toContain("image: registry.corp.example.com/demo/kubecon:2018\n");
    expect(stdout).toContain("replicas: 5\n");
  });

  it("keeps standard output free of findings", () => {
    const warned = docc(["render", valid, "kubecon.tag=latest"]);
    expect(warned.status).toBe(0);
    expect(warned.stdout).toMatch(/^---\n/u);
    expect(warned.stderr).toContain("warning mutable-tag");

    const broken = docc(["render", slide]);
    expect(broken).toMatchObject({ status: 1, stdout: "" });
    expect(broken.stderr).toContain("A comma is missing");
  });
});

describe("docc", () => {
  it("refuses wrong usage in one sentence on standard error, with 2", () => {
    expect(docc(["valdate"])).toEqual({
      status: 2,
      stdout: "",
      stderr: 'docc: There is no command "valdate". Did you mean validate?\n',
    });
  });

  it("helps on standard output", () => {
    const { status, stdout, stderr } = docc(["help"]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toContain("  validate    Check manifests");
  });

  it("says nothing when its reader has gone away", async () => {
    const child = spawn(process.execPath, ["src/cli/bin.ts", "render", valid]);
    child.stdout.destroy();
    const stderr: Buffer[] = [];
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    const status = await new Promise((resolve) => child.on("close", resolve));
    expect({ status, stderr: Buffer.concat(stderr).toString() }).toEqual({ status: 0, stderr: "" });
  });

  it("ends what would go on for ever when its reader has gone away", async () => {
    const program = `import { processIo } from "./src/cli/io.ts";
      const io = processIo();
      const timer = setInterval(() => io.stdout("line\\n"), 20);
      io.onReaderGone(() => {
        clearInterval(timer);
        io.stderr("gone\\n");
      });`;
    const child = spawn(process.execPath, ["--input-type=module", "--eval", program]);
    const stderr: Buffer[] = [];
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    child.stdout.once("data", () => child.stdout.destroy());
    const status = await new Promise((resolve) => child.on("close", resolve));
    expect({ status, stderr: Buffer.concat(stderr).toString() }).toEqual({
      status: 0,
      stderr: "gone\n",
    });
  });

  it("loads neither the Kubernetes client nor Bolt", () => {
    const listing = `import { registerHooks } from "node:module";
      registerHooks({ resolve: (name, context, next) => {
        const found = next(name, context);
        process.stderr.write(found.url + "\\n");
        return found;
      } });`;
    const hook = `data:text/javascript,${encodeURIComponent(listing)}`;
    const argv = ["--import", hook, "src/cli/bin.ts", "validate", valid];
    const { stderr } = spawnSync(process.execPath, argv, { encoding: "utf8" });
    expect(stderr).toContain("/node_modules/yaml/");
    expect(stderr).not.toMatch(/@kubernetes|@slack|undici|pino/u);
  });
});

describe("a Node that is too old", () => {
  it("is told so, and nothing else is done", () => {
    const old = `data:text/javascript,${encodeURIComponent('Object.defineProperty(process.versions, "node", { value: "20.20.2" });')}`;
    const argv = ["--import", old, "src/cli/bin.ts", "validate", valid];
    const { status, stdout, stderr } = spawnSync(process.execPath, argv, { encoding: "utf8" });
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(/^docc: It needs Node\.js 24 or newer, and this is v[0-9.]+\.\n$/u);
  });
});

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { findingCodes } from "../../src/manifest/finding.ts";
import type { Io } from "../../src/cli/io.ts";
import { main } from "../../src/cli/main.ts";

/** The command line without a process: there are only the given files. */
async function docc(argv: readonly string[], files: Readonly<Record<string, string>> = {}) {
  const written = { stdout: "", stderr: "" };
  const read = (name: string): Promise<Uint8Array> => {
    const text = files[name];
    return text === undefined
      ? Promise.reject(Object.assign(new Error("secret"), { code: "ENOENT" }))
      : Promise.resolve(new TextEncoder().encode(text));
  };
  const io: Io = {
    stdout: (text) => {
      written.stdout += text;
    },
    stderr: (text) => {
      written.stderr += text;
    },
    readFile: read,
    stdin: () => read("-"),
    line: () => Promise.reject(new Error("unused")),
    writeFile: () => Promise.reject(new Error("unused")),
    folder: () => "shop",
    isTerminal: false,
    onInterrupt: () => () => undefined,
  };
  return { status: await main(argv, io), ...written };
}

const valid = `application: shop
maintainer: shop@corp.example.com
containers: { web: { image: r.example.com/shop, image_tag: v1, memory: 512Mi } }
`;

describe("docc", () => {
  it.each([
    [["valdate"], 'docc: There is no command "valdate". Did you mean validate?\n'],
    [
      ["publish"],
      'docc: There is no command "publish". The commands are init, validate, render, schema, deploy, update, rollback, restart, delete, approve, reject, cancel, lock, unlock, config, status, list, diff, inspect, logs, events, open, history, show, audit, completion, help.\n',
    ],
    [["validate"], "docc: Say which file to validate. Write docc validate FILE...\n"],
    [["validate", "-", "-"], "docc: Standard input (-) can be read only once.\n"],
    [
      ["validate", "--fromat=json", "x"],
      'docc: There is no option "--fromat". Did you mean --format?\n',
    ],
    [["validate", "-x"], 'docc: There is no option "-x". docc validate --help lists them.\n'],
    [["validate", "x", "--format"], "docc: --format takes text, json, github.\n"],
    [
      ["validate", "x", "--format", "jsn"],
      'docc: --format takes text, json, github, not "jsn". Did you mean json?\n',
    ],
    [["validate", "x", "--format=json", "--format=text"], "docc: --format is given twice.\n"],
    [["validate", "--help=yes"], "docc: --help takes no value.\n"],
    [
      ["validate", "--constructor"],
      'docc: There is no option "--constructor". docc validate --help lists them.\n',
    ],
    [
      ["deploy", "web"],
      "docc: Say where: a terminal does not know the default environment. Write docc deploy web in=ENVIRONMENT.\n",
    ],
    [
      ["deploy"],
      "docc: Say where: a terminal does not know the default environment. Write docc deploy APP in=ENVIRONMENT.\n",
    ],
    [
      ["deploy", "-f", "a.json"],
      "docc: Say where: a terminal does not know the default environment. Write docc deploy in=ENVIRONMENT -f FILE.\n",
    ],
    [
      ["update", "web", "pause"],
      "docc: Say where: a terminal does not know the default environment. Write docc update web pause in=ENVIRONMENT.\n",
    ],
    [
      ["deploy", "web", "in=staging", "wait=10m"],
      "docc: deploy knows no wait=. Write --wait=10m.\n",
    ],
    [["list", "output=json"], "docc: list knows no output=. Write --output json.\n"],
    [["logs", "web", "folow"], 'docc: "folow" is one word too many. Did you mean --follow?\n'],
    [["config", "quiet"], 'docc: "quiet" is one word too many. Write quiet=on.\n'],
    [
      ["config", "mine"],
      'docc: "mine" is one word too many. Write docc config [key=value ...]; docc config --help explains it.\n',
    ],
    [
      ["open", "web", "--app-context", "there"],
      'docc: There is no option "--app-context". docc open --help lists them.\n',
    ],
    [
      ["restart", "web", "\u201cin=staging\u201d", "reason=\u201ca", "b\u201d", "--wait=soon"],
      'docc: --wait takes no "soon". Write --wait, or --wait=10m.\n',
    ],
    [["logs", "web", "lines"], 'docc: "lines" is one word too many. Write lines=N.\n'],
    [
      ["logs", "web", "staging"],
      'docc: "staging" is one word too many. Write docc logs APP [key=value ...]; docc logs --help explains it.\n',
    ],
    [
      ["logs", "web", "--previous"],
      'docc: There is no option "--previous". Write previous=true.\n',
    ],
    [["logs", "web", "--lines=5"], 'docc: There is no option "--lines". Write lines=5.\n'],
    [["logs", "web", "--lnes=5"], 'docc: There is no option "--lnes". Did you mean lines=?\n'],
    [["logs", "web", "--folow"], 'docc: There is no option "--folow". Did you mean --follow?\n'],
    [["deploy", "web", "--tag", "1"], 'docc: There is no option "--tag". Write tag=TEXT.\n'],
    [
      ["init", "-o", "json"],
      'docc: There is no option "-o". Write --json for JSON, and -f FILE for where it goes.\n',
    ],
    [
      ["deploy", "in=staging"],
      "docc: Say what to deploy. Name an application, or give a manifest with -f FILE.\n",
    ],
    [
      ["deploy", "from=staging", "in=production"],
      "docc: from= brings a stored app along, and no manifest. Write docc deploy APP from=ENVIRONMENT in=ENVIRONMENT.\n",
    ],
    [
      ["update", "web", "stop", "in=staging"],
      "docc: state takes pause or resume. Write docc update APP [pause|resume] in=ENVIRONMENT [key=value ...]; docc update --help explains it.\n",
    ],
    [
      ["list", "--app-context", "there"],
      "docc: --app-context names where apps are asked how they do. Add --health.\n",
    ],
    [
      ["show", "web", "as=json", "-o", "yaml"],
      "docc: as=json and -o yaml say two things. Keep one of them.\n",
    ],
    [
      ["logs", "web", "share=0123456789ab"],
      "docc: A log is shared in Slack alone. Write /docc logs there, and press Share.\n",
    ],
    [
      ["logs", "web", "follow=stop"],
      "docc: follow=stop ends what goes on in Slack. Here it is Ctrl-C.\n",
    ],
    [
      ["logs", "web", "-f", "previous=true"],
      "docc: follow= shows what is new: previous= has no place. Leave one of them out.\n",
    ],
    [
      ["logs", "web", "follow=true", "-o", "json"],
      "docc: -o json is one list, and a followed log has no end. Leave out -o.\n",
    ],
    [
      ["config", "notify=phone"],
      'docc: notify= takes no "phone". It takes mention, name, dm, default.\n',
    ],
    [["config", "quiet=onn"], 'docc: quiet= takes no "onn". Did you mean quiet=on?\n'],
    [["completion"], "docc: Say for which shell. Write docc completion bash|zsh|fish.\n"],
    [["completion", "fishh"], 'docc: docc completes nothing in "fishh". Did you mean fish?\n'],
    [
      ["restart", "web", "in=staging", "--for", "somebody"],
      'docc: "somebody" is no e-mail address. Write --for name@example.com.\n',
    ],
    [
      ["restart", "web", "in=staging", "--wait=soon"],
      'docc: --wait takes no "soon". Write --wait, or --wait=10m.\n',
    ],
    [
      ["render"],
      "docc: Say which file to render. Write docc render FILE [key=value ...]; docc render --help explains it.\n",
    ],
    [
      ["render", "a", "b"],
      'docc: The word "b" is one too many. Write docc render FILE [key=value ...]; docc render --help explains it.\n',
    ],
    [
      ["render", "a", "=b"],
      'docc: The word "=b" is one too many. Write docc render FILE [key=value ...]; docc render --help explains it.\n',
    ],
    [["render", "x", "tag=1", "tag=2"], 'docc: "tag=" is given twice.\n'],
    [["render", "nowhere"], 'docc: There is no file "nowhere".\n'],
    [["help", "render", "me"], 'docc: The word "me" is one too many. Write docc help [COMMAND].\n'],
    [["--version", "me"], 'docc: The word "me" is one too many. Write docc COMMAND --help.\n'],
    [["--verson"], 'docc: There is no option "--verson". Did you mean --version?\n'],
  ])("refuses %j in one sentence on standard error, with 2", async (argv, stderr) => {
    await expect(docc(argv)).resolves.toEqual({ status: 2, stdout: "", stderr });
  });

  it("helps on standard output, the same way for every way of asking", async () => {
    const { status, stdout, stderr } = await docc(["help"]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toContain("  validate    Check manifests");
    expect(stdout).toMatch(/^ {2}-n, --namespace NAMESPACE .*docc's own namespace/mu);
    expect(stdout).toMatch(/^ {2}KUBECONFIG /mu);
    for (const line of stdout.split("\n")) expect(line.length, line).toBeLessThanOrEqual(100);
    expect(await docc(["--help"])).toEqual({ status: 0, stdout, stderr: "" });
    expect(await docc([])).toEqual({ status: 0, stdout, stderr: "" });
    expect((await docc(["-h"])).stdout).toBe(stdout);

    const help = (await docc(["help", "render"])).stdout;
    expect(help).toMatch(/^Usage: docc render FILE \[in=ENVIRONMENT\] \[key=value \.\.\.\]/mu);
    expect((await docc(["render", "--help"])).stdout).toBe(help);
    expect((await docc(["render", "x", "y", "-h"])).stdout).toBe(help);
  });

  it("explains every code of a finding", async () => {
    const { stdout } = await docc(["help", "codes"]);
    expect(stdout.split("\n")).toHaveLength(Object.keys(findingCodes).length + 1);
    expect(stdout).toMatch(/^mutable-tag +warning {2}The tag does not name one build\.$/mu);
  });

  it("tells the version of its package", async () => {
    const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
    expect(await docc(["--version"])).toEqual({
      status: 0,
      stdout: `docc ${version}\n`,
      stderr: "",
    });
  });

  it("tells of a file that cannot be read without the system's words", async () => {
    for (const [code, sentence] of [
      ["EACCES", '"x" may not be read.'],
      ["EISDIR", '"x" is a directory.'],
      ["EIO", '"x" cannot be read (EIO).'],
    ]) {
      const io: Io = {
        stdout: () => undefined,
        stderr: (piece) => expect(piece).toBe(`docc: ${sentence}\n`),
        readFile: () => Promise.reject(Object.assign(new Error("secret"), { code })),
        stdin: () => Promise.reject(new Error("unused")),
        line: () => Promise.reject(new Error("unused")),
        writeFile: () => Promise.reject(new Error("unused")),
        folder: () => "shop",
        isTerminal: false,
        onInterrupt: () => () => undefined,
      };
      await expect(main(["validate", "x"], io)).resolves.toBe(2);
    }
  });
});

describe("docc validate", () => {
  const files = {
    "good.yaml": valid,
    "latest.yaml": valid.replace("v1", "latest"),
    "bad.yaml": `${valid}scale: x\nenv: 1\n`,
    "-x.yaml": valid,
  };

  it("gives the findings of all files as one list of JSON", async () => {
    const { status, stdout } = await docc(
      ["validate", "--format", "json", "good.yaml", "latest.yaml", "bad.yaml"],
      files,
    );
    const findings = JSON.parse(stdout) as readonly Record<string, unknown>[];
    expect(status).toBe(1);
    expect(findings[0]).toEqual({
      file: "latest.yaml",
      severity: "warning",
      code: "mutable-tag",
      message: 'The tag "latest" can mean another image at every start of a pod.',
      path: "containers.web.image_tag",
      line: 3,
      column: 60,
      hint: "Name one build, so that a rollback finds it again.",
    });
    expect(findings.slice(1).map((each) => [each["file"], each["code"], each["line"]])).toEqual([
      ["bad.yaml", "wrong-type", 4],
      ["bad.yaml", "unknown-key", 5],
    ]);
  });

  it("gives an empty list of JSON where there is nothing to say", async () => {
    const { status, stdout } = await docc(["validate", "--format", "json", "good.yaml"], files);
    expect({ status, stdout }).toEqual({ status: 0, stdout: "[]\n" });
  });

  it("counts warnings, and exits with 0 for them", async () => {
    const { status, stdout } = await docc(["validate", "latest.yaml"], files);
    expect(status).toBe(0);
    expect(stdout).toContain("latest.yaml is valid: 1 warning.\n");
  });

  it("gives annotations for GitHub Actions", async () => {
    const { status, stdout } = await docc(["validate", "bad.yaml", "--format=github"], files);
    expect(status).toBe(1);
    expect(stdout.split("\n").map((line) => line.split("::")[1] ?? "")).toEqual([
      "error file=bad.yaml,line=4,col=8,title=docc wrong-type",
      "error file=bad.yaml,line=5,col=1,title=docc unknown-key",
      "",
    ]);
  });

  it("takes a file whose name starts with a hyphen after --", async () => {
    expect((await docc(["validate", "--", "-x.yaml"], files)).stdout).toBe("-x.yaml is valid.\n");
  });
});

describe("docc render in words", () => {
  it("keeps the places of findings that the words did not cause", async () => {
    const latest = valid.replace("v1", "latest");
    const { stderr } = await docc(["render", "shop.yaml", "scale=2"], {
      "shop.yaml": latest,
    });
    expect(stderr).toContain("shop.yaml:3:60: warning mutable-tag");
  });
});

describe("docc schema", () => {
  it("prints the schema that lies in the repository", async () => {
    const { status, stdout } = await docc(["schema"]);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual(JSON.parse(readFileSync("manifest.schema.json", "utf8")));
  });

  it("takes no words", async () => {
    expect(await docc(["schema", "manifest.yaml"])).toEqual({
      status: 2,
      stdout: "",
      stderr: "docc: docc schema takes no words. Write docc schema > manifest.schema.json.\n",
    });
  });
});

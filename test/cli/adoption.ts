import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { Io } from "../../src/cli/io.ts";
import { main } from "../../src/cli/main.ts";
import { adopt } from "../../src/manifest/adopt/adopt.ts";
import { adoptionLines } from "../../src/manifest/adopt/text.ts";
import { parseManifest } from "../../src/manifest/parse.ts";
import { defaultPlatform } from "../../src/manifest/platform.ts";
import { belonging, deployment, neighbours } from "../manifest/adopt/wild.ts";

/** A cluster, and a namespace in it, that objects can be put into. */
export interface Place {
  readonly kubeconfigPath: string;
  readonly namespace: string;
  /** As people do it: `kubectl apply -f -`. */
  readonly apply: (objects: readonly object[]) => Promise<void>;
}

/** Runs `docc` in this process; no file is written, but where it writes to is told. */
export async function docc(argv: readonly string[]) {
  const said = { stdout: "", stderr: "", file: "", text: "" };
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
    writeFile: (file, text) => {
      Object.assign(said, { file, text });
      return Promise.resolve();
    },
    folder: () => "shop",
    isTerminal: false,
    onInterrupt: () => () => undefined,
  };
  return { status: await main(argv, io), ...said };
}

/** Sets the user's kubeconfig for the tests of a suite. */
export function useKubeconfig(fileOf: () => Promise<string>): void {
  const before = process.env["KUBECONFIG"];
  beforeAll(async () => {
    process.env["KUBECONFIG"] = await fileOf();
  });
  afterAll(() => {
    if (before === undefined) {
      delete process.env["KUBECONFIG"];
    } else {
      process.env["KUBECONFIG"] = before;
    }
  });
}

/** Writes kubeconfigs into a folder that is removed at the end of the suite. */
export function kubeconfigs(): (text: string) => Promise<string> {
  let folder: string | undefined;
  afterAll(async () => {
    if (folder !== undefined) await rm(folder, { recursive: true });
  });
  return async (text) => {
    folder ??= await mkdtemp(path.join(tmpdir(), "docc-adopt-"));
    const file = path.join(folder, "config");
    await writeFile(file, text);
    return file;
  };
}

/** `docc init from=` against one cluster. */
export function adoptionSuite(openPlace: () => Promise<Place>): void {
  describe("docc init from=", () => {
    let place: Place;
    useKubeconfig(async () => {
      place = await openPlace();
      await place.apply([...belonging, ...neighbours, deployment]);
      return place.kubeconfigPath;
    });
    const maintainer = "team@corp.example.com";
    const from = (...words: readonly string[]) =>
      docc(["init", "--namespace", place.namespace, `maintainer=${maintainer}`, ...words]);

    it("writes what runs as a manifest, and tells what that does not say", async () => {
      const { status, stdout, stderr, file, text } = await from("from=deployment/web");
      expect({ status, file }).toEqual({ status: 0, file: "manifest.yaml" });
      expect(stdout).toBe(
        "Wrote manifest.yaml. Fill in what is still a placeholder, then: docc validate manifest.yaml\n",
      );
      const platform = { ...defaultPlatform, namespace: place.namespace };
      const { manifest, findings } = parseManifest(text, { platform });
      expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
      expect(manifest?.maintainer).toEqual([maintainer]);

      // What the API server adds makes no difference.
      const applied = adopt(deployment, belonging, { platform, maintainer });
      expect(parse(text)).toEqual(applied.manifest);
      const lines = adoptionLines(applied);
      expect(stderr.trimEnd().split("\n").toSorted()).toEqual(lines.toSorted());
      for (const line of stderr.trimEnd().split("\n")) {
        expect(text).toContain(`# ${line}\n`);
      }
    });

    it("writes JSON, which has no comments, and to standard output", async () => {
      const json = await from("from=deploy/web", "--json");
      expect(json.file).toBe("manifest.json");
      expect(JSON.parse(json.text)).toMatchObject({ application: "web" });
      const yaml = await from("from=web", "-f", "-");
      expect(yaml).toMatchObject({ status: 0, file: "" });
      expect(parse(yaml.stdout)).toMatchObject({ application: "web" });
    });

    it("says which Deployment was probably meant", async () => {
      expect(await from("from=deployment/wbe")).toMatchObject({
        status: 2,
        stderr: `docc: There is no Deployment "wbe" in the namespace "${place.namespace}". Did you mean "web"?\n`,
      });
      const elsewhere = await docc(["init", "from=web", "-n", "nowhere"]);
      expect(elsewhere).toMatchObject({
        status: 2,
        stderr:
          'docc: There is no Deployment "web" in the namespace "nowhere". The namespace has none at all: is it another one, -n?\n',
      });
    });

    it("tells of a context that is not there", async () => {
      expect(await from("from=web", "--context", "nowhere")).toMatchObject({
        status: 2,
        stderr:
          "docc: The kubeconfig has no such context, or no current one. `kubectl config get-contexts` lists them.\n",
      });
    });
  });
}
